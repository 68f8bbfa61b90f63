import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evacuationDown, evacuationUp } from '../../../src/protocol/evacuation';

test('F37: what the table of migrations may say is taken, without anything besides; all else is no message', () => {
  assert.deepEqual(evacuationUp({ type: 'ready', extra: 1 }), { type: 'ready' });
  assert.deepEqual(evacuationUp({ type: 'open', key: 'prod/web', extra: 1 }), { type: 'open', key: 'prod/web' });
  for (const value of [undefined, null, 5, 'ready', [], {}, { type: 'constructor' }, { type: 'open' }, { type: 'open', key: 5 }, { type: 'open', key: ['a'] }, { type: 'rows' }]) {
    assert.equal(evacuationUp(value), undefined);
  }
});

test('F37: the table takes nothing but what the extension says', () => {
  const rows = { type: 'rows', changed: [], gone: [], summary: {} };
  assert.equal(evacuationDown(rows), rows);
  for (const value of [undefined, 5, {}, { type: 'rows' }, { ...rows, gone: 'all' }, { ...rows, changed: {} }, { ...rows, summary: 'none' }, { type: 'setup', state: {} }]) {
    assert.equal(evacuationDown(value), undefined);
  }
});
