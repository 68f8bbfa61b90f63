import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { startRecording } from '../../../src/cluster/recording';
import type { RecordingFile, RecordingOptions } from '../../../src/cluster/recording';
import { parseCast } from '../../../src/domain/asciicast';
import { TestClock } from './testClock';

let folder = '';
beforeEach(async () => { folder = await mkdtemp(path.join(tmpdir(), 'dvp-recording-')); });
afterEach(() => rm(folder, { recursive: true, force: true }));

function begin(more: Partial<RecordingOptions> = {}) {
  const clock = new TestClock();
  const failures: string[] = [];
  const file = path.join(folder, 'web-01.cast');
  return { clock, file, failures, started: startRecording({ file, columns: 80, rows: 24, title: 'web-01', hasInput: false, clock, onFailed: (reason) => failures.push(reason), ...more }) };
}

const eventsOf = async (file: string) => {
  const cast = parseCast(await readFile(file, 'utf8'));
  assert.ok(!('problem' in cast));
  return cast.events;
};

test('F28: what is shown is recorded with its times, sizes and gaps; characters cut in two are whole', async () => {
  const { clock, file, started, failures } = begin();
  const recording = await started;
  const bytes = Buffer.from('Привет\r\n');
  recording.output(bytes.subarray(0, 3));
  clock.advance(1500);
  recording.output(bytes.subarray(3));
  recording.resize(100, 30);
  recording.mark('lost');
  await recording.stop();
  assert.deepEqual(await eventsOf(file), [[0, 'o', 'П'], [1.5, 'o', 'ривет\r\n'], [1.5, 'r', '100x30'], [1.5, 'm', 'lost']]);
  assert.deepEqual(failures, []);
});

test('F28: what is typed is recorded only when asked', async () => {
  for (const hasInput of [false, true]) {
    const { file, started } = begin({ hasInput });
    const recording = await started;
    recording.input('secret\r');
    await recording.stop();
    assert.deepEqual(await eventsOf(file), hasInput ? [[0, 'i', 'secret\r']] : []);
  }
});

test('F28: the file is for its owner only, also one that was there before', { skip: process.platform === 'win32' && 'Windows has no file modes' }, async () => {
  const { file, started } = begin();
  await (await started).stop();
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  await writeFile(file, 'x'.repeat(10_000));
  await chmod(file, 0o666);
  await (await begin().started).stop();
  assert.equal((await stat(file)).mode & 0o777, 0o600);
  assert.deepEqual(await eventsOf(file), []);
});

/** A file on a disk with room for so many bytes. */
function onSmallDisk(roomBytes: number): { readonly content: () => string; readonly isClosed: () => boolean; readonly openFile: () => Promise<RecordingFile> } {
  let content = Buffer.alloc(0);
  let isClosed = false;
  const file: RecordingFile = {
    write: (bytes, offset, length, position) => {
      const room = Math.min(length, roomBytes - position);
      if (room <= 0) {
        return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      }
      content = Buffer.concat([content.subarray(0, position), bytes.subarray(offset, offset + room)]);
      return Promise.resolve({ bytesWritten: room });
    },
    chmod: () => Promise.resolve(),
    truncate: (length) => {
      content = content.subarray(0, length);
      return Promise.resolve();
    },
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
  return { content: () => content.toString(), isClosed: () => isClosed, openFile: () => Promise.resolve(file) };
}

test('F28: a full disk ends the recording with the reason, and leaves whole lines', async () => {
  const disk = onSmallDisk(1000);
  const { started, failures } = begin({ openFile: disk.openFile });
  const recording = await started;
  for (let line = 0; line < 100; line++) {
    recording.output(Buffer.from(`line ${line}\r\n`));
    await new Promise(setImmediate);
  }
  await recording.stop();
  assert.deepEqual([failures, disk.isClosed()], [['The disk is full. Make room or record elsewhere.'], true]);
  const cast = parseCast(disk.content());
  assert.ok(!('problem' in cast) && cast.events.length > 10 && disk.content().endsWith('\n'));
});

test('F28: the same with a device that is full', { skip: process.platform !== 'linux' && 'only Linux has /dev/full' }, async () => {
  const { open } = await import('node:fs/promises');
  const { started, failures } = begin({ openFile: async () => Object.assign(await open('/dev/full', 'w'), { chmod: () => Promise.resolve() }) });
  const recording = await started;
  recording.output(Buffer.from('x'));
  await recording.stop();
  assert.deepEqual(failures, ['The disk is full. Make room or record elsewhere.']);
});

test('a disk that hangs ends the recording instead of filling the memory', async () => {
  const disk = onSmallDisk(0);
  const { started, failures } = begin({ openFile: async () => ({ ...await disk.openFile(), write: () => new Promise(() => undefined) }) });
  const recording = await started;
  for (let piece = 0; piece < 70 && failures.length === 0; piece++) {
    recording.output(Buffer.alloc(2 ** 20, 'x'));
    await new Promise(setImmediate);
  }
  assert.deepEqual(failures, ['The disk is too slow for this recording.']);
});

test('a place that cannot be written to is told before anything is recorded', async () => {
  await assert.rejects(begin({ file: path.join(folder, 'missing', 'x.cast') }).started, /ENOENT/);
});
