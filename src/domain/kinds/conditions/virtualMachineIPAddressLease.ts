import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineIPAddressLeaseConditions: Readonly<Record<string, ConditionHelp>> = {
  Bound: {
    good: 'any',
    meaning: text('Whether an address object holds the reservation.'),
    reasons: {
      Bound: { meaning: text('An address object holds the reservation.') },
      Released: { meaning: text('The reservation was released. Its namespace can take it back; it goes away after ten minutes.') },
    },
  },
};
