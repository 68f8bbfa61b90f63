import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RfbHandshake, type RfbViewer } from '../../../src/cluster/rfbHandshake';

const version = Buffer.from('RFB 003.008\n');
const bytes = (...values: number[]) => Buffer.from(values);
const named = (name: string) => Buffer.concat([bytes(2, 208, 1, 144), Buffer.alloc(16), bytes(0, 0, 0, name.length), Buffer.from(name)]);
const simple = [version, bytes(1, 1), bytes(0, 0, 0, 0), named('web-01')];
const simpleAnswers = [version, bytes(1, 1), bytes(), bytes()];

const pixels = bytes(0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0);
const encodings = bytes(2, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0);
const otherEncodings = bytes(2, 0, 0, 1, 0, 0, 0, 0);
const request = bytes(3, 0, 0, 0, 0, 0, 2, 208, 1, 144);
const change = bytes(3, 1, 0, 0, 0, 0, 2, 208, 1, 144);
const key = bytes(4, 1, 0, 0, 0, 0, 0, 0x61);

/** What is said to each part, and all that the viewer is told. */
function run(handshake: RfbHandshake, parts: readonly Buffer[]) {
  const taken = parts.map((part) => handshake.take(part));
  return { said: taken.map(({ said }) => Buffer.from(said)), told: taken.map(({ told }) => Buffer.from(told)) };
}

const rest = (handshake: RfbHandshake, ...parts: readonly Buffer[]) => Buffer.from(handshake.rest(Buffer.concat(parts)));

/** After the beginning of a simple screen, with the viewer's first answers to it. */
function begun(viewer: RfbViewer): RfbHandshake {
  const handshake = new RfbHandshake(viewer);
  run(handshake, simple);
  assert.equal(rest(handshake, version, bytes(1), bytes(1)).length, 0);
  return handshake;
}

describe('the beginning of a screen is answered for the viewer', () => {
  test('to each question as soon as it is there, and not to what follows', () => {
    const handshake = new RfbHandshake({});
    assert.deepEqual(run(handshake, simple).said, simpleAnswers);
    assert.equal(handshake.take(bytes(2, 208, 1, 144, 0, 0)).said.length, 0);
  });

  test('and told in one piece; what comes after it is told as it comes', () => {
    const handshake = new RfbHandshake({});
    const { told } = run(handshake, simple);
    assert.deepEqual(told, [bytes(), bytes(), bytes(), Buffer.concat(simple)]);
    assert.deepEqual(Buffer.from(handshake.take(bytes(2)).told), bytes(2));
  });

  test('wherever it is cut', () => {
    for (const cut of [[...Buffer.concat(simple)].map((byte) => bytes(byte)), [Buffer.concat([...simple, bytes(2)])]]) {
      const viewer = { encodings };
      const { said, told } = run(new RfbHandshake(viewer), cut);
      assert.deepEqual(Buffer.concat(said), Buffer.concat([...simpleAnswers, pixels, encodings, request]));
      assert.equal(told.filter(({ length }) => length > 0).length, 1);
      assert.ok(Buffer.concat(told).subarray(0, Buffer.concat(simple).length).equals(Buffer.concat(simple)));
    }
  });

  test('and what the viewer says after it is left out, but nothing else', () => {
    const handshake = new RfbHandshake({});
    handshake.take(version);
    assert.equal(rest(handshake, version).length, 0);
    run(handshake, simple.slice(1));
    assert.equal(rest(handshake, bytes(1)).length, 0);
    assert.deepEqual(rest(handshake, bytes(1), key), key);
    assert.deepEqual(rest(handshake, bytes(1)), bytes(1));
  });

  test('but for a viewer that wants something else it is over', () => {
    const handshake = new RfbHandshake({});
    handshake.take(version);
    assert.throws(() => handshake.rest(Buffer.from('RFB 003.003\n')), /something else/);
  });

  for (const [what, ...parts] of [
    ['another version', Buffer.from('RFB 003.003\n'), bytes(0, 0, 0, 1)],
    ['no RFB', Buffer.from('HTTP/1.1 400 Bad'), bytes(0)],
    ['a password', version, bytes(1, 2)],
    ['a refusal', version, bytes(0), bytes(0, 0, 0, 2, 110, 111)],
    ['a failure', version, bytes(1, 1), bytes(0, 0, 0, 1)],
    ['a name without end', version, bytes(1, 1), bytes(0, 0, 0, 0), Buffer.alloc(24, 0x7f)],
    ['a name like a book', version, bytes(1, 1), bytes(0, 0, 0, 0), Buffer.concat([Buffer.alloc(20), bytes(0, 0, 0x20, 0), Buffer.alloc(0x2000, 0x61)])],
  ] as const) {
    test(`${what} is left to the viewer`, () => {
      const handshake = new RfbHandshake({ encodings });
      const { said, told } = run(handshake, parts);
      const all = Buffer.concat(said);
      assert.ok(Buffer.concat(simpleAnswers).subarray(0, all.length).equals(all));
      assert.deepEqual(Buffer.concat(told), Buffer.concat(parts));
      assert.equal(handshake.take(bytes(1, 1, 1, 1)).said.length, 0);
      handshake.rest(all);
      assert.deepEqual(rest(handshake, bytes(7)), bytes(7));
      assert.deepEqual(rest(handshake, bytes(3)), bytes(3));
    });
  }
});

describe('the first picture is asked for as viewers do', () => {
  test('once one has said how; the next one need not say it any more', () => {
    const viewer: RfbViewer = {};
    const first = begun(viewer);
    assert.deepEqual(rest(first, pixels, encodings, request, change), Buffer.concat([pixels, encodings, request, change]));
    const next = new RfbHandshake(viewer);
    assert.deepEqual(run(next, simple).said.at(-1), Buffer.concat([pixels, encodings, request]));
    assert.deepEqual(rest(next, version, bytes(1, 1), pixels, encodings, request, change, key), Buffer.concat([change, key]));
    assert.deepEqual(rest(next, request), request, 'whoever asks for a whole picture later gets one');
  });

  test('a viewer that wants other encodings says so, and is believed from then on', () => {
    const viewer: RfbViewer = { encodings };
    assert.deepEqual(rest(begun(viewer), pixels, otherEncodings, request), otherEncodings);
    assert.deepEqual(run(new RfbHandshake(viewer), simple).said.at(-1), Buffer.concat([pixels, otherEncodings, request]));
  });

  test('nothing is learnt from what comes later or is no whole message, and nothing of it is lost', () => {
    for (const said of [[request, otherEncodings], [key, otherEncodings], [otherEncodings.subarray(0, 6)], [otherEncodings.subarray(0, 3)]]) {
      const viewer: RfbViewer = {};
      assert.deepEqual(rest(begun(viewer), ...said), Buffer.concat(said));
      assert.equal(viewer.encodings, undefined);
    }
  });
});
