import type { Duplex } from 'node:stream';
import type { StartTransfer } from './transfer';

/**
 * What runs in a machine. Its life is the layer below's; this is what can be connected to while it runs. Every stream it
 * hands out is destroyed when the guest is gone or has moved to another node.
 */
export interface Guest {
  readonly kind: 'simulated' | 'qemu';
  /** The serial port, bytes both ways. One user at a time is the caller's care. */
  serial(): Duplex;
  /** The screen as a raw RFB stream; absent: it has none. */
  readonly screen?: () => Duplex;
  /**
   * A connection to a port inside: a stream, or one datagram per chunk. Absent: it has no network. A stream that can only
   * tell later whether somebody listens has `connecting` set, as a `Socket` has, until `connect` or `error`.
   * Throws an error that says why where nobody listens.
   */
  readonly connect?: (port: number, protocol: Protocol) => Duplex;
  /** Moves it to another node; absent: the move is only played. */
  readonly transfer?: StartTransfer;
}

export type Protocol = 'tcp' | 'udp';
