import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { FrameLocator } from 'playwright-core';
import { cellHeight, cellWidth, characterIn } from '../cluster/platform/lower/font';
import { isAccessible } from './accessibility';
import { ClusterUser } from './clusterUser';
import { poll, screenshots, webviewOf } from './editor';
import { tabTo } from './keyboard';
import { leave, pictureOf, textIn } from './picture';
import { withEditor } from './withEditor';

test('the screen of a machine is seen and typed on, keeps its last picture while the machine is off, and survives a reload of the window', () => withEditor({ name: 'vnc', cluster: ['--probe'], settings: { 'dvp.vnc.keyCombinations': { 'List files': 'L', 'Broken': 'Ctrl+Nonsense' } } }, async ({ editor, page, folder, kubeconfig }) => {
  await mkdir(path.join(folder, 'inside'));
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
  await isAccessible(view);

  // What is on the screen is seen in the tooltip as well, while the panel is open.
  await machine.hover();
  await page.locator('.monaco-hover img[src^="data:image/jpeg"]').waitFor();
  await canvas.click();

  // Scaled, and still the machine's own pixels.
  await page.keyboard.type('echo it works\n');
  await shows(view, '\nit works');

  await view.getByRole('button', { name: 'Keys' }).click();
  assert.ok(await view.getByRole('menuitem', { name: 'Broken: "Nonsense" is no key' }).isDisabled());
  await isAccessible(view);
  await view.getByRole('menuitem', { name: 'List files' }).click();
  await shows(view, '$ l');
  await page.keyboard.press('Backspace');

  // The clipboard goes both ways, each only when chosen.
  await page.evaluate('navigator.clipboard.writeText("from the user")');
  await view.getByRole('button', { name: 'Clipboard', exact: true }).click();
  await view.getByRole('menuitem', { name: 'Put your clipboard on the machine\'s' }).click();
  await view.locator('.hint', { hasText: '13 characters are on the machine\'s clipboard.' }).waitFor();
  await canvas.click();
  await page.keyboard.type('paste\n');
  await shows(view, '\nfrom the user');
  await page.keyboard.type('copy from the machine\n');
  await view.locator('.hint', { hasText: 'The machine copied something.' }).waitFor();
  await view.getByRole('button', { name: 'Clipboard', exact: true }).click();
  await view.getByRole('menuitem', { name: 'Take what the machine copied (16 characters)' }).click();
  await poll(async () => await page.evaluate('navigator.clipboard.readText()') === 'from the machine', 'It was never taken.');

  // F29: a picture of the machine's own pixels, into a file and onto the clipboard.
  await view.getByRole('button', { name: 'Screenshot' }).click();
  await view.getByRole('menuitem', { name: 'Copy to the clipboard' }).click();
  await view.locator('.hint', { hasText: 'The screenshot is on the clipboard.' }).waitFor();
  await view.getByRole('button', { name: 'Screenshot' }).click();
  await view.getByRole('menuitem', { name: 'Save as file…' }).click();
  await editor.chooseFile('OK', path.join(folder, 'screen.png'), 'inside');
  await poll(async () => {
    const picture = await readFile(path.join(folder, 'screen.png')).catch(() => undefined);
    return picture !== undefined && picture.length > 24 && picture.readUInt32BE(16) === 640 && picture.readUInt32BE(20) === 400;
  }, 'There never was a picture of 640 × 400.');

  await view.getByRole('button', { name: 'Type text…' }).click();
  const dialog = view.getByRole('dialog', { name: 'Type text into "ledger-01"' });
  await dialog.locator('textarea').fill('echo naïve "Quoted | $x"\n');
  await dialog.getByText('This keyboard cannot type: ï').waitFor();
  const others = dialog.getByRole('button', { name: 'Type without them', disabled: false });
  await others.waitFor();
  await isAccessible(view);
  await editor.screenshot('vnc-2-type');
  await others.click();
  await dialog.waitFor({ state: 'hidden' });
  await shows(view, '$ echo nave "Quoted | $x"');

  // By the keyboard alone, for machines with other keyboards: this one, which has a US keyboard, shows which keys were pressed.
  for (const [layout, text, impossible, typed] of [['ru', 'echo приветé', 'é', '$ echo ghbdtn'], ['de', ' yz-ßж', 'ж', '$ echo ghbdtn zy/-']] as const) {
    await leave(view);
    await tabTo(page, view.getByRole('button', { name: 'Type text…' }));
    await page.keyboard.press('Enter');
    await dialog.locator('textarea:focus').waitFor();
    await page.keyboard.press('Control+a');
    await page.keyboard.insertText(text);
    const choice = dialog.locator('vscode-dropdown').first();
    await tabTo(page, choice);
    await poll(async () => {
      await page.keyboard.press('ArrowDown');
      return await choice.evaluate((element: unknown) => (element as { value: string }).value) === layout;
    }, `"${layout}" was never reached.`);
    await dialog.getByText(`This keyboard cannot type: ${impossible}`).waitFor();
    await editor.screenshot(`vnc-8-type-${layout}`);
    await tabTo(page, others);
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'hidden' });
    await shows(view, typed);
  }
  await view.locator('canvas:focus').waitFor();
  await page.keyboard.press('Enter');

  // Who only looks types nothing.
  await inToolbar(view, 'View only');
  await canvas.click();
  await page.keyboard.type('unseen');
  await inToolbar(view, 'View only');
  await canvas.click();
  await page.keyboard.type('seen');
  await shows(view, '$ seen');
  await page.keyboard.press('Control+c');

  // Ctrl+Alt gives the keys back to the editor: F1 is its own again.
  await leave(view);
  await page.keyboard.press('F1');
  await page.locator('.quick-input-widget input').waitFor();
  await page.keyboard.press('Escape');

  // All of the editor, narrow or not; the toolbar is there for who comes with the keyboard.
  await page.setViewportSize({ width: 780, height: 800 });
  const widthOf = async () => (await canvas.boundingBox())?.width ?? 0;
  await poll(async () => await widthOf() < 320, 'The panel never was narrow.');
  await isAccessible(view);
  await inToolbar(view, 'Full panel');
  await poll(async () => await widthOf() > 700, 'The screen never filled the editor.');
  await view.locator('body.full:not(.peek)').waitFor();
  await canvas.click();
  await editor.screenshot('vnc-5-full');
  await page.keyboard.press('Control+Alt');
  await inToolbar(view, 'Full panel');
  await poll(async () => await widthOf() < 320, 'The panel never got its place back.');
  await page.setViewportSize({ width: 1280, height: 800 });

  // Somebody else takes it.
  const other = await new ClusterUser(kubeconfig, 'editor').stream('billing', 'ledger-01', 'vnc');
  await view.locator('.overlay').getByText('"editor" is using this screen').waitFor();
  await isAccessible(view);
  await editor.screenshot('vnc-6-taken');
  await view.locator('.overlay').getByRole('button', { name: 'Wait until it is free' }).click();
  other.terminate();
  await view.locator('.state', { hasText: /^connected/ }).waitFor();
  await shows(view, '$ echo nave "Quoted | $x"');

  await editor.stop(machine);
  const overlay = view.locator('.overlay');
  await overlay.getByText('"ledger-01" is not running').waitFor();
  assert.ok(await view.locator('canvas.still').isVisible(), 'the last picture stays');
  await editor.screenshot('vnc-3-stopped');
  await isAccessible(view);
  await overlay.getByRole('button', { name: 'Start' }).click();
  await overlay.waitFor({ state: 'hidden' });
  await shows(view, 'login:');
  assert.equal(await view.locator('canvas.still').count(), 0);

  await page.reload();
  await shows(view, 'login:');
  await view.locator('.state', { hasText: /^connected/ }).waitFor();
  await editor.screenshot('vnc-4-reloaded');
  // F25: the machine's keyboard is remembered; Escape leads back to the screen.
  await leave(view);
  await tabTo(page, view.getByRole('button', { name: 'Type text…' }));
  await page.keyboard.press('Enter');
  await poll(async () => await dialog.locator('vscode-dropdown').first().evaluate((element: unknown) => (element as { value: string }).value) === 'de', 'The keyboard was forgotten.');
  await page.keyboard.press('Escape');
  await view.locator('canvas:focus').waitFor();

  // Another machine beside it, then in a window of its own.
  await editor.choose(editor.row('db-01'), 'Open screen (VNC)');
  await page.locator('.tab.active', { hasText: 'db-01' }).waitFor();
  await shows(view, 'db-01  serial port');
  await leave(view);
  const opened = page.context().waitForEvent('page');
  await editor.run('View: Move Editor into New Window');
  const own = webviewOf(await opened);
  await shows(own, 'db-01  serial port');
  await own.locator('canvas:not(.still)').click();
  await own.locator('canvas:not(.still)').press('Enter');
  await shows(own, 'login:\ndb-01 login:');
  await (await opened).screenshot({ path: path.join(screenshots, 'vnc-7-window.png') });
  await shows(view, 'ledger-01  serial port');
}));

/** Presses a button of the toolbar, also where it has no room. */
async function inToolbar(view: FrameLocator, name: string): Promise<void> {
  const button = view.getByRole('toolbar').getByRole('button', { name });
  if (!await button.isVisible()) {
    await view.getByRole('button', { name: 'More' }).click();
  }
  await button.click();
}

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
