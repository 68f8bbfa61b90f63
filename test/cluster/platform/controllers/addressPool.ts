import type { Known } from '../known';

/** Where automatic addresses come from: the embedded cluster's range 10.66.0.0/16, as in the module's settings. */
const first = 10;
const last = 65_000;

let next = first;

/** An address without a lease. The search goes on where the last one ended, so that it does not grow with the cluster. */
export function freeAddress(known: Known): string {
  for (let tried = first; tried <= last; tried++) {
    const n = next;
    next = next >= last ? first : next + 1;
    const name = `ip-10-66-${(n >> 8) & 255}-${n & 255}`;
    if ((n & 255) !== 0 && (n & 255) !== 255 && !known.get('VirtualMachineIPAddressLease', name)) {
      return `10.66.${(n >> 8) & 255}.${n & 255}`;
    }
  }
  throw new Error('No address is free in 10.66.0.0/16.');
}
