import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineSnapshotOperation: Kind = {
  id: 'VirtualMachineSnapshotOperation',
  name: 'VirtualMachineSnapshotOperation',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinesnapshotoperations',
  shortNames: ['vmsop'],
  namespaced: true,
  title: 'Snapshot operations',
  icon: 'history',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Completed: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: {},
};
