import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Flow } from '../../../src/base/flow';

const kib = 1024;

test('F26: a sender is paused above 512 KiB and goes on below 128 KiB', () => {
  const calls: string[] = [];
  const flow = new Flow({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  flow.sent(512 * kib);
  assert.deepEqual(calls, []);
  flow.sent(1);
  flow.sent(100 * kib);
  assert.deepEqual(calls, ['pause']);
  flow.consumed(484 * kib);
  assert.deepEqual(calls, ['pause']);
  flow.consumed(kib);
  assert.deepEqual(calls, ['pause', 'resume']);
});

test('a receiver that begins anew owes nothing', () => {
  const calls: string[] = [];
  const flow = new Flow({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  flow.sent(600 * kib);
  flow.reset();
  flow.sent(512 * kib);
  flow.consumed(5000 * kib);
  assert.deepEqual(calls, ['pause', 'resume']);
});
