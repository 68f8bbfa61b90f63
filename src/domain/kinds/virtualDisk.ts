import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualDisk: Kind = {
  id: 'VirtualDisk',
  name: 'VirtualDisk',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualdisks',
  shortNames: ['vd'],
  namespaced: true,
  title: 'Disks',
  icon: 'database',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'busy', WaitForFirstConsumer: 'off', Ready: 'ok', Resizing: 'busy', Failed: 'failed', PVCLost: 'failed', Exporting: 'busy', Terminating: 'busy', Migrating: 'busy' },
  conditions: {},
};
