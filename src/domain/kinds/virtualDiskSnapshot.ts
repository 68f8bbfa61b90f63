import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualDiskSnapshotConditions } from './conditions/virtualDiskSnapshot';

export const virtualDiskSnapshot: Kind = {
  id: 'VirtualDiskSnapshot',
  name: 'VirtualDiskSnapshot',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualdisksnapshots',
  shortNames: ['vdsnapshot', 'vds'],
  namespaced: true,
  title: text('Disk snapshots'),
  icon: 'device-camera',
  references: [
    { path: 'spec.virtualDiskName', to: 'VirtualDisk' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: virtualDiskSnapshotConditions,
};
