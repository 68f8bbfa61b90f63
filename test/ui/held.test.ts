import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import type { KubeObject } from '../../src/domain/kubeObject';
import { ClusterUser } from './clusterUser';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { logIn, screen, shows } from './terminalText';
import { withEditor } from './withEditor';

const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';

test('F21: a console that another user takes is waited for or taken back; a machine made anew under its name gets nothing', () => withEditor({ name: 'held', cluster: ['--probe'], settings: { 'editor.accessibilitySupport': 'on' } }, async ({ editor, page, kubeconfig }) => {
  const other = new ClusterUser(kubeconfig, 'editor');
  const view = editor.webview;
  const overlay = view.locator('.overlay');
  const state = (text: RegExp) => view.locator('.state', { hasText: text }).waitFor();
  await editor.openContext();
  const machine = await logIn(editor, 'ledger-01');

  const first = await other.stream('billing', 'ledger-01', 'console');
  await overlay.getByText('The console is taken').waitFor();
  await overlay.getByText('"editor" is using this console').waitFor();
  await page.keyboard.type('lost');
  await view.locator('.hint', { hasText: 'not sent' }).waitFor();
  await editor.screenshot('held-1-taken');
  await isAccessible(view);
  const cut = once(first, 'close');
  await overlay.getByRole('button', { name: 'Take over' }).click();
  await cut;
  await state(/^connected/);
  assert.doesNotMatch(await screen(view), /lost/);

  const second = await other.stream('billing', 'ledger-01', 'console');
  await overlay.getByRole('button', { name: 'Wait until it is free' }).click();
  await state(/^waiting until it is free/);
  await isAccessible(view);
  second.terminate();
  await state(/^connected/);
  await overlay.waitFor({ state: 'hidden' });

  const admin = new ClusterUser(kubeconfig, 'admin');
  const { metadata, apiVersion, kind, ...old } = await admin.do<KubeObject>('GET', `${machines}/ledger-01`);
  await admin.do('DELETE', `${machines}/ledger-01`);
  await poll(() => admin.do('GET', `${machines}/ledger-01`).then(() => false, () => true), 'The machine was never gone.');
  await overlay.getByText('Not connected').waitFor();
  await isAccessible(view);
  await admin.do('POST', machines, { apiVersion, kind, metadata: { name: metadata.name, labels: metadata.labels ?? {} }, spec: old['spec'] });
  await editor.waitForText(machine, /Running/);
  await page.keyboard.type('rm -rf /\n');
  await editor.screenshot('held-2-made-anew');
  await overlay.getByText('Not connected').waitFor();
  await overlay.getByRole('button', { name: 'Connect now' }).click();
  await state(/^connected/);
  await shows(view, 'ledger-01 login:');
  assert.doesNotMatch(await screen(view), /rm -rf/);
}));
