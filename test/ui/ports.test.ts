import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { poll } from './editor';
import { withEditor } from './withEditor';

test('a port of a machine is forwarded, used, seen in the list and stopped; ssh says why it cannot', () => withEditor({ name: 'ports', settings: { 'terminal.integrated.gpuAcceleration': 'off', 'editor.accessibilitySupport': 'on' } }, async ({ editor, page }) => {
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);

  await editor.choose(machine, 'Forward ports');
  const input = page.locator('.quick-input-widget input').first();
  await input.waitFor();
  await input.fill('0.0.0.0:80:80');
  await page.locator('.quick-input-widget', { hasText: 'names an address' }).waitFor();
  await editor.type(':80, :81, :7/udp');
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
  await editor.choose(echo, 'Stop forwarding');
  await echo.waitFor({ state: 'detached' });

  // As the editor leads there, which says that it runs elsewhere: on its own address (behind which nobody listens here).
  const opened = page.context().waitForEvent('page', { timeout: 60_000 });
  await editor.choose(web, 'Open in browser');
  const browser = await opened;
  await poll(() => browser.url() === new URL(`/proxy/${port}/`, page.url()).href, () => `It was led to "${browser.url()}".`);
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
  await editor.choose(machine, 'Open SSH');
  await editor.type('cloud');
  await editor.pick('What ssh finds itself');
  const terminal = page.locator('.xterm-accessibility-tree, .terminal-wrapper .xterm');
  await terminal.filter({ hasText: 'Press any key to close' }).first().waitFor();
  const said = (await terminal.first().innerText()).replace(/\s+/g, ' ');
  await editor.screenshot('ports-3-ssh-refused');
  assert.match(said, /Port 22 of "ledger-01" in "billing" cannot be reached.*SSH server/);

  // Turned away, nothing is written; the user's own text stays as it is, byte for byte, before and after.
  await editor.choose(machine, 'Connect with Remote-SSH');
  const question = await editor.answer('Cancel');
  assert.match(question, /Host ledger-01\.billing\.admin\.dvp\s+User cloud/);
  const file = /to "([^"]+)"/.exec(question)?.[1] ?? assert.fail(question);
  await assert.rejects(readFile(file));
  const own = '# mine\n\nHost *.example.test\n\tUser  me\n  # no line break at the end';
  await mkdir(path.dirname(file), { mode: 0o700 });
  await writeFile(file, own, { mode: 0o600 });
  const told = page.locator('.notifications-toasts', { hasText: 'is in your ssh configuration now' });
  for (const [round, asks] of [true, false].entries()) {
    await editor.choose(machine, 'Connect with Remote-SSH');
    if (asks) {
      await editor.answer('Write');
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
  await editor.run('Remove SSH hosts');
  await editor.pick('ledger-01.billing.admin.dvp');
  await page.keyboard.press('Enter');
  assert.match(await editor.answer('Remove'), /ledger-01\.billing\.admin\.dvp/);
  await poll(async () => await readFile(file, 'utf8') === own, 'The file never was as before.');
}));
