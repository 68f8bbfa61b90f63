import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualDiskSnapshot: Kind = {
  id: 'VirtualDiskSnapshot',
  name: 'VirtualDiskSnapshot',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualdisksnapshots',
  shortNames: ['vdsnapshot', 'vds'],
  namespaced: true,
  title: 'Disk snapshots',
  icon: 'device-camera',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: {},
};
