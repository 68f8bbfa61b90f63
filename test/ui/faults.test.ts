import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Seen } from '../cluster/faults/proxy';
import { isAccessible } from './accessibility';
import { startBehindProxy } from './behindProxy';
import { poll } from './editor';
import { pictureOf } from './picture';
import { logIn, screen, shows } from './terminalText';
import { withEditor } from './withEditor';

test('a token that expires, a server that is silent, sends rubbish or takes its time: consoles say so, come back by themselves, and have lost nothing, not even over a reload', () => withEditor({
  name: 'faults', settings: { 'editor.accessibilitySupport': 'on' }, start: (kubeconfig: string) => startBehindProxy(kubeconfig, { hasProbe: true }),
}, async ({ editor, page, cluster: { proxy } }) => {
  const view = editor.webview;
  const overlay = view.locator('.overlay');
  const state = (text: RegExp) => view.locator('.state', { hasText: text }).waitFor();
  const opens = (machine: string, stream: string) => ({ url, headers }: Seen) => url.includes(`/${machine}/${stream}`) && headers['upgrade'] !== undefined;
  const seen = async (text: RegExp) => {
    let last = '';
    await poll(async () => text.test(last = await screen(view)), () => `Expected a terminal that says ${String(text)}; it says:\n${last}`);
  };
  await editor.openContext('states');
  const machine = await logIn(editor, 'ledger-01');
  await page.keyboard.type('echo kept\n');
  await seen(/\nkept/);

  const renew = proxy.inject({ fault: { type: 'status', code: 401 } });
  proxy.cutAll();
  await overlay.filter({ hasText: /Not connected\s*The cluster did not accept the credentials[^]*Sign in to the cluster again/ }).waitFor();
  await page.keyboard.type('lost');
  await view.locator('.hint', { hasText: 'not sent' }).waitFor();
  await editor.screenshot('faults-1-expired');
  renew();
  await state(/^connected/);
  await seen(/\nkept[^]*── [^]*Not connected since/);
  await editor.screenshot('faults-2-renewed');

  // Noticed by pings within forty seconds, while the rest of this test goes on in front of it.
  proxy.inject({ fault: { type: 'halfOpen', afterBytes: 300 }, matches: opens('db-01', 'console'), times: 1 });
  await logIn(editor, 'db-01');
  await page.keyboard.type('tick 200\n');
  await seen(/\ntick 2/);

  proxy.inject({ fault: { type: 'rubbish', afterBytes: 20 }, matches: opens('ledger-01', 'console'), times: 1 });
  await page.locator('.tab', { hasText: 'ledger-01' }).click();
  await view.locator('.screen').click();
  await page.keyboard.press('Control+]');
  await overlay.getByRole('button', { name: 'Connect now' }).click();
  await state(/^connected/);
  await page.keyboard.type('echo between the rubbish\n');
  await shows(view, 'is no WebSocket stream.');
  await state(/^connected/);
  await editor.screenshot('faults-3-rubbish');
  await page.keyboard.type('\necho after it\n');
  await seen(/\nkept[^]*no WebSocket stream[^]*\nafter it/);
  assert.doesNotMatch(await screen(view), /lost/);

  let letGo: () => void = () => undefined;
  proxy.inject({ fault: { type: 'delay', until: new Promise<void>((resolve) => { letGo = resolve; }) }, matches: opens('ledger-01', 'vnc'), times: 1 });
  await editor.choose(machine, 'Open screen (VNC)');
  await overlay.getByText('Connecting to "ledger-01"').waitFor();
  await isAccessible(view);
  await editor.screenshot('faults-4-connecting');
  letGo();
  await state(/^connected/);
  await overlay.waitFor({ state: 'hidden' });
  await poll(async () => (await pictureOf(view).catch(() => undefined))?.isLight(0, 0) === true, 'There was never a picture.');

  await page.locator('.tab', { hasText: 'db-01' }).click();
  await editor.screenshot('faults-5-silent');
  await shows(view, 'did not answer in time.');
  await state(/^connected/);
  await seen(/── "https:[^]*did not answer in time\. Not connected since[^]*\ntick \d\d\d/);
  await editor.screenshot('faults-6-noticed');

  const answer = proxy.inject({ fault: { type: 'delay', until: new Promise<void>((resolve) => { letGo = resolve; }) } });
  proxy.cutAll();
  await page.reload();
  // Long before an attempt to connect is given up.
  await overlay.getByText('Connecting to "db-01"').waitFor({ timeout: 25_000 });
  await seen(/\ntick \d\d\d[^]*The window was reloaded/);
  await editor.screenshot('faults-7-reloaded');
  answer();
  letGo();
  await state(/^connected/);
}));
