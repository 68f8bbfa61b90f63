import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineOperation: Kind = {
  id: 'VirtualMachineOperation',
  name: 'VirtualMachineOperation',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineoperations',
  shortNames: ['vmop'],
  namespaced: true,
  title: 'Operations',
  icon: 'play-circle',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Completed: 'ok', Failed: 'failed', Terminating: 'busy', Superseded: 'off' },
  conditions: {},
};
