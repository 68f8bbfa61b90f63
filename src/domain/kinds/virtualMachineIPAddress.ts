import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineIPAddress: Kind = {
  id: 'VirtualMachineIPAddress',
  name: 'VirtualMachineIPAddress',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineipaddresses',
  shortNames: ['vmip'],
  namespaced: true,
  title: 'IP addresses',
  icon: 'globe',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Bound: 'ok', Attached: 'ok' },
  conditions: {},
};
