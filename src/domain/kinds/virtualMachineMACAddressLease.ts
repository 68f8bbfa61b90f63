import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineMACAddressLease: Kind = {
  id: 'VirtualMachineMACAddressLease',
  name: 'VirtualMachineMACAddressLease',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinemacaddressleases',
  shortNames: ['vmmacl', 'vmmaclease'],
  namespaced: false,
  title: 'MAC address leases',
  icon: 'radio-tower',
  references: [],
  operations: ['object.delete'],
  phases: { Bound: 'ok' },
  conditions: {},
};
