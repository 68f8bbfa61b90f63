import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { ClusterUser } from './clusterUser';
import { poll } from './editor';
import { ManifestPage } from './manifestPage';
import { withEditor } from './withEditor';

const group = '/apis/virtualization.deckhouse.io/v1alpha2';
const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/virtualdisks.virtualization.deckhouse.io';

interface Definition {
  readonly spec: { readonly versions: { readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly spec: { readonly properties: Record<string, object> } } } } }[] };
}

const disk = (name: string, namespace: string, more = '') => `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualDisk
metadata:
  name: ${name}
  namespace: ${namespace}
spec:${more}
  persistentVolumeClaim:
    size: 1Gi
`;

const settings = { 'dvp.contexts': { editor: { readOnly: true } }, 'editor.minimap.enabled': false };

test('applying says why it cannot, asks anew about what has changed, and loses nothing that was typed; a changed definition reaches open files', () => withEditor({ name: 'apply', settings }, async ({ editor, page, kubeconfig }) => {
  const manifest = new ManifestPage(editor);
  const user = new ClusterUser(kubeconfig, 'admin');
  const dialog = page.locator('.monaco-dialog-box');
  const told = (text: string | RegExp) => page.locator('.notification-toast', { hasText: text });
  const workspace = new URL(page.url()).searchParams.get('folder') ?? '';
  await writeFile(path.join(workspace, 'colour.yaml'), disk('tinted', 'billing', '\n  colour: red'));
  await writeFile(path.join(workspace, 'changing.yaml'), disk('changing', 'billing'));
  await writeFile(path.join(workspace, 'nowhere.yaml'), disk('lost', 'no-such-namespace'));
  await editor.openContext();
  await editor.row('ledger-01').waitFor();
  await editor.row('admin').locator('.monaco-tl-twistie').click();
  await editor.row('editor').waitFor();

  // The cluster is asked for its schemas every half minute: this waits while everything else is tried.
  await manifest.open('colour.yaml');
  await page.locator('.squiggly-error').first().waitFor();
  await manifest.waitForLens('VirtualDisk', 'Not in the cluster');
  await manifest.hoverAt('8:6', 'schema of the connected cluster');
  const changed = await user.do<Definition>('GET', definition);
  for (const { schema } of changed.spec.versions) {
    schema.openAPIV3Schema.properties.spec.properties['colour'] = { type: 'string', description: 'What its label is painted in.' };
  }
  await user.do('PUT', definition, changed);

  // What is sent is what stands in the editor, saved or not.
  await manifest.open('changing.yaml');
  await manifest.goTo('8:11');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('2Gi');
  await manifest.clickLens('VirtualDisk', 'Apply');
  await dialog.waitFor();
  await editor.answer('Apply');
  await told('VirtualDisk "changing" was created').waitFor();
  const stored = await user.do<{ spec: { persistentVolumeClaim: { size: string } } }>('GET', `${group}/namespaces/billing/virtualdisks/changing`);
  assert.equal(stored.spec.persistentVolumeClaim.size, '2Gi');
  await page.locator('.tab.active.dirty').waitFor();
  await editor.run('Notifications: Clear All Notifications');

  // It goes while the question stands.
  await manifest.goTo('8:11');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('3Gi');
  await manifest.clickLens('VirtualDisk', 'Apply');
  await dialog.getByText('2Gi → 3Gi').waitFor();
  await user.do('DELETE', `${group}/namespaces/billing/virtualdisks/changing`);
  await poll(() => user.do('GET', `${group}/namespaces/billing/virtualdisks/changing`).then(() => false, () => true), 'The disk never went.');
  // The next question may follow before anybody has seen this one go.
  await dialog.locator('.monaco-button', { hasText: 'Apply' }).click();
  await dialog.getByText('has changed since the last question').waitFor();
  await editor.screenshot('apply-1-gone-meanwhile');
  assert.match(await editor.answer('Cancel'), /Create VirtualDisk "changing"/);
  await manifest.line('size: 3Gi').waitFor();

  // The platform refuses, and the namespace is missing: its words, and the text stays.
  await manifest.open('nowhere.yaml');
  await manifest.clickLens('VirtualDisk', 'Apply');
  await told('"no-such-namespace" not found').waitFor();
  await editor.screenshot('apply-2-no-namespace');
  await editor.run('Notifications: Clear All Notifications');

  // Read-only for the user, then for the cluster.
  await manifest.open('changing.yaml');
  for (const [context, words] of [['editor', 'is read-only'], ['viewer', /cannot (?:patch|create)|not allowed|may not/]] as const) {
    await editor.expand(editor.row(context));
    await editor.choose(editor.row(context), 'Use for manifests');
    await editor.row(context).locator('.monaco-tl-twistie').click();
    await page.locator('.editor-group-container.active .view-line').first().click();
    await manifest.waitForLens('VirtualDisk', context);
    await editor.run('Apply manifest');
    await told(words).first().waitFor();
    await editor.screenshot(`apply-3-${context}`);
    await editor.run('Notifications: Clear All Notifications');
  }
  await manifest.line('size: 3Gi').waitFor();
  assert.match(await readFile(path.join(workspace, 'changing.yaml'), 'utf8'), /1Gi/);

  await editor.choose(editor.row('admin'), 'Use for manifests');
  await manifest.open('colour.yaml');
  await page.locator('.squiggly-error').first().waitFor({ state: 'detached', timeout: 60_000 });
  await manifest.hoverAt('7:5', 'What its label is painted in.');
  await page.screenshot({ path: path.join('test-results', 'screenshots', 'apply-4-changed-definition.png') });
}));
