import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineSnapshotConditions } from './conditions/virtualMachineSnapshot';

export const virtualMachineSnapshot: Kind = {
  id: 'VirtualMachineSnapshot',
  name: 'VirtualMachineSnapshot',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinesnapshots',
  shortNames: ['vmsnapshot', 'vms'],
  namespaced: true,
  title: text('Machine snapshots'),
  icon: 'device-camera',
  references: [
    { path: 'spec.virtualMachineName', to: 'VirtualMachine' },
    { path: 'status.virtualDiskSnapshotNames[]', to: 'VirtualDiskSnapshot' },
    { path: 'status.virtualMachineSnapshotSecretName', to: 'Secret' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: virtualMachineSnapshotConditions,
};
