import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineOperationConditions } from './conditions/virtualMachineOperation';

export const virtualMachineOperation: Kind = {
  id: 'VirtualMachineOperation',
  name: 'VirtualMachineOperation',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineoperations',
  shortNames: ['vmop'],
  namespaced: true,
  title: text('Operations'),
  icon: 'play-circle',
  references: [
    { path: 'spec.virtualMachineName', to: 'VirtualMachine' },
    { path: 'spec.restore.virtualMachineSnapshotName', to: 'VirtualMachineSnapshot' },
  ],
  operations: ['vmop.cancel', 'object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Completed: 'ok', Failed: 'failed', Terminating: 'busy', Superseded: 'off' },
  conditions: virtualMachineOperationConditions,
};
