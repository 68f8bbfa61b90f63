import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineIPAddressLease: Kind = {
  id: 'VirtualMachineIPAddressLease',
  name: 'VirtualMachineIPAddressLease',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineipaddressleases',
  shortNames: ['vmipl', 'vmiplease'],
  namespaced: false,
  title: 'IP address leases',
  icon: 'globe',
  references: [],
  operations: ['object.delete'],
  phases: { Bound: 'ok', Released: 'off' },
  conditions: {},
};
