import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const usbDevice: Kind = {
  id: 'USBDevice',
  name: 'USBDevice',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'usbdevices',
  shortNames: ['usb'],
  namespaced: true,
  title: 'USB devices',
  icon: 'plug',
  references: [],
  operations: ['object.delete'],
  phases: {},
  conditions: {},
};
