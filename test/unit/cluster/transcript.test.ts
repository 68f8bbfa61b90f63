import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { TerminalModes } from '../../../src/cluster/terminalModes';
import { Transcript, transcriptBytes } from '../../../src/cluster/transcript';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const text = (data: Uint8Array) => Buffer.from(data).toString('latin1');
const block = 64 * 1024;

test('a transcript keeps every byte at its position, whatever the pieces it came in', () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 3 * block }), { maxLength: 8 }), fc.integer({ min: 0, max: 10 * block }), (sizes, at) => {
    const transcript = new Transcript(100 * block);
    const all = Buffer.alloc(sizes.reduce((sum, size) => sum + size, 0), 'abcdefg');
    let done = 0;
    for (const size of sizes) {
      transcript.append(all.subarray(done, done + size));
      done += size;
    }
    assert.equal(transcript.end, all.length);
    assert.equal(Buffer.compare(transcript.read(at, new Uint8Array(block)), all.subarray(at, at + block)), 0);
    assert.equal(Buffer.compare(transcript.replay(), all), 0);
  }), { numRuns: 50 });
});

test('above its limit it drops the oldest and begins with a whole line', () => {
  const transcript = new Transcript(2 * block);
  for (let line = 0; line < 20_000; line++) {
    transcript.append(bytes(`line ${line} ${'.'.repeat(20)}\r\n`));
  }
  const shown = text(transcript.replay());
  assert.ok(shown.length >= block && shown.length <= 3 * block, String(shown.length));
  assert.match(shown, /^line \d+ \.{20}\r\n/);
  assert.match(shown, /line 19999 \.+\r\n$/);
  assert.ok(transcript.start > 0);
});

test('what was dropped leaves its modes: alternate screen, bracketed paste, hidden cursor', () => {
  const transcript = new Transcript(block);
  transcript.append(bytes('\x1b[?1049h\x1b[?2004h\x1b[?25l\n'));
  transcript.append(Buffer.alloc(4 * block, 'x\n'));
  assert.match(text(transcript.replay()), /^\x1b\[\?1049h\x1b\[\?2004h\x1b\[\?25lx/);
});

test('after clearing nothing of before comes back but its modes', () => {
  const transcript = new Transcript(10 * block);
  transcript.append(bytes('\x1b[?2004hsecret\n'));
  transcript.clear();
  transcript.append(bytes('$ '));
  assert.equal(text(transcript.replay()), '\x1b[?2004h$ ');
  assert.equal(text(transcript.read(0, new Uint8Array(100))), '$ ');
});

test('modes are read across pieces cut anywhere, the last change wins, a reset ends all', () => {
  const stream = 'a\x1b[?1;2004hb\x1b[31mc\x1b[?1l\x1b]0;title\x07';
  for (let at = 0; at <= stream.length; at++) {
    const modes = new TerminalModes();
    modes.scan(bytes(stream.slice(0, at)));
    modes.scan(bytes(stream.slice(at)));
    assert.equal(modes.restore(), '\x1b[?2004h\x1b[?1l', `cut at ${at}`);
  }
  for (const reset of ['\x1bc', '\x1b[!p']) {
    const modes = new TerminalModes();
    modes.scan(bytes(`${stream}${reset}`));
    assert.equal(modes.restore(), '');
  }
});

test('a sequence that never ends is not kept for ever', () => {
  const modes = new TerminalModes();
  for (let piece = 0; piece < 1000; piece++) {
    modes.scan(bytes(piece === 0 ? '\x1b[?' : '1;'.repeat(100)));
  }
  modes.scan(bytes('\x1b[?25l'));
  assert.equal(modes.restore(), '\x1b[?25l');
});

test('the scrollback setting bounds what is kept', () => {
  assert.deepEqual([0, 1000, 10_000, 10 ** 9].map(transcriptBytes), [2 ** 21, 2 ** 21, 5_120_000, 32 * 2 ** 20]);
});
