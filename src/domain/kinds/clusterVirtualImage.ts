import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { imageConditions } from './conditions/image';

export const clusterVirtualImage: Kind = {
  id: 'ClusterVirtualImage',
  name: 'ClusterVirtualImage',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'clustervirtualimages',
  shortNames: ['cvi'],
  namespaced: false,
  title: text('Cluster images'),
  icon: 'file-media',
  references: [
    { path: 'spec.dataSource.objectRef.name', to: { field: 'kind', kinds: ['ClusterVirtualImage', 'VirtualImage', 'VirtualDisk', 'VirtualDiskSnapshot'] }, namespaceField: 'namespace' },
    { path: 'spec.dataSource.containerImage.imagePullSecret.name', to: 'Secret', namespaceField: 'namespace' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'warning', Ready: 'ok', Failed: 'failed', ImageLost: 'failed', Terminating: 'busy' },
  conditions: imageConditions,
};
