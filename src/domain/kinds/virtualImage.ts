import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { imageConditions } from './conditions/image';

export const virtualImage: Kind = {
  id: 'VirtualImage',
  name: 'VirtualImage',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualimages',
  shortNames: ['vi'],
  namespaced: true,
  title: text('Images'),
  icon: 'file-media',
  references: [
    { path: 'spec.dataSource.objectRef.name', to: { field: 'kind', kinds: ['ClusterVirtualImage', 'VirtualImage', 'VirtualDisk', 'VirtualDiskSnapshot'] } },
    { path: 'spec.dataSource.containerImage.imagePullSecret.name', to: 'Secret' },
    { path: 'spec.persistentVolumeClaim.storageClassName', to: 'StorageClass' },
    { path: 'status.storageClassName', to: 'StorageClass' },
    { path: 'status.target.persistentVolumeClaimName', to: 'PersistentVolumeClaim' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'warning', Ready: 'ok', Failed: 'failed', ImageLost: 'failed', PVCLost: 'failed', Terminating: 'busy' },
  conditions: imageConditions,
};
