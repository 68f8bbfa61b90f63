import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineBlockDeviceAttachmentConditions: Readonly<Record<string, ConditionHelp>> = {
  BlockDeviceReady: {
    good: 'True',
    meaning: text('The disk or image to attach can be used.'),
    reasons: {
      BlockDeviceReady: { meaning: text('The disk or image can be used.') },
      BlockDeviceNotReady: { meaning: text('The disk or image is missing, not ready, or being deleted.'), next: text('Look at it. If it is being deleted, delete this attachment so that it can go.'), brief: text('device is not ready'), health: 'warning' },
    },
  },
  VirtualMachineReady: {
    good: 'True',
    meaning: text('The machine can take the device.'),
    reasons: {
      VirtualMachineReady: { meaning: text('The machine runs and can take the device.') },
      NotAttached: { meaning: text('The machine is not running; the device is attached when it runs.'), next: text('Start the machine.'), brief: text('machine is not running'), health: 'off' },
      VirtualMachineNotReady: { meaning: text('The machine does not exist or is not running.'), next: text('Check the name of the machine, or start it.'), brief: text('machine is not ready'), health: 'off' },
    },
  },
  Attached: {
    good: 'True',
    meaning: text('The machine has the device.'),
    reasons: {
      Attached: { meaning: text('The machine has the device.') },
      NotAttached: { meaning: text('The device is not attached: it or the machine is not ready.'), brief: text('not attached') },
      AttachmentRequestSent: { meaning: text('The device is being attached.'), brief: text('being attached') },
      Conflict: { meaning: text('The machine names the disk in its specification already.'), next: text('Delete this attachment, or remove the disk from "blockDeviceRefs".'), brief: text('already in the machine'), health: 'failed' },
      DeviceNotAvailableOnNode: { meaning: text('The device cannot be reached from the node of the machine.'), next: text('Migrate the machine to a node that reaches it.'), brief: text('node cannot reach it'), health: 'warning' },
    },
  },
  DiskAttachmentCapacityAvailableType: {
    good: 'True',
    meaning: text('The machine has room for one more device.'),
    reasons: {
      CapacityAvailable: { meaning: text('The machine has room for one more device.') },
      CapacityReached: { meaning: text('The machine has the 16 devices that are possible.'), next: text('Detach another device.'), brief: text('no room for devices'), health: 'warning' },
      CapacityUnknown: { meaning: text('Nobody counts the devices while the attachment is being deleted.') },
    },
  },
  Terminating: {
    good: 'absent',
    meaning: text('The attachment is being deleted.'),
    reasons: { DetachPending: { meaning: text('The device is being detached.') } },
  },
};
