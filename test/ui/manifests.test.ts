import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManifestPage } from './manifestPage';
import { withEditor } from './withEditor';

test('three mistakes are found and mended, names of the cluster complete, and a manifest begins in an empty file', () => withEditor({ name: 'manifest' }, async ({ editor, page }) => {
  const manifest = new ManifestPage(editor);
  await editor.openContext();
  await editor.row('ledger-01').waitFor();

  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill('mistakes.yaml');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'mistakes.yaml' }).first().click();
  await page.locator('.codelens-decoration', { hasText: 'Not in the cluster' }).first().waitFor();
  await page.locator('.squiggly-error').first().waitFor();
  await editor.screenshot('manifest-1-mistakes');

  await manifest.mend('7:29', 'Change to "generic"');
  await manifest.line('virtualMachineClassName: generic').waitFor();
  await manifest.mend('8:4', 'Change to "runPolicy"');
  await manifest.line('runPolicy: AlwaysOn').waitFor();
  await manifest.mend('10:13', 'Change to "16"');
  await manifest.line('cores: 16').waitFor();
  await manifest.mend('17:8', 'Change to "runcmd"');
  await manifest.line('runcmd:').waitFor();
  await page.locator('.squiggly-error, .squiggly-warning').first().waitFor({ state: 'detached' });

  const lens = (title: string) => page.locator('.codelens-decoration a', { hasText: title });
  await lens('Diff').nth(1).click();
  await page.locator('.tab.active', { hasText: 'web-09-root' }).waitFor();
  await page.locator('.modified-in-monaco-diff-editor .view-line', { hasText: 'size: 20Gi' }).waitFor();
  await editor.screenshot('manifest-5-difference');
  await page.keyboard.press('Control+W');
  await lens('Apply').nth(1).click();
  const question = page.locator('.monaco-dialog-box');
  await question.waitFor();
  await editor.screenshot('manifest-6-apply');
  await question.getByRole('button', { name: 'Apply' }).click();
  await page.locator('.notification-toast', { hasText: 'was created' }).waitFor();
  await page.locator('.codelens-decoration', { hasText: /^(?!Not\sin).*admin\s·\sbilling/ }).first().waitFor();
  await editor.screenshot('manifest-7-applied');
  await page.locator('.notification-toast').getByRole('button', { name: 'Undo' }).click();
  assert.match(await editor.answer('Delete'), /Delete VirtualDisk "web-09-root" again/);
  await page.locator('.codelens-decoration', { hasText: 'Not in the cluster' }).nth(1).waitFor();

  await manifest.goTo('8:30');
  await page.keyboard.press('Enter');
  await page.keyboard.type('os', { delay: 50 });
  await manifest.suggestion('osType').waitFor();
  await editor.screenshot('manifest-2-fields');
  await page.keyboard.press('Enter');
  await manifest.suggestion('Generic').waitFor();
  await page.keyboard.press('Enter');
  await manifest.line('osType: Generic').waitFor();

  await manifest.goTo('7:28');
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  await manifest.suggestion('high-memory').waitFor();
  await editor.screenshot('manifest-3-classes');
  await page.keyboard.press('Escape');

  await manifest.create();
  await page.keyboard.type('VirtualM', { delay: 50 });
  await manifest.suggestion('VirtualMachine').waitFor();
  await page.keyboard.press('Enter');
  await manifest.line('blockDeviceRefs:').waitFor();
  await editor.screenshot('manifest-4-new');
  assert.equal(await manifest.line('kind: VirtualMachine').count(), 1);
}));
