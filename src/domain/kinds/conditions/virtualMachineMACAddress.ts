import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineMACAddressConditions: Readonly<Record<string, ConditionHelp>> = {
  Bound: {
    good: 'True',
    meaning: text('The hardware address is reserved.'),
    reasons: {
      Bound: { meaning: text('The hardware address is reserved.') },
      VirtualMachineMACAddressLeaseAlreadyExists: { meaning: text('Somebody else has reserved the hardware address.'), next: text('Choose another one.'), brief: text('MAC address is taken'), health: 'warning' },
      VirtualMachineMACAddressLeaseLost: { meaning: text('The reservation is gone, or another object has the same hardware address.'), next: text('Choose another hardware address, or create the object again.'), brief: text('taken or lost'), health: 'warning' },
      VirtualMachineMACAddressLeaseNotFound: { meaning: text('There is no reservation of the hardware address yet.'), brief: text('not reserved yet') },
      VirtualMachineMACAddressLeaseNotReady: { meaning: text('The reservation is being made.'), brief: text('reservation is not ready') },
    },
  },
  Attached: {
    good: 'any',
    meaning: text('Whether a machine uses the hardware address.'),
    reasons: {
      Attached: { meaning: text('A machine uses the hardware address.') },
      VirtualMachineNotFound: { meaning: text('No machine uses the hardware address.') },
    },
  },
};
