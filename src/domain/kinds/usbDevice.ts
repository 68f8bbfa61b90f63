import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { usbDeviceConditions } from './conditions/usbDevice';

export const usbDevice: Kind = {
  id: 'USBDevice',
  name: 'USBDevice',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'usbdevices',
  shortNames: ['usb'],
  namespaced: true,
  title: text('USB devices'),
  icon: 'plug',
  references: [
    { path: 'status.nodeName', to: 'Node' },
  ],
  operations: ['object.delete'],
  phases: {},
  conditions: usbDeviceConditions,
};
