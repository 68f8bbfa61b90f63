import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { isAccessible } from './accessibility';
import { poll } from './editor';
import { tabTo } from './keyboard';
import { pictureOf } from './picture';
import { withEditor } from './withEditor';

test('console and screen say in Russian why they have no connection: no rights, then no network; the keyboard alone reaches what is offered, on every ground', () => withEditor({ name: 'cut', language: 'ru' }, async ({ editor, page, cluster }) => {
  const pane = 'Кластеры';
  const view = editor.webview;
  const overlay = view.locator('.overlay');
  const see = async (name: string) => {
    await isAccessible(view);
    await editor.screenshot(`cut-${name}`);
  };
  await editor.showClusters(pane);
  const admin = editor.row('admin', pane);
  const viewer = editor.row('viewer', pane);
  const machine = editor.row('ledger-01', pane);
  await machine.waitFor();
  await fold(admin);
  await editor.expand(viewer);
  const web = editor.row('web-01', pane);
  await web.waitFor();
  for (const [entry, name] of [['Открыть консоль', 'console'], ['Открыть экран (VNC)', 'screen']] as const) {
    await editor.choose(web, entry);
    await overlay.getByText(`cannot get resource "virtualmachines/${name === 'screen' ? 'vnc' : name}"`).waitFor();
    await overlay.getByText('Не подключено').waitFor();
    await see(`1-no-rights-${name}`);
    await editor.run('View: Close Editor');
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
  }
  await fold(viewer);
  await editor.expand(admin);
  await machine.waitFor();
  await editor.choose(machine, 'Открыть экран (VNC)');
  await poll(async () => (await pictureOf(view).catch(() => undefined))?.isLight(0, 0) === true, 'There was never a picture.');
  await editor.choose(machine, 'Открыть консоль');
  await page.locator('.tab.active', { hasNotText: 'VNC' }).waitFor();
  await view.locator('.state', { hasText: /^подключено/ }).waitFor();
  await cluster.kill();
  await overlay.getByText('Связь потеряна').waitFor();
  await see('2-lost-console');
  await view.locator('.screen').click({ position: { x: 20, y: 20 } });
  await tabTo(page, overlay.getByRole('button', { name: 'Прекратить попытки' }));
  await page.keyboard.press('Enter');
  await overlay.getByText('Не подключено').waitFor();
  await page.locator('.tab', { hasText: 'VNC' }).click();
  await overlay.getByText('Связь потеряна').waitFor();
  for (const theme of ['Dark High Contrast', 'Light High Contrast', 'Dark Modern', 'Light Modern'] as const) {
    await editor.setTheme(theme);
    await see(`3-lost-screen-${theme.toLowerCase().replaceAll(' ', '-')}`);
  }
  await view.locator('.screen').click({ position: { x: 20, y: 20 } });
  await tabTo(page, overlay.getByRole('button', { name: 'Прекратить попытки' }));
  await page.keyboard.press('Enter');
  await overlay.getByText('Не подключено').waitFor();
  await see('4-given-up');
}));

async function fold(row: Locator): Promise<void> {
  await row.locator('.monaco-tl-twistie').click();
  await poll(async () => await row.getAttribute('aria-expanded') === 'false', 'The row was never folded.');
}
