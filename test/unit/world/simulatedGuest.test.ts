import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { constants, deflateSync } from 'node:zlib';
import { describe, test } from 'node:test';
import { SimulatedGuest } from '../../cluster/platform/lower/simulatedGuest';
import { Viewer, type ViewerOptions } from '../../contract/platform/streamsViewer';
import { TestClock } from '../cluster/testClock';

const guestAt = (clock = new TestClock(), onPower?: (what: string) => void) => new SimulatedGuest({ name: 'web', clock, ...(onPower ? { onPower } : {}) });

/** Everything that was read so far. */
function reading(stream: Duplex): { text: () => string; until: (part: string) => Promise<void> } {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const text = () => Buffer.concat(chunks).toString('utf8');
  return {
    text,
    until: async (part) => {
      while (!text().includes(part)) {
        await once(stream, 'data');
      }
    },
  };
}

function view(guest: SimulatedGuest, options: Omit<ViewerOptions, 'send'> = {}): { viewer: Viewer; stream: Duplex; shows: (text: string) => Promise<void> } {
  const stream = guest.screen();
  const viewer = new Viewer({ ...options, send: (bytes) => stream.write(bytes) });
  stream.on('data', (bytes: Buffer) => viewer.take(bytes));
  return {
    viewer, stream,
    shows: async (text) => {
      while (!viewer.text.includes(text)) {
        await once(stream, 'data');
      }
    },
  };
}

const logIn = 'root\rsecret\r';

