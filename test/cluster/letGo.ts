import type { Duplex } from 'node:stream';

/** How long the last bytes may take on their way, and the other side to close. */
const lingerMs = 10_000;

/**
 * Ends a connection and closes it when the other side closes too. Closed earlier, what the other side still says would make
 * the operating system throw away what it has yet to send there.
 */
export function letGo(connection: Duplex): void {
  if (!connection.destroyed) {
    const timer = setTimeout(() => connection.destroy(), lingerMs);
    connection.once('close', () => clearTimeout(timer)).unpipe().resume().end();
  }
}

/** Passes bytes on between two connections until either ends; one that breaks breaks the other. */
export function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  endTogether(one, other);
}

/** As `join`, for connections whose bytes somebody else passes on. */
export function endTogether(one: Duplex, other: Duplex): void {
  for (const [first, second] of [[one, other], [other, one]] as const) {
    first.on('error', () => second.destroy()).once('end', () => letGo(second)).once('close', () => {
      if (!first.readableEnded) {
        second.destroy();
      }
    });
  }
}
