import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { castHeader, castLine, durationOf, parseCast, sizeIn } from '../../../src/domain/asciicast';
import type { CastEvent } from '../../../src/domain/asciicast';

const header = castHeader({ columns: 80, rows: 24, startMs: 1_767_225_600_500, title: 'web-01' });

test('F28: the header names version, size, time and title', () => {
  assert.deepEqual(JSON.parse(header), { version: 2, width: 80, height: 24, timestamp: 1_767_225_600, title: 'web-01', env: { TERM: 'xterm-256color' } });
});

test('F28: whatever is recorded is read again as it was', () => {
  const event = fc.tuple(fc.integer({ min: 0, max: 10 ** 9 }).map((us) => us / 10 ** 6), fc.constantFrom('o', 'i', 'm', 'r'), fc.string({ unit: 'binary' }));
  fc.assert(fc.property(fc.array(event), (raw) => {
    const events = (raw as CastEvent[]).toSorted(([a], [b]) => a - b);
    assert.deepEqual(parseCast(header + events.map(castLine).join('')), { columns: 80, rows: 24, title: 'web-01', events });
  }), { numRuns: 30 });
});

test('F28: a file that was cut off is played up to there', () => {
  const cast = parseCast(`${header}[0.5, "o", "a"]\n[1.5, "x", "not known"]\n[2, "o", "b`);
  assert.ok(!('problem' in cast));
  assert.deepEqual([cast.events, durationOf(cast)], [[[0.5, 'o', 'a']], 0.5]);
});

test('what is no recording says why', () => {
  for (const [text, pattern] of [
    ['', /no header/], ['hello', /no header/], ['[1,2]', /no header/], ['{"version":3,"term":{}}', /version 3/], ['{"version":2}', /size/],
    ['{"version":2,"width":80,"height":1e9}', /size/], [`${header}rubbish\n[1, "o", "a"]\n`, /Line 2/],
  ] as const) {
    const cast = parseCast(text);
    assert.match('problem' in cast ? cast.problem : '', pattern, text);
  }
});

test('sizes are read, others refused', () => {
  assert.deepEqual([sizeIn('80x24'), sizeIn('0x5'), sizeIn('80x99999'), sizeIn('a')], [{ columns: 80, rows: 24 }, undefined, undefined, undefined]);
});
