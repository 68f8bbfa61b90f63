let last: Promise<void> = Promise.resolve();

/**
 * Resolves in a turn of the event loop that nobody else gets. Large pieces of work that come at the same time, as the pages of
 * several long lists do, thus let timers and input in between.
 */
export function ownTurn(): Promise<void> {
  return last = last.then(() => new Promise((resolve) => {
    setImmediate(resolve);
  }));
}
