import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withEditor } from './withEditor';

test('a row explains itself, a selection is worked on together, and a read-only context is marked', () => withEditor({
  name: 'explorer', settings: { 'dvp.contexts': { editor: { color: 'red', readOnly: true } } },
}, async ({ editor, page }) => {
  await editor.openContext();
  await editor.waitForText(editor.row('runner-01'), /Running/);

  await editor.run('DVP: Group machines by…');
  await editor.pick('Phase');
  // What is unwell stands first.
  const warned = editor.row('web-02');
  await editor.pointAt(warned, 'Restart');
  await page.screenshot({ path: 'test-results/screenshots/explorer-1-tooltip.png' });

  await editor.choose(warned, 'Describe');
  await page.locator('.tab.active', { hasText: 'web-02' }).waitFor();
  await page.locator('.editor-group-container.active .view-line', { hasText: 'Conditions' }).first().waitFor();
  await editor.screenshot('explorer-2-described');

  await editor.run('DVP: Group machines by…');
  await editor.pick('Namespace');
  await editor.row('runner-01').click();
  await editor.row('runner-02').click({ modifiers: ['Control'] });
  await editor.choose(editor.row('runner-02'), 'Stop');
  assert.match(await editor.answer('Stop'), /Stop 2 objects[^]*"runner-01"[^]*"build"[^]*"admin"[^]*"runner-02"/);
  await editor.screenshot('explorer-3-together');
  for (const name of ['runner-01', 'runner-02']) {
    await editor.waitForText(editor.row(name), /Stopped/);
  }

  await editor.run('DVP: Select context');
  await editor.pick('editor');
  await page.locator('.statusbar-item', { hasText: 'editor' }).locator('.codicon-lock').waitFor();
  await editor.screenshot('explorer-4-read-only');
}));
