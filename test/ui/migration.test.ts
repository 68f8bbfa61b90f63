import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { isAccessible } from './accessibility';
import { withEditor } from './withEditor';

test('a migration is started, watched, cancelled, repeated and survives a reload; one that is refused says why', () => withEditor({ name: 'migration' }, async ({ editor, page }) => {
  const view = editor.webview;
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);

  await editor.choose(machine, 'Show migration');
  await view.getByRole('heading', { name: 'ledger-01' }).waitFor();
  await view.getByText('It can migrate', { exact: true }).waitFor();
  await editor.screenshot('migration-1-before');
  await isAccessible(view);

  await view.getByRole('button', { name: 'Migrate', exact: true }).click();
  assert.match(await editor.answer('Migrate'), /ledger-01/);
  await headline(view, 'Copying memory');
  await view.getByRole('progressbar').and(view.locator('[aria-valuenow]')).waitFor();
  await page.locator('#dvp\\.migrations, .statusbar-item[aria-label^="Migrations:"]').first().waitFor();
  await editor.screenshot('migration-2-running');
  await isAccessible(view);

  // What is on the page stays the same element while its text changes.
  await view.locator('.head').evaluate('document.querySelector(".head").setAttribute("data-kept", "yes")');
  await view.getByRole('button', { name: 'Cancel migration' }).click();
  await editor.answer('Cancel migration');
  await headline(view, /^Cancelled/);
  assert.equal(await view.locator('.head').getAttribute('data-kept'), 'yes');
  await editor.screenshot('migration-3-cancelled');

  await view.getByRole('button', { name: 'Migrate again' }).click();
  await editor.answer('Migrate');
  await headline(view, 'Copying memory');
  await page.reload();
  await view.getByRole('heading', { name: 'ledger-01' }).waitFor();
  await headline(view, 'Completed');
  await view.locator('.history .past').nth(1).waitFor();
  await view.getByText('The plot as a table').click();
  await view.getByRole('cell', { name: '100 %' }).waitFor();
  await editor.screenshot('migration-4-completed');
  await isAccessible(view);
}));

async function headline(view: FrameLocator, text: string | RegExp): Promise<void> {
  await view.locator('.headline', { hasText: text }).waitFor();
}
