import assert from 'node:assert/strict';
import { test } from 'node:test';
import { migrationDown, migrationIntents, migrationUp } from '../../../src/protocol/migration';

test('F37: what a migration\'s webview says is taken as it is, without anything besides', () => {
  for (const intent of migrationIntents) {
    assert.deepEqual(migrationUp({ type: intent, extra: 1 }), { type: intent });
  }
  assert.deepEqual(migrationUp({ type: 'ready' }), { type: 'ready' });
  assert.deepEqual(migrationUp({ type: 'select', uid: 'u' }), { type: 'select', uid: 'u' });
  assert.deepEqual(migrationUp({ type: 'obstacle', index: 2 }), { type: 'obstacle', index: 2 });
});

test('F37: anything else is no message', () => {
  for (const value of [undefined, null, 5, 'ready', {}, { type: 'constructor' }, { type: 'select' }, { type: 'select', uid: 5 }, { type: 'obstacle', index: -1 }, { type: 'obstacle', index: 1.5 }, { type: 'obstacle', index: '1' }]) {
    assert.equal(migrationUp(value), undefined);
  }
  for (const value of [undefined, 5, {}, { type: 'view' }, { type: 'points', plot: {} }, { type: 'setup', state: {} }]) {
    assert.equal(migrationDown(value), undefined);
  }
});

test('what the extension says is let through', () => {
  const view = { type: 'view', view: {} };
  assert.equal(migrationDown(view), view);
});
