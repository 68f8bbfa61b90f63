/**
 * Looks again and again until there is something, and gives it: for what nothing announces. At most a minute, because two busy cores are slow.
 * `what` says in an error what was awaited, or what was there instead. @throws Error when it never came
 */
export async function until<T>(look: () => T | Promise<T>, what: string | (() => string), limitMs = 60_000, pauseMs = 10): Promise<Found<T>> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found) {
      return found as Found<T>;
    }
    if (Date.now() > endMs) {
      throw new Error(`Waited in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => { setTimeout(resolve, pauseMs); });
  }
}

type Found<T> = Exclude<T, undefined | null | false | 0 | ''>;
