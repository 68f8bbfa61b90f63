import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isChoice, vncDown, vncUp } from '../../../src/protocol/vnc';

const png = Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0]);
const choice = { scale: 'fit', layout: 'us', switchWith: 'none', startsIn: 'latin' } as const;
const bytes = Uint8Array.from([3, 1]);

test('F37: what a screen may say is taken, and nothing besides', () => {
  for (const message of [
    { type: 'ready' }, { type: 'send', session: 1, bytes }, { type: 'broken', session: 1, detail: 'x' }, { type: 'readClipboard', purpose: 'type' }, { type: 'copy', text: 'x' },
    { type: 'screenshot', bytes: png }, { type: 'thumbnail', image: 'data:image/jpeg;base64,AAAA' }, { type: 'choice', choice }, { type: 'full', isFull: true },
    { type: 'editCombinations' }, { type: 'connect' }, { type: 'takeOver' }, { type: 'stop' }, { type: 'start' },
  ]) {
    assert.deepEqual(vncUp({ ...message, more: 'unasked' }), message);
  }
});

test('F37: everything else a screen says is ignored', () => {
  for (const message of [
    undefined, null, 'ready', [], {}, { type: 'eval' }, { type: 'send', bytes }, { type: 'send', session: '1', bytes }, { type: 'send', session: 1.5, bytes }, { type: 'send', session: 1, bytes: 'AAAA' },
    { type: 'send', session: 1, bytes: bytes.buffer }, { type: 'broken', session: 1 }, { type: 'readClipboard' }, { type: 'readClipboard', purpose: 'steal' }, { type: 'copy', text: 7 },
    { type: 'screenshot', bytes }, { type: 'screenshot', bytes: 'png' }, { type: 'screenshot', bytes: png.buffer }, { type: 'screenshot', bytes: new Uint8Array(0) },
    { type: 'thumbnail', image: 'https://example.org/x.jpg' }, { type: 'thumbnail', image: 'data:image/svg+xml;base64,AAAA' }, { type: 'thumbnail', image: 'data:image/jpeg;base64,AAAA)](https://example.org' },
    { type: 'thumbnail', image: `data:image/jpeg;base64,${'A'.repeat(200_000)}` }, { type: 'choice', choice: { ...choice, scale: 'huge' } }, { type: 'choice', choice: { ...choice, layout: 7 } }, { type: 'choice' },
    { type: 'full' }, { type: 'full', isFull: 1 },
  ]) {
    assert.equal(vncUp(message), undefined, JSON.stringify(message));
  }
});

test('a reason is cut before it is logged', () => {
  const message = vncUp({ type: 'broken', session: 1, detail: 'x'.repeat(10_000) });
  assert.equal(message?.type === 'broken' && message.detail.length, 300);
});

test('F37: a screen takes nothing from its page but what the extension says', () => {
  assert.deepEqual(vncDown({ type: 'data', session: 2, bytes: bytes.buffer }), { type: 'data', session: 2, bytes: bytes.buffer });
  assert.deepEqual(vncDown({ type: 'open', session: 2 }), { type: 'open', session: 2 });
  assert.deepEqual(vncDown({ type: 'visible', isVisible: false }), { type: 'visible', isVisible: false });
  assert.deepEqual(vncDown({ type: 'clipboard', purpose: 'send', text: 'x' }), { type: 'clipboard', purpose: 'send', text: 'x' });
  for (const message of [
    null, 7, { type: 'data', bytes }, { type: 'data', session: 2, bytes: [1] }, { type: 'open' }, { type: 'visible' }, { type: 'clipboard', purpose: 'send' }, { type: 'clipboard', purpose: 'x', text: 'x' },
    { type: 'status' }, { type: 'combinations' }, { type: 'setup', state: {}, texts: {}, choice: {}, combinations: [] }, { type: 'ready' },
  ]) {
    assert.equal(vncDown(message), undefined, JSON.stringify(message));
  }
});

test('a choice of an older version is none', () => {
  assert.ok(isChoice(choice));
  assert.ok(!isChoice({ scale: 'fit' }));
  assert.ok(!isChoice(undefined));
});
