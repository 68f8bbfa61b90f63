import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { resultsFolder } from '../../scripts/paths';
import { ClusterUser } from './clusterUser';
import { poll } from './editor';
import { ManifestPage } from './manifestPage';
import { shows } from './terminalText';
import { withEditor } from './withEditor';

const longestMs = 120_000;

/** Of the embedded cluster's contexts. */
const namespace = 'shop';

const settings = { 'editor.accessibilitySupport': 'on', 'editor.minimap.enabled': false, 'editor.wordBasedSuggestions': 'off' };

interface Machine {
  readonly spec: { readonly memory: { size: string } };
}

test('the quick start is written in an empty file in under two minutes, applied, used and changed without leaving the editor', (t) => withEditor({ name: 'quick-start', settings }, async ({ editor, page, kubeconfig }) => {
  const manifest = new ManifestPage(editor);
  const dialog = page.locator('.monaco-dialog-box');
  const told = (text: string) => page.locator('.notification-toast', { hasText: text });
  const apply = async (kind: string) => {
    await manifest.clickLens(kind, 'Apply');
    await dialog.waitFor();
    return editor.answer('Apply');
  };
  await editor.openContext();
  await editor.row('ledger-01').waitFor();
  await manifest.create();
  await page.keyboard.press('Control+B');
  const startMs = performance.now();

  await page.keyboard.type('quick', { delay: 30 });
  await manifest.suggestion('virtual machine with image and disk').waitFor();
  await editor.screenshot('quick-start-1-snippet');
  await page.keyboard.press('Enter');
  await manifest.line('kind: VirtualMachine').first().waitFor();
  await page.keyboard.press('Escape');
  await manifest.goTo('18:11');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('20');
  await page.keyboard.press('Control+Space');
  await manifest.suggestion('20Gi').waitFor();
  await page.keyboard.press('Enter');
  await manifest.line('size: 20Gi').waitFor();
  await manifest.goTo('30:28');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('gen');
  await page.keyboard.press('Control+Space');
  await manifest.suggestion('generic').waitFor();
  await editor.screenshot('quick-start-2-classes');
  await page.keyboard.press('Enter');
  await manifest.line('virtualMachineClassName: generic').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.keyboard.type('runPolcy: AlwaysOn');
  await manifest.goTo('43:7');
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.type('run_cmd');
  await manifest.goTo('52:13');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type('VirtualImage');
  await manifest.goTo('42:1');
  for (const text of ['name: linux-vm-root', 'runPolcy: AlwaysOn', 'run_cmd:', '- kind: VirtualImage']) {
    await manifest.line(text).first().waitFor();
  }
  await page.locator('.squiggly-error').first().waitFor();
  await page.locator('.squiggly-warning').nth(1).waitFor();
  await editor.screenshot('quick-start-3-mistakes');

  await manifest.mend('52:13', 'Change to "VirtualDisk"');
  await manifest.line('- kind: VirtualDisk').waitFor();
  await manifest.mend('43:8', 'Change to "runcmd"');
  await manifest.line('runcmd:').waitFor();
  await manifest.mend('31:4', 'Change to "runPolicy"');
  await manifest.line('runPolicy: AlwaysOn').waitFor();
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'detached' });

  // A live name: the storage class of the disk.
  await manifest.goTo('18:15');
  await page.keyboard.press('Enter');
  await page.keyboard.type('stor', { delay: 30 });
  await manifest.suggestion('storageClassName').waitFor();
  await page.keyboard.press('Enter');
  await manifest.suggestion('replicated-wait').waitFor();
  await editor.screenshot('quick-start-4-live-names');
  await manifest.suggestion('replicated').click();
  await manifest.line(/storageClassName:\sreplicated$/).waitFor();

  await manifest.goTo('1:1');
  assert.match(await apply('VirtualImage'), /Create VirtualImage "ubuntu"/);
  await told('VirtualImage "ubuntu" was created').waitFor();
  assert.match(await apply('VirtualDisk'), /Create VirtualDisk "linux-vm-root"/);
  await told('VirtualDisk "linux-vm-root" was created').waitFor();
  await manifest.goTo('40:1');
  assert.match(await apply('VirtualMachine'), /Create VirtualMachine "linux-vm"/);
  await told('VirtualMachine "linux-vm" was created').waitFor();
  const writtenMs = performance.now() - startMs;
  assert.ok(writtenMs < longestMs, `It took ${Math.round(writtenMs / 1000)} s.`);
  t.diagnostic(`The quick start was written and applied in ${Math.round(writtenMs / 1000)} s.`);
  await editor.run('Notifications: Clear All Notifications');
  await manifest.waitForLens('VirtualMachine', 'Running', 90_000);
  await editor.screenshot('quick-start-5-running');

  // Whose schema it is that says what a field means.
  await page.locator('.view-line span', { hasText: /^cores$/ }).first().hover();
  const hover = page.locator('.monaco-hover:visible', { hasText: 'sockets' });
  await hover.getByText('schema of the connected cluster').waitFor();
  await page.screenshot({ path: path.join(resultsFolder, 'screenshots', 'quick-start-6-hover.png') });
  await page.mouse.move(5, 5);

  // Somebody else changes what the manifest sets.
  const user = new ClusterUser(kubeconfig, 'admin');
  const url = `/apis/virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachines/linux-vm`;
  // The platform writes the machine too.
  await poll(async () => {
    const changed = await user.do<Machine>('GET', url);
    changed.spec.memory.size = '6Gi';
    return user.do('PUT', `${url}?fieldManager=cost-watch`, changed).then(() => true, () => false);
  }, 'Nobody else could change the machine.');
  await manifest.clickLens('VirtualMachine', 'Apply');
  await dialog.getByText('spec.memory.size: cost-watch').waitFor();
  await editor.screenshot('quick-start-7-conflict');
  await dialog.getByText('are set by somebody else').waitFor();
  await dialog.locator('.monaco-button', { hasText: 'Take over' }).click();
  await dialog.getByText('spec.memory.size: 6Gi → ').waitFor();
  await editor.screenshot('quick-start-8-what-changes');
  await editor.answer('Apply');
  await told('VirtualMachine "linux-vm" was changed').getByRole('button', { name: 'Undo' }).click();
  await poll(async () => (await user.do<Machine>('GET', url)).spec.memory.size === '6Gi', 'The change was never taken back.');

  await manifest.clickLens('VirtualMachine', 'Open console');
  await shows(editor.webview, 'linux-vm login:');
  await editor.screenshot('quick-start-9-console');
}));
