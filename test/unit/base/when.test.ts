import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../../../src/base/event';
import { when } from '../../../src/base/when';

function emitter(): Emitter<void> {
  return new Emitter<void>((error) => {
    throw error;
  });
}

test('resolves at once with what is there already', async () => {
  const changes = emitter();
  assert.equal(await when(changes.event, () => 7, new AbortController().signal), 7);
  assert.equal(changes.hasListeners, false);
});

test('looks again after every event and stops listening at the end', async () => {
  const changes = emitter();
  const known: string[] = [];
  const waiting = when(changes.event, () => known[0], new AbortController().signal);
  changes.fire();
  known.push('here');
  changes.fire();
  assert.equal(await waiting, 'here');
  assert.equal(changes.hasListeners, false);
});

test('an abort before or meanwhile rejects with its reason and stops listening', async () => {
  for (const isBefore of [true, false]) {
    const changes = emitter();
    const abort = new AbortController();
    const reason = new Error('enough');
    if (isBefore) {
      abort.abort(reason);
    }
    const waiting = when(changes.event, () => undefined, abort.signal);
    abort.abort(reason);
    await assert.rejects(waiting, reason);
    assert.equal(changes.hasListeners, false);
  }
});

test('what the look throws rejects and stops listening', async () => {
  const changes = emitter();
  const broken = new Error('broken');
  await assert.rejects(when(changes.event, () => { throw broken; }, new AbortController().signal), broken);
  assert.equal(changes.hasListeners, false);
});
