import type { PortTraffic } from '../domain/portRow';

/** What a forward and its sockets count in. */
export class Tally {
  connections = 0;
  total = 0;
  sent = 0;
  received = 0;
  failure: PortTraffic['failure'];

  /** A connection came through, so whatever was wrong is over. */
  succeeded(): void {
    if (this.failure) {
      this.failure = { ...this.failure, isPast: true };
    }
  }
}

/** More at a time is a program that has gone wild, or a port scan. */
export const mostConnections = 1000;
