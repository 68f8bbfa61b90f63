import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Feed } from '../../../src/cluster/feed';
import { Transcript } from '../../../src/cluster/transcript';
import { TestClock } from './testClock';

const kib = 1024;

/** A feed whose reader collects what it was given. */
function begun(limitBytes = 2048 * kib) {
  const clock = new TestClock();
  const transcript = new Transcript(limitBytes);
  const reader = { shown: Buffer.alloc(0), open: [] as number[], restarts: 0 };
  const source = { isPaused: false, pause: () => { source.isPaused = true; }, resume: () => { source.isPaused = false; } };
  const feed = new Feed({
    clock, transcript, source,
    send: (bytes) => {
      reader.shown = Buffer.concat([reader.shown, bytes]);
      reader.open.push(bytes.length);
    },
    restart: (bytes) => {
      reader.restarts++;
      reader.shown = Buffer.from(bytes);
      reader.open.push(bytes.length);
    },
  });
  feed.begin();
  feed.consumed(reader.open.splice(0).reduce((sum, size) => sum + size, 0));
  const work = () => {
    const size = reader.open.shift();
    if (size !== undefined) {
      feed.consumed(size);
    }
    return size !== undefined;
  };
  const workAll = () => {
    for (let isMore = true; isMore;) {
      isMore = work();
    }
  };
  return { clock, transcript, reader, source, feed, work, workAll };
}

const lines = (sizeBytes: number) => Buffer.alloc(sizeBytes, '0123456789abcde\n');

test('what is typed is shown at once, while nothing else is under way', () => {
  const { feed, reader } = begun();
  feed.append(Buffer.from('a'));
  feed.append(Buffer.from('b'));
  assert.equal(reader.shown.toString(), 'ab');
});

test('F26: the source is paused while the reader is behind, goes on as it catches up, and every byte arrives', () => {
  const { feed, reader, source, clock, workAll } = begun();
  let sent = 0;
  while (!source.isPaused) {
    feed.append(lines(10 * kib));
    sent += 10 * kib;
    assert.ok(sent < 8192 * kib, 'never paused');
  }
  assert.ok(reader.shown.length <= 5120 * kib, `under way: ${reader.shown.length}`);
  assert.equal(clock.pending, 1);
  workAll();
  assert.deepEqual([source.isPaused, clock.pending], [false, 0]);
  assert.equal(Buffer.compare(reader.shown, lines(sent)), 0);
});

test('F26: much comes in few messages', () => {
  const { feed, reader, work } = begun();
  for (let piece = 0; piece < 100; piece++) {
    feed.append(lines(4 * kib));
  }
  let messages = reader.open.length;
  while (work()) {
    messages += reader.open.length > 0 ? 1 : 0;
  }
  assert.equal(reader.shown.length, 400 * kib);
  assert.ok(reader.open.length === 0 && messages < 60, String(messages));
});

test('F30: a panel that is hidden gets nothing and holds nobody back; when it is seen again it catches up', () => {
  const { feed, reader, source, work, workAll } = begun();
  feed.append(lines(16));
  work();
  feed.isLooking = false;
  for (let piece = 0; piece < 80; piece++) {
    feed.append(lines(10 * kib));
  }
  assert.deepEqual([reader.shown.length, source.isPaused], [16, false]);
  feed.isLooking = true;
  workAll();
  assert.equal(Buffer.compare(reader.shown, lines(16 + 800 * kib)), 0);
  assert.equal(reader.restarts, 1);
});

test('F30: hidden for longer than is kept, it begins anew with what is kept', () => {
  const { feed, reader, source, transcript, workAll } = begun();
  feed.isLooking = false;
  for (let piece = 0; piece < 1000; piece++) {
    feed.append(lines(10 * kib));
  }
  assert.equal(source.isPaused, false);
  feed.isLooking = true;
  workAll();
  assert.equal(reader.restarts, 2);
  assert.equal(Buffer.compare(reader.shown, transcript.replay()), 0);
});

test('a reader that stopped reading does not hold the machine for ever; it catches up when it reads again', () => {
  const { feed, reader, source, clock, workAll } = begun();
  while (!source.isPaused) {
    feed.append(lines(10 * kib));
  }
  clock.advance(9_999);
  assert.equal(source.isPaused, true);
  clock.advance(1);
  assert.equal(source.isPaused, false);
  const before = reader.shown.length;
  for (let piece = 0; piece < 300; piece++) {
    feed.append(lines(10 * kib));
  }
  assert.equal(reader.shown.length, before);
  workAll();
  assert.ok(reader.shown.subarray(-kib).equals(lines(kib)));
});

test('disposed, it waits for nobody', () => {
  const { feed, source, clock } = begun();
  while (!source.isPaused) {
    feed.append(lines(10 * kib));
  }
  feed.dispose();
  assert.equal(clock.pending, 0);
});
