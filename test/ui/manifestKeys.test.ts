import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { poll, themes, type Theme } from './editor';
import { ManifestPage } from './manifestPage';
import { withEditor } from './withEditor';

const disk = `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualDisk
metadata:
  name: app-root
  namespace: billing
spec:
  persistentVolumeClaim:
    size: 20Gi
`;
const machine = `${disk}---
apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata:
  name: app
  namespace: billing
  labels:
    app: app-root
spec:
  virtualMachineClassName: generic
  runPolcy: AlwaysOn
  cpu:
    cores: 20
  memory:
    size: 8Gi
  blockDeviceRefs:
    - kind: VirtualDisk
      name: app-root
`;
const snapshot = (name: string, namespace: string) => `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualDiskSnapshot
metadata:
  name: ${name}
  namespace: ${namespace}
spec:
  virtualDiskName: app-root
  requiredConsistency: true
`;

test('a manifest is mended, followed and renamed across files by keyboard alone, in Russian and in every kind of theme', () => withEditor({ name: 'manifest-keys', language: 'ru', settings: { 'editor.minimap.enabled': false, 'dvp.inlayHints': true } }, async ({ editor, page }) => {
  const manifest = new ManifestPage(editor);
  const workspace = new URL(page.url()).searchParams.get('folder') ?? '';
  await writeFile(path.join(workspace, 'app.yaml'), machine);
  await writeFile(path.join(workspace, 'snapshots.yaml'), `${snapshot('before', 'billing')}---\n${snapshot('elsewhere', 'shop')}`);
  await editor.showClusters('Кластеры');
  await editor.expand(editor.row('admin', 'Кластеры'));
  await editor.row('ledger-01', 'Кластеры').waitFor();
  await page.keyboard.press('Control+B');

  // Somebody is writing in another file, and has not saved it.
  await manifest.open('snapshots.yaml');
  await manifest.line('virtualDiskName: app-root').first().waitFor();
  await manifest.goTo('1:1');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.type('# unsaved');
  await manifest.line(/^#\sunsaved$/).waitFor();
  await manifest.open('app.yaml');
  await page.locator('.squiggly-error').first().waitFor();

  await page.keyboard.press('Control+Home');
  await page.keyboard.press('F8');
  await page.locator('.marker-widget', { hasText: 'runPolicy' }).waitFor();
  await editor.screenshot('manifest-keys-1-next-finding');
  await page.keyboard.press('Escape');
  await page.locator('.marker-widget').waitFor({ state: 'hidden' });
  for (const theme of Object.keys(themes) as Theme[]) {
    await editor.setTheme(theme);
    await manifest.hoverAt('21:13', '20');
    await page.screenshot({ path: path.join('test-results', 'screenshots', `manifest-keys-2-${themes[theme]}.png`) });
    await page.keyboard.press('Escape');
    await manifest.goTo('18:28');
    await poll(async () => {
      await page.keyboard.press('Control+Space');
      return manifest.suggestion('generic').waitFor({ timeout: 3000 }).then(() => true, () => false);
    }, 'The classes were never offered.');
    await editor.screenshot(`manifest-keys-3-${themes[theme]}`);
    await page.keyboard.press('Escape');
  }

  await manifest.goTo('19:5');
  const action = page.locator('.action-widget .monaco-list-row', { hasText: 'runPolicy' }).first();
  await poll(async () => {
    await page.keyboard.press('Control+.');
    return action.waitFor({ timeout: 3000 }).then(() => true, () => false);
  }, 'The fix was never offered.');
  await page.keyboard.press('Enter');
  await manifest.line(/^\s*runPolicy:\sAlwaysOn$/).waitFor();

  // The name is the disk's, not the label's, and the disk of another namespace is another disk.
  await manifest.goTo('26:15');
  await page.keyboard.press('F12');
  await page.locator('.statusbar-item', { hasText: 'Ln 4, Col 9' }).waitFor();
  await page.keyboard.press('Shift+F12');
  await page.locator('.zone-widget', { hasText: '(3)' }).waitFor();
  await editor.screenshot('manifest-keys-4-references');
  await page.keyboard.press('Escape');
  await page.locator('.zone-widget').first().waitFor({ state: 'detached' });
  await manifest.goTo('4:12');
  await page.keyboard.press('F2');
  const name = page.locator('.rename-box input');
  await name.waitFor();
  await name.fill('app-system');
  await page.keyboard.press('Enter');
  await manifest.line(/^\s*name:\sapp-system$/).nth(1).waitFor();
  assert.equal(await manifest.line('app-root').count(), 1, 'the label stays');
  await manifest.open('snapshots.yaml');
  await manifest.line('virtualDiskName: app-system').waitFor();
  await manifest.line(/^#\sunsaved$/).waitFor();
  assert.equal(await manifest.line('virtualDiskName: app-root').count(), 1, 'another namespace');
  await editor.screenshot('manifest-keys-5-renamed');
  await page.locator('.editor-group-container.active .view-line').first().click();
  await page.keyboard.press('Control+Z');
  await manifest.line('virtualDiskName: app-root').nth(1).waitFor();
  await manifest.line(/^#\sunsaved$/).waitFor();
  await manifest.open('app.yaml');
  await manifest.line('name: app-root').nth(1).waitFor();
}));
