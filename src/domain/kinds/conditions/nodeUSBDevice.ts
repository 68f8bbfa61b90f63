import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { usbDeviceConditions } from './usbDevice';

export const nodeUSBDeviceConditions: Readonly<Record<string, ConditionHelp>> = {
  ...usbDeviceConditions,
  Assigned: {
    good: 'any',
    meaning: text('Whether a namespace may use the device.'),
    reasons: {
      Assigned: { meaning: text('A namespace may use the device.') },
      Available: { meaning: text('No namespace may use the device yet.') },
      InProgress: { meaning: text('The device is being handed to its namespace.') },
    },
  },
};
