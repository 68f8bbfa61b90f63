import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineIPAddressLeaseConditions } from './conditions/virtualMachineIPAddressLease';

export const virtualMachineIPAddressLease: Kind = {
  id: 'VirtualMachineIPAddressLease',
  name: 'VirtualMachineIPAddressLease',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineipaddressleases',
  shortNames: ['vmipl', 'vmiplease'],
  namespaced: false,
  title: text('IP address leases'),
  icon: 'globe',
  references: [
    { path: 'spec.virtualMachineIPAddressRef.name', to: 'VirtualMachineIPAddress', namespaceField: 'namespace' },
  ],
  operations: ['object.delete'],
  phases: { Bound: 'ok', Released: 'off' },
  conditions: virtualMachineIPAddressLeaseConditions,
};
