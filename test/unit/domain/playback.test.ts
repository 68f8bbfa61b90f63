import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Playback } from '../../../src/domain/playback';
import { TestClock } from '../cluster/testClock';

function loaded() {
  const clock = new TestClock();
  const shown = { text: '', size: '' };
  const screen = {
    reset: () => { shown.text = ''; },
    write: (text: string) => { shown.text += text; },
    resize: (columns: number, rows: number) => { shown.size = `${columns}x${rows}`; },
  };
  const cast = { columns: 80, rows: 24, events: [[1, 'o', 'a'], [2, 'i', 'typed'], [2, 'o', 'b'], [3, 'r', '100x30'], [4, 'm', 'here'], [10, 'o', 'c']] } as const;
  return { clock, shown, playback: new Playback(cast, screen, clock) };
}

test('F28: a recording plays at its own pace and stops at its end', () => {
  const { clock, shown, playback } = loaded();
  playback.play();
  clock.advance(999);
  assert.equal(shown.text, '');
  clock.advance(1);
  assert.deepEqual([shown.text, playback.positionS], ['a', 1]);
  clock.advance(1500);
  assert.deepEqual([shown.text, playback.positionS], ['ab', 2.5]);
  clock.advance(60_000);
  assert.deepEqual([shown, playback.isPlaying, playback.positionS, clock.pending], [{ text: 'abc', size: '100x30' }, false, 10, 0]);
  playback.play();
  assert.deepEqual([shown.text, playback.positionS], ['', 0]);
});

test('F28: pausing, going on, speed', () => {
  const { clock, shown, playback } = loaded();
  playback.speed = 2;
  playback.play();
  clock.advance(750);
  playback.pause();
  clock.advance(60_000);
  assert.deepEqual([shown.text, playback.positionS, clock.pending], ['a', 1.5, 0]);
  playback.play();
  playback.speed = 0.5;
  clock.advance(1000);
  assert.equal(shown.text, 'ab');
});

test('F28: seeking shows what was on the screen then, in either direction', () => {
  const { clock, shown, playback } = loaded();
  playback.seek(5);
  assert.deepEqual([shown, playback.positionS, playback.isPlaying], [{ text: 'ab', size: '100x30' }, 5, false]);
  playback.play();
  playback.seek(1.5);
  assert.deepEqual([shown, playback.isPlaying], [{ text: 'a', size: '80x24' }, true]);
  clock.advance(500);
  assert.equal(shown.text, 'ab');
  playback.seek(99);
  assert.deepEqual([shown.text, playback.positionS], ['abc', 10]);
  playback.dispose();
  assert.equal(clock.pending, 0);
});

test('an empty recording has an end at once', () => {
  const playback = new Playback({ columns: 80, rows: 24, events: [] }, { reset: () => undefined, write: () => undefined, resize: () => undefined }, new TestClock());
  playback.play();
  assert.deepEqual([playback.isPlaying, playback.durationS], [false, 0]);
});
