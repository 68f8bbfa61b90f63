import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { nodeUSBDeviceConditions } from './conditions/nodeUSBDevice';

export const nodeUSBDevice: Kind = {
  id: 'NodeUSBDevice',
  name: 'NodeUSBDevice',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'nodeusbdevices',
  shortNames: ['nusb'],
  namespaced: false,
  title: text('Node USB devices'),
  icon: 'plug',
  references: [
    { path: 'spec.assignedNamespace', to: 'Namespace' },
    { path: 'status.nodeName', to: 'Node' },
  ],
  operations: ['object.delete'],
  phases: {},
  conditions: nodeUSBDeviceConditions,
};
