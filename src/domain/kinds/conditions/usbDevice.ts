import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

/** Conditions of USB devices of a namespace; those of nodes share the first. */
export const usbDeviceConditions: Readonly<Record<string, ConditionHelp>> = {
  Ready: {
    good: 'True',
    meaning: text('The device is plugged in and can be used.'),
    reasons: {
      Ready: { meaning: text('The device is plugged in and can be used.') },
      NotReady: { meaning: text('The device cannot be used now.'), next: text('Check the device on its node.'), brief: text('not usable now'), health: 'warning' },
      NotFound: { meaning: text('The device is no longer plugged in.'), next: text('Plug it in again, or delete the object.'), brief: text('not plugged in'), health: 'warning' },
    },
  },
  Attached: {
    good: 'any',
    meaning: text('Whether a machine uses the device.'),
    reasons: {
      AttachedToVirtualMachine: { meaning: text('A machine uses the device.') },
      Available: { meaning: text('No machine uses the device.') },
      DetachedForMigration: { meaning: text('The device is detached while its machine moves.') },
      NoFreeUSBIPPort: { meaning: text('The node has no free port to pass the device on.'), next: text('Detach another USB device on that node.'), brief: text('no free USB port'), health: 'warning' },
    },
  },
};
