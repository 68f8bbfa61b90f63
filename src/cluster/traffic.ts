import type { Problem } from '../domain/problem';

/** What a forward has done so far. */
export interface Traffic {
  /** Open now. */
  readonly connections: number;
  /** Since the beginning, with those that were refused. */
  readonly total: number;
  /** Bytes to the machine. */
  readonly sent: number;
  /** Bytes from the machine. */
  readonly received: number;
  /** Of the connection that failed last. */
  readonly failure?: { readonly problem: Problem; readonly atMs: number };
}

/** What `PortForward` and its kinds of sockets count in. */
export class Tally {
  connections = 0;
  total = 0;
  sent = 0;
  received = 0;
  failure: Traffic['failure'];
}

/** More at a time is a program that has gone wild, or a port scan. */
export const mostConnections = 1000;
