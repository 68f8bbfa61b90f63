import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineIPAddressConditions: Readonly<Record<string, ConditionHelp>> = {
  Bound: {
    good: 'True',
    meaning: text('The address is reserved.'),
    reasons: {
      Bound: { meaning: text('The address is reserved for this namespace.') },
      VirtualMachineIPAddressIsOutOfTheValidRange: { meaning: text('The address is in none of the ranges of the platform.'), next: text('Choose an address inside the ranges.'), brief: text('outside the ranges'), health: 'warning' },
      VirtualMachineIPAddressLeaseAlreadyExists: { meaning: text('Somebody else has reserved the address.'), next: text('Choose another address.'), brief: text('address is taken'), health: 'warning' },
      VirtualMachineIPAddressLeaseLost: { meaning: text('The reservation of the address is gone.'), next: text('Delete the address object and create it again.'), brief: text('reservation is lost'), health: 'failed' },
      VirtualMachineIPAddressLeaseNotFound: { meaning: text('There is no reservation of the address yet.'), brief: text('not reserved yet') },
      VirtualMachineIPAddressLeaseNotReady: { meaning: text('The reservation is being made, or another namespace still has it.'), next: text('If another namespace has it: a released address is free again after ten minutes.'), brief: text('reservation is not ready') },
    },
  },
  Attached: {
    good: 'any',
    meaning: text('Whether a machine uses the address.'),
    reasons: {
      Attached: { meaning: text('A machine uses the address.') },
      VirtualMachineNotFound: { meaning: text('No machine uses the address.') },
    },
  },
};
