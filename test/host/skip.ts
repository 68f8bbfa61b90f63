/** Why tests were skipped, by full title; mocha itself has no place for it. */
export const skipReasons = new Map<string, string>();

/** Skips the test that is running and says why: `skip(this, 'The clipboard is not available here.')`. */
export function skip(context: Mocha.Context, reason: string): never {
  skipReasons.set(context.test?.fullTitle() ?? '', reason);
  return context.skip();
}
