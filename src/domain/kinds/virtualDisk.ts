import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualDiskConditions } from './conditions/virtualDisk';

export const virtualDisk: Kind = {
  id: 'VirtualDisk',
  name: 'VirtualDisk',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualdisks',
  shortNames: ['vd'],
  namespaced: true,
  title: text('Disks'),
  icon: 'database',
  references: [
    { path: 'spec.dataSource.objectRef.name', to: { field: 'kind', kinds: ['ClusterVirtualImage', 'VirtualImage', 'VirtualDiskSnapshot'] } },
    { path: 'spec.dataSource.containerImage.imagePullSecret.name', to: 'Secret' },
    { path: 'spec.persistentVolumeClaim.storageClassName', to: 'StorageClass' },
    { path: 'status.storageClassName', to: 'StorageClass' },
    { path: 'status.target.persistentVolumeClaimName', to: 'PersistentVolumeClaim' },
    { path: 'status.attachedToVirtualMachines[].name', to: 'VirtualMachine' },
    { path: 'metadata.ownerReferences[].name', to: { field: 'kind', kinds: ['VirtualMachinePool'] } },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'warning', WaitForFirstConsumer: 'off', Ready: 'ok', Resizing: 'busy', Migrating: 'busy', Exporting: 'busy', Failed: 'failed', PVCLost: 'failed', Terminating: 'busy' },
  conditions: virtualDiskConditions,
};
