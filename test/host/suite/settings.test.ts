import assert from 'node:assert/strict';
import { ConfigurationTarget, workspace } from 'vscode';
import { contextSettings, setting } from '../../../src/vscode/settings';

async function withSetting(key: string, value: unknown, check: () => void): Promise<void> {
  await workspace.getConfiguration('dvp').update(key, value, ConfigurationTarget.Global);
  try {
    check();
  } finally {
    await workspace.getConfiguration('dvp').update(key, undefined, ConfigurationTarget.Global);
  }
}

suite('Settings', () => {
  test('patterns of contexts match whole names, and later ones win field by field', async () => {
    const contexts = { '*': { color: 'green', readOnly: true }, 'prod-*': { color: 'red', label: 'Production' }, 'a.b': { label: 'dots' } };
    await withSetting('contexts', contexts, () => {
      assert.deepEqual(contextSettings('prod-eu'), { color: 'red', readOnly: true, label: 'Production' });
      assert.deepEqual(contextSettings('not-prod-eu'), { color: 'green', readOnly: true });
      assert.deepEqual(contextSettings('axb'), { color: 'green', readOnly: true });
      assert.deepEqual(contextSettings('a.b'), { color: 'green', readOnly: true, label: 'dots' });
    });
  });

  test('read-only for all holds for every context', async () => {
    await withSetting('readOnly', true, () => assert.equal(contextSettings('any').readOnly, true));
    assert.equal(contextSettings('any').readOnly, undefined);
  });

  test('a value of the wrong type counts as not set', async () => {
    await withSetting('contexts', 'all of them', () => assert.deepEqual(setting('contexts'), {}));
    await withSetting('kubeconfig', ['/a', '/b'], () => assert.equal(setting('kubeconfig'), ''));
    await withSetting('contexts', { '*': true, 'prod-*': { color: 'pink', label: 7, namespaces: ['a', 1], readOnly: null } }, () => assert.deepEqual(contextSettings('prod-eu'), { namespaces: ['a'] }));
  });

  test('a lock that is not written as one still holds, and only "false" opens it', async () => {
    await withSetting('contexts', { '*': { readOnly: 'true' }, 'test-*': { readOnly: false } }, () => {
      assert.deepEqual(['prod-eu', 'test-eu'].map((name) => contextSettings(name).readOnly), [true, false]);
    });
  });
});
