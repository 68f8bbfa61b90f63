import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { tabTo } from './keyboard';
import { logIn, screen, shows } from './terminalText';
import { withEditor } from './withEditor';

test('the console of a machine is typed into, stops with the machine, comes back with it and survives a reload of the window', () => withEditor({
  // A terminal drawn by the graphics card has no text in the page but for screen readers.
  name: 'console', settings: { 'editor.accessibilitySupport': 'on' },
}, async ({ editor, page, folder }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await mkdir(path.join(folder, 'inside'));
  await editor.openContext();
  const view = editor.webview;
  const machine = await logIn(editor, 'ledger-01');
  await page.keyboard.type('echo It works\n');
  await shows(view, 'It works');
  assert.match(await view.locator('.state').innerText(), /^connected/);
  assert.doesNotMatch(await screen(view), /secret/);
  await editor.screenshot('console-1-open');
  await isAccessible(view);

  // Wide letters, marks on letters, pictures; the size of the terminal; all of it as text.
  await page.evaluate('navigator.clipboard.writeText("echo [日本語] [e\\u0301] [👍] end")');
  await page.keyboard.press('Control+Shift+v');
  await shows(view, '👍] end');
  await page.keyboard.press('Enter');
  await poll(async () => /^\[日本語\] \[e\u0301\] \[👍\] end/m.test(await screen(view)), 'It was never echoed.');
  const size = view.getByRole('button', { name: /^\d+×\d+/ });
  const [, columns, rows] = /^(\d+)×(\d+)/.exec(await size.getAttribute('aria-label') ?? '') ?? assert.fail();
  await size.click();
  await shows(view, `$ stty rows ${rows} cols ${columns}`);
  await view.getByRole('button', { name: 'Save as text' }).click();
  const log = path.join(folder, 'console.log');
  await editor.chooseFile('OK', log, 'inside');
  await poll(async () => /\nIt works\n[^]*\n\[日本語\] \[e\u0301\] \[👍\] end\n/.test(await readFile(log, 'utf8').catch(() => '')), 'It was never saved.');

  // What is found is selected, so that it can be copied; the keyboard goes there and back.
  await view.locator('.screen').click();
  await page.keyboard.press('Control+Shift+f');
  await page.keyboard.type('nowhere');
  await page.keyboard.press('Enter');
  await view.locator('.hint', { hasText: 'not found' }).waitFor();
  await page.keyboard.press('Escape');
  await view.locator('.xterm.focus').waitFor();
  await page.keyboard.press('Control+Shift+f');
  await page.keyboard.type('日本語]');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await view.locator('.xterm.focus').waitFor();
  await page.keyboard.press('Control+Shift+c');
  await poll(async () => await page.evaluate('navigator.clipboard.readText()') === '日本語]', 'What was found was never copied.');

  // A link is followed with Ctrl, after the editor has asked.
  await page.keyboard.type('echo see https://example.test/a?b=1 there\n');
  await poll(async () => /^see https:\/\/example\.test\/a\?b=1 there/m.test(await screen(view)), 'The link was never printed.');
  const line = await view.locator('.xterm-accessibility-tree > div', { hasText: /^see https/ }).boundingBox() ?? assert.fail();
  await page.keyboard.down('Control');
  await poll(async () => {
    await page.mouse.move(line.x + 60, line.y - 5);
    await page.mouse.move(line.x + 90, line.y + line.height / 2);
    return (await view.locator('.screen').getAttribute('title') ?? '').includes('Ctrl');
  }, 'Nothing ever said how a link is followed.');
  await page.mouse.click(line.x + 90, line.y + line.height / 2);
  await page.keyboard.up('Control');
  assert.match(await editor.answer('Cancel'), /https:\/\/example\.test\/a\?b=1/);
  await editor.screenshot('console-6-text');

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
  await tabTo(page, start);
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
  await toolbar.getByRole('button', { name: 'Clear' }).click();
  await poll(async () => !/It works/.test(await screen(view)), 'It was never cleared.');
}));