describe('a simulated guest', () => {
  test('the serial port stays as it was left, and its lines are lost while nobody reads', async () => {
    const clock = new TestClock();
    const guest = guestAt(clock);
    const first = guest.serial();
    const before = reading(first);
    await before.until('web login: ');
    assert.match(before.text(), /simulated guest/);
    first.write(`${logIn}tick 100\r`);
    clock.advance(100);
    await before.until('tick 1\r\n');
    first.destroy();
    await once(first, 'close');
    clock.advance(100);
    const second = guest.serial();
    const after = reading(second);
    clock.advance(100);
    await after.until('tick 3');
    assert.doesNotMatch(after.text(), /login|tick 2/);
    second.write('\x03');
    await after.until('root@web:~$ ');
    assert.equal(clock.pending, 0);
    guest.dispose();
    assert.ok(second.destroyed);
  });

  test('a long output waits for its reader and ends when there is none', async () => {
    const guest = guestAt();
    const serial = guest.serial();
    serial.write(`${logIn}flood 8\r`);
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(serial.readableLength < 2 ** 17, `${serial.readableLength} bytes were made ahead`);
    serial.destroy();
    await once(serial, 'close');
    const next = guest.serial();
    const read = reading(next);
    next.write('\recho here\r');
    await read.until('here\r\n');
    assert.doesNotMatch(read.text(), /\.\.\./);
    guest.dispose();
  });

  test('serial port and screen are the same machine', async () => {
    const guest = guestAt();
    const serial = guest.serial();
    const read = reading(serial);
    const { viewer, shows } = view(guest);
    await shows('web login:');
    assert.match(viewer.text, /^ SIMULATED GUEST {2}web {2}serial port: nobody/);
    assert.equal(viewer.name, 'web (simulated guest)');
    serial.write(`${logIn}echo A|b > note\r`);
    await shows('serial port: root $ echo A|b > note');
    viewer.type('operator\rpassword\rcat note\rwall Hello "both"\r');
    await shows('A|b');
    assert.doesNotMatch(viewer.text, /password\n/);
    await read.until('Message from operator on tty1: Hello "both"');
    serial.write('who\r');
    await read.until('operator tty1');
    guest.dispose();
  });

  test('a character that needs Shift and comes without it is the other one of its key', async () => {
    const guest = guestAt();
    const { viewer, shows } = view(guest);
    await shows('login:');
    ['|', 'A', 'b'].forEach((character) => viewer.press(character.charCodeAt(0)));
    await shows('web login: \\ab');
    guest.dispose();
  });

  test('only what changed is sent, when it is asked for, to a viewer that reads', async () => {
    const guest = guestAt();
    const { viewer, stream, shows } = view(guest);
    await shows('login:');
    assert.equal(viewer.received, viewer.width * viewer.height);
    viewer.isEager = false;
    viewer.received = 0;
    viewer.type('x');
    await shows('login: x');
    assert.ok(viewer.received <= 4 * 128, `${viewer.received} pixels for a character`);
    const { updates } = viewer;
    viewer.type('yz');
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(viewer.updates, updates, 'nobody asked');
    viewer.ask();
    await shows('login: xyz');
    viewer.isEager = true;
    stream.pause();
    for (let line = 0; line < 1000; line++) {
      viewer.ask(false);
    }
    await new Promise((resolve) => setImmediate(resolve));
    assert.ok(stream.readableLength < 2 ** 21, `${stream.readableLength} bytes wait for a viewer that does not read`);
    guest.dispose();
  });

  test('an animation changes every pixel below the first row, the pointer is seen, Ctrl+C ends it', async () => {
    const clock = new TestClock();
    const guest = guestAt(clock);
    const { viewer, shows } = view(guest);
    await shows('login:');
    viewer.type(`${logIn}animate 50\r`);
    await shows('animate 50');
    clock.advance(20);
    await shows('frame 1');
    const before = viewer.pixels.slice();
    clock.advance(20);
    await shows('frame 2');
    const same = viewer.pixels.subarray(16 * viewer.width).filter((pixel, index) => pixel === before[16 * viewer.width + index]);
    assert.equal(same.length, 0);
    viewer.press(0xffe3, 0x63);
    await shows('^C');
    await shows('serial port');
    viewer.point(200, 300, 1);
    await shows('?');
    assert.deepEqual([viewer.pixels[300 * viewer.width + 200], viewer.pixels[300 * viewer.width + 204]], [0xff4090, 0xff4090]);
    guest.dispose();
    assert.equal(clock.pending, 0);
  });

  test('the screen takes the size that a viewer wants and keeps its last lines; impossible ones are refused', async () => {
    const guest = guestAt();
    const { viewer, stream, shows } = view(guest, { encodings: [-308] });
    await shows('login:');
    assert.deepEqual(viewer.sizes, [{ reason: 0, status: 0, width: 640, height: 400 }]);
    viewer.type(`${logIn}echo a line that is longer than the small screen is wide\r`);
    await shows('\na line that');
    viewer.resize(325, 90);
    while (viewer.width !== 325 || !viewer.text.includes('root@web')) {
      await once(stream, 'data');
    }
    assert.deepEqual([viewer.width, viewer.height], [325, 90]);
    assert.deepEqual(viewer.sizes.at(-1), { reason: 1, status: 0, width: 325, height: 90 });
    assert.match(viewer.text, /^ SIMULATED GUEST  web [^\n]*\n/);
    assert.match(viewer.text, /\na line that is longer than the small scr\n[^\n]*\$ ?$/);
    assert.doesNotMatch(viewer.text, /login/);
    viewer.resize(1000, 700);
    viewer.type('echo larger\r');
    await shows('\nlarger');
    assert.deepEqual([viewer.width, viewer.height], [1000, 700]);
    viewer.resize(9000, 9000);
    viewer.type('echo as before\r');
    await shows('\nas before');
    assert.deepEqual(viewer.sizes.at(-1), { reason: 1, status: 3, width: 1000, height: 700 });
    const other = view(guest);
    await other.shows('as before');
    assert.deepEqual([other.viewer.width, other.viewer.height], [1000, 700]);
    viewer.resize(640, 400);
    await assert.rejects(once(other.stream, 'close'), /another size/);
    guest.dispose();
  });

  test('keys with their codes are announced and used; Ctrl+Alt+Del restarts the machine', async () => {
    const done: string[] = [];
    const guest = guestAt(new TestClock(), (what) => done.push(what));
    const { viewer, stream, shows } = view(guest, { encodings: [-258] });
    await shows('login:');
    assert.deepEqual(viewer.pseudo, [-258]);
    // What a Russian keyboard sends for the key that is "q" on an American one.
    stream.write(Buffer.from([255, 0, 0, 1, 0x01, 0, 0x04, 0x39, 0, 0, 0, 0x10]));
    await shows('login: q');
    viewer.press(0xffe3, 0xffe9, 0xffff);
    await shows('restarting');
    assert.deepEqual(done, ['reset']);
    guest.dispose();
  });

  test('the clipboard goes both ways, as Latin 1 and as any text', async () => {
    const guest = guestAt();
    const plain = view(guest);
    await plain.shows('login:');
    plain.viewer.cut('caf\xe9');
    plain.viewer.type(`${logIn}copy abc\r`);
    await plain.shows('copy abc');
    assert.equal(guest.clipboard, 'abc');
    assert.equal(plain.viewer.cuts.at(-1)?.toString('latin1'), 'abc');
    plain.stream.destroy();
    const extended = view(guest, { encodings: [0xc0a1e5ce | 0] });
    await extended.shows('copy abc');
    const text = Buffer.from('Привет\0', 'utf8');
    const packed = deflateSync(Buffer.concat([Buffer.from([0, 0, 0, text.length]), text]), { finishFlush: constants.Z_SYNC_FLUSH });
    const head = Buffer.alloc(12);
    head[0] = 6;
    head.writeInt32BE(-(4 + packed.length), 4);
    head.writeUInt32BE(0x10000001, 8);
    extended.stream.write(Buffer.concat([head, packed]));
    assert.equal(guest.clipboard, 'Привет');
    guest.dispose();
  });

  test('older viewers are served, rubbish ends the connection', async () => {
    const guest = guestAt();
    for (const version of ['3.3', '3.7']) {
      const { shows, stream } = view(guest, { version });
      await shows('login:');
      stream.destroy();
    }
    const stream = guest.screen();
    stream.write('GET / HTTP/1.1\r\n\r\n');
    await assert.rejects(once(stream, 'close'), /another protocol/);
    guest.dispose();
  });

  test('ports: echo, time, numbered lines, a page and a checksum; others are refused with a reason', async () => {
    const guest = guestAt();
    const echo = guest.connect(7, 'tcp');
    echo.write('Hello');
    await reading(echo).until('Hello');
    const page = guest.connect(80, 'tcp');
    page.write('GET / HTTP/1.1\r\nhost: web\r\nconnection: close\r\n\r\n');
    const text = reading(page);
    await once(page, 'end');
    assert.match(text.text(), /^HTTP\/1\.1 200 OK[^]*simulated guest/);
    const lines = guest.connect(19, 'tcp');
    await reading(lines).until(`${'64'.padStart(62, '.')}\r\n`);
    lines.destroy();
    assert.throws(() => guest.connect(22, 'tcp'), /connection refused \(a simulated guest has no SSH server/);
    assert.throws(() => guest.connect(8080, 'tcp'), /^Error: connect: connection refused$/);
    const datagrams = guest.connect(7, 'udp');
    const got: string[] = [];
    datagrams.on('data', (chunk: Buffer) => got.push(chunk.toString()));
    datagrams.write('one');
    datagrams.write('two');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(got, ['one', 'two']);
    const closed = guest.connect(5000, 'udp');
    closed.write('?');
    await assert.rejects(once(closed, 'close'), /refused/);
    guest.dispose();
  });
});
