import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { logIn, screen, shows } from './terminalText';
import { withEditor } from './withEditor';

test('the console of a machine is typed into, stops with the machine, comes back with it and survives a reload of the window', () => withEditor({
  // A terminal drawn by the graphics card has no text in the page but for screen readers.
  name: 'console', settings: { 'editor.accessibilitySupport': 'on' },
}, async ({ editor, page }) => {
  await editor.openContext();
  const view = editor.webview;
  const machine = await logIn(editor, 'ledger-01');
  await page.keyboard.type('echo It works\n');
  await shows(view, 'It works');
  assert.match(await view.locator('.state').innerText(), /^connected/);
  assert.doesNotMatch(await screen(view), /secret/);
  await editor.screenshot('console-1-open');
  await isAccessible(view);

  await editor.stop(machine);
  const overlay = view.locator('.overlay');
  await overlay.getByText('"ledger-01" is not running').waitFor();
  await view.locator('.screen').click({ position: { x: 20, y: 20 } });
  await page.keyboard.type('lost');
  await view.locator('.hint', { hasText: 'not sent' }).waitFor();
  const start = overlay.getByRole('button', { name: 'Start' });
  await start.waitFor();
  await editor.screenshot('console-2-stopped');
  await isAccessible(view);

  // The keyboard alone will do.
  await view.locator('.screen').click({ position: { x: 20, y: 20 } });
  await poll(async () => {
    await page.keyboard.press('Tab');
    return start.evaluate((button: unknown) => (button as { matches(selector: string): boolean }).matches(':focus'));
  }, 'Tab never led to what is offered.');
  await page.keyboard.press('Enter');
  await overlay.waitFor({ state: 'hidden' });
  await shows(view, 'what the machine printed meanwhile is missing');
  await shows(view, 'It works');
  assert.doesNotMatch(await screen(view), /lost/);
  await editor.screenshot('console-3-back');

  await view.locator('.screen').click();
  await page.keyboard.press('Control+]');
  await overlay.getByText('Not connected').waitFor();
  await overlay.getByRole('button', { name: 'Connect now' }).click();
  await overlay.waitFor({ state: 'hidden' });

  const toolbar = view.getByRole('toolbar');
  await toolbar.getByRole('button', { name: 'Capture keys' }).click();
  await view.locator('.notice', { hasText: 'Ctrl+Alt+G' }).waitFor();
  await page.keyboard.press('F1');
  await page.keyboard.press('Control+p');
  await editor.screenshot('console-5-captured');
  await page.keyboard.press('Control+Alt+g');
  await view.locator('.notice').waitFor({ state: 'hidden' });
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.press('Escape');

  await page.reload();
  await shows(view, 'The window was reloaded');
  await shows(view, 'It works');
  await view.locator('.state', { hasText: /^connected/ }).waitFor();
  await editor.screenshot('console-4-reloaded');
}));
