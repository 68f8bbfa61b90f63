import type { Context } from '../controller';

/** Where automatic addresses come from: the embedded cluster's range 10.66.0.0/16, as in the module's settings. */
export const firstAddress = 10;
const last = 65_000;

/** An address without a lease. The search goes on where the last one ended, so that it does not grow with the cluster. */
export function freeAddress({ known, memory }: Context): string {
  for (let tried = firstAddress; tried <= last; tried++) {
    const n = memory.nextAddress;
    memory.nextAddress = n >= last ? firstAddress : n + 1;
    const [high, low] = [(n >> 8) & 255, n & 255];
    if (low !== 0 && low !== 255 && !known.get('VirtualMachineIPAddressLease', `ip-10-66-${high}-${low}`)) {
      return `10.66.${high}.${low}`;
    }
  }
  throw new Error('No address is free in 10.66.0.0/16.');
}
