import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { cellHeight, cellWidth, characterIn } from '../cluster/platform/lower/font';
import { poll } from './editor';
import { pictureOf, textIn } from './picture';
import { withEditor } from './withEditor';

test('the screen of a machine is seen and typed on, keeps its last picture while the machine is off, and survives a reload of the window', () => withEditor({ name: 'vnc', settings: { 'dvp.vnc.keyCombinations': { 'List files': 'L', 'Broken': 'Ctrl+Nonsense' } } }, async ({ editor, page }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const view = editor.webview;
  const canvas = view.locator('canvas:not(.still)');
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);

  await editor.choose(machine, 'Open screen (VNC)');
  await shows(view, 'SIMULATED GUEST  ledger-01');
  await shows(view, 'login:');
  await canvas.click();
  await page.keyboard.type('cloud\n');
  await shows(view, 'login: cloud');
  await page.keyboard.type('secret\n');
  await shows(view, '$');
  assert.match(await view.locator('.state').innerText(), /^connected/);
  assert.match(await canvas.getAttribute('aria-label') ?? '', /^Screen of "ledger-01", 640 × 400/);
  await editor.screenshot('vnc-1-open');

  // What is on the screen is seen in the tooltip as well, while the panel is open.
  await machine.hover();
  await page.locator('.monaco-hover img[src^="data:image/jpeg"]').waitFor();
  await canvas.click();

  // Scaled, and still the machine's own pixels.
  await page.keyboard.type('echo it works\n');
  await shows(view, '\nit works');

  await view.getByRole('button', { name: 'Keys' }).click();
  assert.ok(await view.getByRole('menuitem', { name: 'Broken: "Nonsense" is no key' }).isDisabled());
  await view.getByRole('menuitem', { name: 'List files' }).click();
  await shows(view, '$ l');
  await page.keyboard.press('Backspace');

  await view.getByRole('button', { name: 'Type text…' }).click();
  const dialog = view.getByRole('dialog', { name: 'Type text into "ledger-01"' });
  await dialog.locator('textarea').fill('echo naïve "Quoted | $x"\n');
  await dialog.getByText('This keyboard cannot type: ï').waitFor();
  await editor.screenshot('vnc-2-type');
  await dialog.getByRole('button', { name: 'Type without them' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await shows(view, '$ echo nave "Quoted | $x"');

  // Ctrl+Alt gives the keys back to the editor: F1 is its own again.
  await canvas.click();
  await page.keyboard.press('Control+Alt');
  await view.locator('.hint', { hasText: 'Keys go to the editor' }).waitFor();
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.press('Escape');

  await editor.stop(machine);
  const overlay = view.locator('.overlay');
  await overlay.getByText('"ledger-01" is not running').waitFor();
  assert.ok(await view.locator('canvas.still').isVisible(), 'the last picture stays');
  await editor.screenshot('vnc-3-stopped');
  await overlay.getByRole('button', { name: 'Start' }).click();
  await overlay.waitFor({ state: 'hidden' });
  await shows(view, 'login:');
  assert.equal(await view.locator('canvas.still').count(), 0);

  await page.reload();
  await shows(view, 'login:');
  await view.locator('.state', { hasText: /^connected/ }).waitFor();
  await editor.screenshot('vnc-4-reloaded');
}));

/** Waits until the pixels of the canvas say so. */
async function shows(view: FrameLocator, text: string): Promise<void> {
  let last = '';
  await poll(async () => {
    last = await textOf(view).catch(() => '');
    return last.includes(text);
  }, () => `Expected a screen that says "${text}"; it says:\n${last}`);
}

async function textOf(view: FrameLocator): Promise<string> {
  return textIn(await pictureOf(view), { width: cellWidth, height: cellHeight }, characterIn);
}
