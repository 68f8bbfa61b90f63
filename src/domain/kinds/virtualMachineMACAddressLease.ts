import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineMACAddressLeaseConditions } from './conditions/virtualMachineMACAddressLease';

export const virtualMachineMACAddressLease: Kind = {
  id: 'VirtualMachineMACAddressLease',
  name: 'VirtualMachineMACAddressLease',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinemacaddressleases',
  shortNames: ['vmmacl', 'vmmaclease'],
  namespaced: false,
  title: text('MAC address leases'),
  icon: 'radio-tower',
  references: [
    { path: 'spec.virtualMachineMACAddressRef.name', to: 'VirtualMachineMACAddress', namespaceField: 'namespace' },
  ],
  operations: ['object.delete'],
  phases: { Bound: 'ok' },
  conditions: virtualMachineMACAddressLeaseConditions,
};
