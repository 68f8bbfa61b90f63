import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualImage: Kind = {
  id: 'VirtualImage',
  name: 'VirtualImage',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualimages',
  shortNames: ['vi'],
  namespaced: true,
  title: 'Images',
  icon: 'file-media',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Provisioning: 'busy', WaitForUserUpload: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy', ImageLost: 'failed', PVCLost: 'failed' },
  conditions: {},
};
