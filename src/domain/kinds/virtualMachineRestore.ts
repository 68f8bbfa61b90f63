import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineRestore: Kind = {
  id: 'VirtualMachineRestore',
  name: 'VirtualMachineRestore',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinerestores',
  shortNames: ['vmrestore', 'vmrestores'],
  namespaced: true,
  title: 'Restores',
  icon: 'history',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: {},
};
