import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEditor } from './withEditor';

test('three mistakes are found and mended, names of the cluster complete, and a manifest begins in an empty file', () => withEditor({ name: 'manifest' }, async ({ editor, page }) => {
  const line = (text: string) => page.locator('.view-line', { hasText: text });
  const suggestion = (label: string) => page.locator('.suggest-widget.visible .monaco-list-row', { has: page.locator('.label-name').getByText(label, { exact: true }) });
  const goTo = async (place: string) => {
    await page.keyboard.press('Control+G');
    await editor.type(`:${place}`);
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  };
  const mend = async (place: string, title: string) => {
    await goTo(place);
    const action = page.locator('.action-widget .monaco-list-row', { hasText: title }).first();
    // The list stays away while the findings of the last change are on their way.
    for (let attempt = 0; attempt < 20 && !(await action.isVisible()); attempt++) {
      await page.keyboard.press('Escape');
      await page.keyboard.press('Control+.');
      await action.waitFor({ timeout: 2000 }).catch(() => undefined);
    }
    await action.click();
  };
  await editor.openContext();
  await editor.row('ledger-01').waitFor();

  await page.keyboard.press('Control+P');
  await page.locator('.quick-input-widget input').fill('mistakes.yaml');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'mistakes.yaml' }).first().click();
  await page.locator('.codelens-decoration', { hasText: 'Not in the cluster' }).first().waitFor();
  await page.locator('.squiggly-error').first().waitFor();
  await editor.screenshot('manifest-1-mistakes');

  await mend('7:29', 'Change to "generic"');
  await line('virtualMachineClassName: generic').waitFor();
  await mend('8:4', 'Change to "runPolicy"');
  await line('runPolicy: AlwaysOn').waitFor();
  await mend('10:13', 'Change to "16"');
  await line('cores: 16').waitFor();
  await mend('17:8', 'Change to "runcmd"');
  await line('runcmd:').waitFor();
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

  await goTo('8:30');
  await page.keyboard.press('Enter');
  await page.keyboard.type('os', { delay: 50 });
  await suggestion('osType').waitFor();
  await editor.screenshot('manifest-2-fields');
  await page.keyboard.press('Enter');
  await suggestion('Generic').waitFor();
  await page.keyboard.press('Enter');
  await line('osType: Generic').waitFor();

  await goTo('7:28');
  await page.keyboard.press('Control+Shift+ArrowRight');
  await page.keyboard.press('Delete');
  await page.keyboard.press('Control+Space');
  await suggestion('high-memory').waitFor();
  await editor.screenshot('manifest-3-classes');
  await page.keyboard.press('Escape');

  await editor.run('File: New Untitled Text File');
  await editor.run('Change Language Mode');
  await page.locator('.quick-input-widget input').fill('YAML');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'YAML' }).first().click();
  await page.locator('.editor-group-container.active .view-line').first().click();
  await page.keyboard.type('VirtualM', { delay: 50 });
  await suggestion('VirtualMachine').waitFor();
  await page.keyboard.press('Enter');
  await line('blockDeviceRefs:').waitFor();
  await editor.screenshot('manifest-4-new');
  assert.equal(await line('kind: VirtualMachine').count(), 1);
}));
