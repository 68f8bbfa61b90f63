import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RfbHandshake } from '../../../src/cluster/rfbHandshake';

const version = Buffer.from('RFB 003.008\n');
const bytes = (...values: number[]) => Buffer.from(values);
const simple = [version, bytes(1, 1), bytes(0, 0, 0, 0)];
const simpleAnswers = [version, bytes(1), bytes(1)];

describe('the beginning of a screen is answered for the viewer', () => {
  test('to each question as soon as it is there, and not to what follows', () => {
    const handshake = new RfbHandshake();
    assert.deepEqual(simple.map((part) => Buffer.from(handshake.answer(part))), simpleAnswers);
    assert.equal(handshake.answer(bytes(2, 208, 1, 144, 0, 0)).length, 0);
  });

  test('wherever it is cut', () => {
    const handshake = new RfbHandshake();
    const said = [...Buffer.concat(simple)].map((byte) => Buffer.from(handshake.answer(bytes(byte))));
    assert.deepEqual(Buffer.concat(said), Buffer.concat(simpleAnswers));
    const whole = new RfbHandshake();
    assert.deepEqual(Buffer.from(whole.answer(Buffer.concat(simple))), Buffer.concat(simpleAnswers));
  });

  test('and what the viewer says after it is left out, but nothing else', () => {
    const handshake = new RfbHandshake();
    handshake.answer(version);
    assert.equal(handshake.rest(version).length, 0);
    handshake.answer(bytes(1, 1, 0, 0, 0, 0));
    assert.equal(handshake.rest(bytes(1)).length, 0);
    assert.deepEqual([...handshake.rest(bytes(1, 3, 0))], [3, 0]);
    assert.deepEqual([...handshake.rest(bytes(1))], [1]);
  });

  test('but for a viewer that wants something else it is over', () => {
    const handshake = new RfbHandshake();
    handshake.answer(version);
    assert.throws(() => handshake.rest(Buffer.from('RFB 003.003\n')), /something else/);
  });

  for (const [what, ...parts] of [
    ['another version', Buffer.from('RFB 003.003\n'), bytes(0, 0, 0, 1)],
    ['no RFB', Buffer.from('HTTP/1.1 400 Bad'), bytes(0)],
    ['a password', version, bytes(1, 2)],
    ['a refusal', version, bytes(0), bytes(0, 0, 0, 2, 110, 111)],
    ['a failure', version, bytes(1, 1), bytes(0, 0, 0, 1)],
  ] as const) {
    test(`${what} is left to the viewer`, () => {
      const handshake = new RfbHandshake();
      const said = Buffer.concat((parts as readonly Buffer[]).map((part) => Buffer.from(handshake.answer(part))));
      const expected = Buffer.concat(simpleAnswers);
      assert.ok(said.length < expected.length && said.equals(expected.subarray(0, said.length)));
      assert.equal(handshake.answer(bytes(1, 1, 1, 1)).length, 0);
      handshake.rest(said);
      assert.deepEqual([...handshake.rest(bytes(7))], [7]);
    });
  }
});
