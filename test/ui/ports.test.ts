import assert from 'node:assert/strict';
import { test } from 'node:test';
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
  await editor.type(':80, :81');
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

  await editor.choose(machine, 'Connect with Remote-SSH');
  const question = await editor.answer('Write');
  assert.match(question, /Host ledger-01\.billing\.admin\.dvp/);
  await editor.screenshot('ports-4-host');
}));
