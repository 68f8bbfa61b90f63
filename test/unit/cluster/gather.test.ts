import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Gather } from '../../../src/cluster/gather';

const kib = 1024;

/** What was handed on, and what lets the oldest of it arrive. */
function gathering() {
  const sent: Uint8Array[] = [];
  const arrivals: (() => void)[] = [];
  const gather = new Gather((bytes) => {
    sent.push(bytes);
    return new Promise<void>((resolve) => arrivals.push(resolve));
  });
  const arrive = async () => {
    arrivals.shift()?.();
    await new Promise((resolve) => { setImmediate(resolve); });
  };
  return { gather, sent, arrive, sizes: () => sent.map(({ length }) => length) };
}

test('little goes at once', () => {
  const { gather, sizes } = gathering();
  gather.push(new Uint8Array(10));
  gather.push(new Uint8Array(20));
  assert.deepEqual(sizes(), [10, 20]);
});

test('what comes while much is under way goes together when that has arrived, in order and once', async () => {
  const { gather, sent, arrive, sizes } = gathering();
  gather.push(new Uint8Array(64 * kib).fill(1));
  for (let piece = 2; piece < 6; piece++) {
    gather.push(new Uint8Array(16 * kib).fill(piece));
  }
  assert.deepEqual(sizes(), [64 * kib]);
  await arrive();
  assert.deepEqual(sizes(), [64 * kib, 64 * kib]);
  assert.deepEqual([0, 16, 32, 48].map((at) => sent[1]?.[at * kib]), [2, 3, 4, 5]);
  await arrive();
  assert.equal(sent.length, 2);
});

test('a panel that is gone holds nothing up', async () => {
  const sent: number[] = [];
  const gather = new Gather((bytes) => {
    sent.push(bytes.length);
    return Promise.reject(new Error('Disposed'));
  });
  gather.push(new Uint8Array(100 * kib));
  gather.push(new Uint8Array(1));
  await new Promise((resolve) => { setImmediate(resolve); });
  assert.deepEqual(sent, [100 * kib, 1]);
});

test('what waits can be asked for, and is its own', () => {
  const { gather, sent } = gathering();
  const pool = Buffer.alloc(200 * kib);
  gather.push(pool.subarray(0, 100 * kib));
  gather.push(pool.subarray(100 * kib, 100 * kib + 3));
  gather.flush();
  gather.flush();
  assert.deepEqual(sent.map(({ buffer }) => buffer.byteLength), [100 * kib, 3]);
});
