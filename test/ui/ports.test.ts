import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { poll, screenshots } from './editor';
import { choose, command } from './keyboard';
import { withEditor } from './withEditor';

test('by the keyboard alone a port of a machine is forwarded, used, seen in the list and stopped, ssh says why it cannot, and Remote-SSH gets its entry', () => withEditor({ name: 'ports', settings: { 'workbench.colorTheme': 'Default High Contrast Light', 'terminal.integrated.gpuAcceleration': 'off', 'editor.accessibilitySupport': 'on' } }, async ({ editor, page }) => {
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);

  const forMachine = async (title: string) => {
    await command(page, title);
    await choose(page, 'Choose an object of', 'ledger-01');
  };
  await forMachine('DVP: Forward ports');
  await asks(page, 'Ports of the machine');
  await page.keyboard.type('0.0.0.0:80:80');
  await page.locator('.quick-input-widget', { hasText: 'names an address' }).waitFor();
  await editor.screenshot('ports-0-refused');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(':80, :81, :7/udp');
  await page.keyboard.press('Enter');
  const web = editor.row(/^\d+ → ledger-01:80$/, 'Ports');
  await editor.waitForText(web, /open$/);
  await editor.screenshot('ports-1-open');

  const port = Number(/^(\d+)/.exec(await web.locator('.label-name').innerText())?.[1]);
  const answer = await fetch(`http://127.0.0.1:${port}/bytes?mib=20`, { headers: { connection: 'close' } });
  assert.equal((await answer.arrayBuffer()).byteLength, 20 * 2 ** 20);
  assert.match(await (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } })).text(), /<h1>ledger-01<\/h1>/);
  await editor.waitForText(web, /↓ 20 MiB · ↑ \d+ B/);

  const silent = editor.row(/^\d+ → ledger-01:81$/, 'Ports');
  const silentPort = Number(/^(\d+)/.exec(await silent.locator('.label-name').innerText())?.[1]);
  await assert.rejects(fetch(`http://127.0.0.1:${silentPort}/`));
  await editor.waitForText(silent, /failed \d+ s ago: .*refused/);
  await editor.screenshot('ports-2-traffic');

  // As the platform's own client has it: datagrams, too.
  const echo = editor.row(/^\d+ → ledger-01:7\/udp$/, 'Ports');
  const socket = createSocket('udp4');
  socket.send('datagram', Number(/^(\d+)/.exec(await echo.locator('.label-name').innerText())?.[1]), '127.0.0.1');
  const [answered] = await once(socket, 'message') as [Buffer];
  socket.close();
  assert.equal(answered.toString(), 'datagram');
  await editor.waitForText(echo, /↓ 8 B · ↑ 8 B/);
  await command(page, 'DVP: Stop forwarding');
  await choose(page, 'Choose a port', await echo.locator('.label-name').innerText(), ':7/udp');
  await echo.waitFor({ state: 'detached' });

  // As the editor leads there, which says that it runs elsewhere: on its own address. Whoever runs it there passes that on; here it is the test.
  await page.context().route(/\/proxy\/\d+\//, async (route) => {
    const [, to, rest = ''] = /\/proxy\/(\d+)\/(.*)$/.exec(route.request().url()) ?? [];
    await route.fulfill({ response: await route.fetch({ url: `http://127.0.0.1:${to}/${rest}` }) });
  });
  await command(page, 'Deckhouse Virtualization: Focus on Ports View');
  await poll(async () => {
    await page.keyboard.press('Home');
    return /\bfocused\b/.test(await web.getAttribute('class') ?? '');
  }, 'The list of ports never had the keyboard.');
  const opened = page.context().waitForEvent('page', { timeout: 60_000 });
  await page.keyboard.press('Shift+F10');
  await fromMenu(page, 'Open in browser');
  const browser = await opened;
  await browser.locator('h1', { hasText: 'ledger-01' }).waitFor();
  assert.equal(browser.url(), new URL(`/proxy/${port}/`, page.url()).href);
  await browser.screenshot({ path: path.join(screenshots, 'ports-5-browser.png') });
  await browser.close();

  await editor.choose(web, 'Remember port');
  await editor.choose(web, 'Stop forwarding');
  const remembered = editor.row('ledger-01:80', 'Ports');
  await editor.waitForText(remembered, /not open/);
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`));
  await editor.choose(silent, 'Stop forwarding');
  await silent.waitFor({ state: 'detached' });
  await page.reload();
  await editor.waitForText(remembered, /not open/);
  await editor.choose(remembered, 'Open port again');
  await editor.waitForText(web, /open$/);
  await editor.choose(web, 'Stop forwarding');
  await editor.choose(remembered, 'Forget port');
  await editor.pane('Ports').waitFor({ state: 'detached' });

  await editor.waitForText(machine, /Running/);
  await forMachine('DVP: Open SSH');
  await asks(page, 'The user as whom you log in');
  await page.keyboard.type('cloud user');
  await page.keyboard.press('Enter');
  await editor.screenshot('ports-6-user');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('cloud');
  await page.keyboard.press('Enter');
  await choose(page, 'Key:', 'What ssh finds itself');
  const terminal = page.locator('.xterm-accessibility-tree, .terminal-wrapper .xterm');
  await terminal.filter({ hasText: 'Press any key to close' }).first().waitFor();
  const said = (await terminal.first().innerText()).replace(/\s+/g, ' ');
  await editor.screenshot('ports-3-ssh-refused');
  assert.match(said, /Port 22 of "ledger-01" in "billing" cannot be reached.*SSH server/);

  // Turned away, nothing is written; the user's own text stays as it is, byte for byte, before and after.
  await forMachine('DVP: Connect with Remote-SSH');
  const question = await press(page, 'Escape');
  assert.match(question, /Host ledger-01\.billing\.admin\.dvp\s+User cloud/);
  const file = /to "([^"]+)"/.exec(question)?.[1] ?? assert.fail(question);
  await assert.rejects(readFile(file));
  const own = '# mine\n\nHost *.example.test\n\tUser  me\n  # no line break at the end';
  await mkdir(path.dirname(file), { mode: 0o700 });
  await writeFile(file, own, { mode: 0o600 });
  const told = page.locator('.notifications-toasts', { hasText: 'is in your ssh configuration now' });
  for (const [round, isAsked] of [true, false].entries()) {
    await forMachine('DVP: Connect with Remote-SSH');
    if (isAsked) {
      await press(page, 'Enter');
    }
    await told.waitFor();
    await editor.screenshot(`ports-4-host-${round + 1}`);
    const text = await readFile(file, 'utf8');
    assert.equal(text.match(/^# BEGIN /gm)?.length, 1);
    assert.ok(text.endsWith(`\n\n${own}`));
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    await editor.run('Notifications: Clear All Notifications');
    await told.waitFor({ state: 'detached' });
  }
  await command(page, 'DVP: Remove SSH hosts');
  await page.locator('.quick-input-list .monaco-list-row', { hasText: 'ledger-01.billing.admin.dvp' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  assert.match(await press(page, 'Enter'), /ledger-01\.billing\.admin\.dvp/);
  await poll(async () => await readFile(file, 'utf8') === own, 'The file never was as before.');
}));

/** Waits until the box that asks for this has the keyboard. */
async function asks(page: Page, prompt: string): Promise<void> {
  await page.locator('.quick-input-widget', { hasText: prompt }).locator('input:focus').waitFor();
}

/** Walks down an open menu and chooses there. */
async function fromMenu(page: Page, entry: string): Promise<void> {
  const item = page.locator('.monaco-menu .action-item.focused', { hasText: entry });
  await page.locator('.monaco-menu').waitFor();
  await poll(async () => {
    await page.keyboard.press('ArrowDown');
    return item.isVisible();
  }, `The menu never came to "${entry}".`);
  await page.keyboard.press('Enter');
}

/** Presses a key in the dialog that asks, and returns what the dialog said. */
async function press(page: Page, key: string): Promise<string> {
  const dialog = page.locator('.monaco-dialog-box');
  await dialog.locator('.monaco-button:focus').waitFor();
  const text = await dialog.locator('.dialog-message-container').innerText();
  await page.keyboard.press(key);
  await dialog.waitFor({ state: 'hidden' });
  return text;
}
