import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const nodeUSBDevice: Kind = {
  id: 'NodeUSBDevice',
  name: 'NodeUSBDevice',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'nodeusbdevices',
  shortNames: ['nusb'],
  namespaced: false,
  title: 'Node USB devices',
  icon: 'plug',
  references: [],
  operations: ['object.delete'],
  phases: {},
  conditions: {},
};
