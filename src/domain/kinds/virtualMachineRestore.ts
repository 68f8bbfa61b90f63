import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineRestoreConditions } from './conditions/virtualMachineRestore';

export const virtualMachineRestore: Kind = {
  id: 'VirtualMachineRestore',
  name: 'VirtualMachineRestore',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinerestores',
  shortNames: ['vmrestore', 'vmrestores'],
  namespaced: true,
  title: text('Restores'),
  icon: 'history',
  references: [
    { path: 'spec.virtualMachineSnapshotName', to: 'VirtualMachineSnapshot' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: virtualMachineRestoreConditions,
};
