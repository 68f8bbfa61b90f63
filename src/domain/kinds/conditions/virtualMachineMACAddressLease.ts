import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineMACAddressLeaseConditions: Readonly<Record<string, ConditionHelp>> = {
  Bound: {
    good: 'any',
    meaning: text('Whether a MAC address object holds the reservation.'),
    reasons: {
      Bound: { meaning: text('A MAC address object holds the reservation.') },
      Unknown: { meaning: text('The reservation is going away with its MAC address object.') },
    },
  },
};
