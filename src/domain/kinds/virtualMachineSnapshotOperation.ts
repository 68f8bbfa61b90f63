import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineSnapshotOperationConditions } from './conditions/virtualMachineSnapshotOperation';

export const virtualMachineSnapshotOperation: Kind = {
  id: 'VirtualMachineSnapshotOperation',
  name: 'VirtualMachineSnapshotOperation',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinesnapshotoperations',
  shortNames: ['vmsop'],
  namespaced: true,
  title: text('Snapshot operations'),
  icon: 'history',
  references: [
    { path: 'spec.virtualMachineSnapshotName', to: 'VirtualMachineSnapshot' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Completed: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: virtualMachineSnapshotOperationConditions,
};
