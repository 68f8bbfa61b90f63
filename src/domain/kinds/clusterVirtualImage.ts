import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const clusterVirtualImage: Kind = {
  id: 'ClusterVirtualImage',
  name: 'ClusterVirtualImage',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'clustervirtualimages',
  shortNames: ['cvi'],
  namespaced: false,
  title: 'Cluster images',
  icon: 'file-media',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy', ImageLost: 'failed' },
  conditions: {},
};
