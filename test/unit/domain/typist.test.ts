import assert from 'node:assert/strict';
import { test } from 'node:test';
import { strokesOf } from '../../../src/domain/keyboardLayout';
import { keyMs, Typist } from '../../../src/domain/typist';
import { TestClock } from '../cluster/testClock';

function started(text: string) {
  const clock = new TestClock();
  const log: string[] = [];
  const typist = new Typist({
    clock, press: ({ code }, isDown) => log.push(`${isDown ? '+' : '-'}${code}`),
    onProgress: (typed, total) => log.push(`${typed}/${total}`), onEnd: (typed, total) => log.push(`end ${typed}/${total}`),
  });
  typist.type(strokesOf(text, { layout: 'us' }).strokes);
  return { clock, log, typist, step: (count: number) => { for (let index = 0; index < count; index++) { clock.advance(keyMs); } } };
}

test('keys go down and up one after the other, modifiers around them, each with its own time', () => {
  const { clock, log, step, typist } = started('Ab');
  assert.deepEqual(log, []);
  step(1);
  assert.deepEqual(log, ['+ShiftLeft']);
  step(6);
  assert.deepEqual(log, ['+ShiftLeft', '+KeyA', '-KeyA', '-ShiftLeft', '1/2', '+KeyB', '-KeyB', '2/2', 'end 2/2']);
  assert.deepEqual([typist.isTyping, clock.pending], [false, 0]);
});

test('stopping lets go of what is held, and types no more', () => {
  const { clock, log, step, typist } = started('Ab');
  step(2);
  typist.stop();
  assert.deepEqual(log, ['+ShiftLeft', '+KeyA', '-KeyA', '-ShiftLeft', 'end 0/2']);
  typist.stop();
  step(5);
  assert.deepEqual([log.length, clock.pending], [5, 0]);
});

test('nothing to type ends at once', () => {
  const { log, step } = started('');
  step(1);
  assert.deepEqual(log, ['end 0/0']);
});
