import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ageOf, formatDuration } from '../../../src/domain/age';

describe('ages', () => {
  const spans = [[0, '0 s'], [-5, '0 s'], [59, '59 s'], [60, '1 min'], [90, '1 min'], [119, '1 min'], [120, '2 min'], [6 * 60, '6 min'], [119 * 60, '119 min'], [120 * 60, '2 h'], [47 * 3600, '47 h'], [3 * 86400, '3 d'], [800 * 86400, '2 y']] as const;
  for (const [seconds, text] of spans) {
    it(`${seconds} s reads "${text}"`, () => assert.equal(formatDuration(seconds * 1000), text));
  }

  it('are not known without a readable time', () => {
    assert.equal(ageOf(undefined, 0), undefined);
    assert.equal(ageOf('yesterday', 0), undefined);
    assert.equal(ageOf('1970-01-01T00:00:00Z', 12_000), '12 s');
  });
});
