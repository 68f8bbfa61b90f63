import assert from 'node:assert/strict';
import { test } from 'node:test';
import { consoleDown, consoleUp } from '../../../src/protocol/console';

test('what a console says is taken field by field', () => {
  for (const message of [{ type: 'ready' }, { type: 'takeOver' }, { type: 'input', text: 'ls\r' }, { type: 'consumed', bytes: 7 }, { type: 'open', url: 'https://example.org/' }]) {
    assert.deepEqual(consoleUp({ ...message, more: 'left out' }), message);
  }
});

test('what a console never says is nothing', () => {
  for (const message of [undefined, null, 'ready', {}, { type: 'eval', text: '1' }, { type: 'input' }, { type: 'input', text: 7 }, { type: 'consumed', bytes: -1 }, { type: 'consumed', bytes: '7' }, { type: 'open', url: 'command:workbench.action.quit' }, { type: 'open', url: 'file:///etc/passwd' }]) {
    assert.equal(consoleUp(message), undefined, JSON.stringify(message));
  }
});

test('what the extension says to a console is checked too', () => {
  assert.deepEqual(consoleDown({ type: 'data', bytes: new ArrayBuffer(2) }), { type: 'data', bytes: new ArrayBuffer(2) });
  for (const message of [null, { type: 'data', bytes: 'AA==' }, { type: 'data', bytes: new Uint8Array(2) }, { type: 'status' }, { type: 'setup', texts: {} }, { type: 'other' }]) {
    assert.equal(consoleDown(message), undefined, JSON.stringify(message));
  }
});
