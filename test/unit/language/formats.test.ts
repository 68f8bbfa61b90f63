import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matchesPattern } from '../../../src/language/formats';
import { kindSchemas } from './kinds';

/** An engine that tries every way takes some 2^40 steps for this; a linear one some 10^5. */
const tooMuch = `${'a'.repeat(50_000)}!`;

/** Generous for a busy machine, and years below what backtracking takes. */
const limitMs = 5_000;

/** How long it takes; the answer is checked by `check`. */
function timed(check: () => void): number {
  const startMs = performance.now();
  check();
  return performance.now() - startMs;
}

for (const pattern of ['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^(([a-z])+.)+[A-Z]([a-z])+$', '(x+x+)+y']) {
  test(`F42: the pattern ${pattern} of a CRD takes bounded time on input made to hang it`, () => {
    assert.ok(timed(() => assert.equal(matchesPattern(pattern, tooMuch), false)) < limitMs);
  });
}

test('F42: every pattern of the platform\'s own schemas takes bounded time on long input', () => {
  const patterns = new Set([...kindSchemas('1.10').values(), ...kindSchemas('0.17').values()].flatMap(patternsIn));
  assert.ok(patterns.size > 5, 'the schemas have patterns');
  for (const pattern of patterns) {
    assert.ok(timed(() => [tooMuch, `http://${tooMuch}`, '1.'.repeat(20_000), `${'a-'.repeat(20_000)}_`].forEach((text) => matchesPattern(pattern, text))) < limitMs, pattern);
  }
});

test('F42: patterns mean what they mean to the API server, not to JavaScript', () => {
  assert.equal(matchesPattern('^\\pL+$', 'Жук'), true);
  assert.equal(matchesPattern('(?i)^ABC\\z', 'abc'), true);
  assert.equal(matchesPattern('^abc$', 'abc\n'), false);
  // Looking ahead and referring back are not part of RE2: such a pattern matches nothing.
  assert.equal(matchesPattern('^(?=a)a$', 'a'), false);
  assert.equal(matchesPattern('^(a)\\1$', 'aa'), false);
});

function patternsIn(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  return Object.entries(schema).flatMap(([key, value]) => (key === 'pattern' && typeof value === 'string' ? [value] : patternsIn(value)));
}
