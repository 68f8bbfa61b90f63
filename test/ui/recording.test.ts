import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { parseCast } from '../../src/domain/asciicast';
import { isAccessible } from './accessibility';
import { ClusterUser } from './clusterUser';
import { poll } from './editor';
import { isFocused, tabTo } from './keyboard';
import { logIn, screen, shows } from './terminalText';
import { withEditor } from './withEditor';

test('a console is recorded and played, keeps its screen without the graphics card and while hidden, obeys no machine, and opens as a terminal', () => withEditor({ name: 'recording', settings: { 'editor.accessibilitySupport': 'on' } }, async ({ editor, page, folder }) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const view = editor.webview;
  await editor.openContext();
  await logIn(editor, 'ledger-01');

  // F28: the output goes into a file for its owner only.
  await view.getByRole('button', { name: 'Record' }).click();
  await editor.pick('What the terminal shows');
  const name = page.locator('.quick-input-widget input').first();
  await poll(async () => (await name.inputValue()).endsWith('.cast'), 'The file of the recording was never asked for.');
  const file = await name.inputValue();
  await page.keyboard.press('Enter');
  await view.locator('.record[aria-pressed="true"]').waitFor();
  await isAccessible(view);

  // F27: what would write the clipboard, change the title or answer does nothing, recorded or not.
  await view.locator('.screen').click();
  await page.keyboard.type('printf \\e]0;mine\\a\\e]52;c;ZXZpbA==\\a\\e[c\\e[6n\\e[5nquiet\n');
  await shows(view, 'quiet');
  await page.keyboard.type('echo recorded\n');
  await shows(view, 'recorded');
  assert.doesNotMatch(await screen(view), /not found|\[\?1;2c|;\d+R/);
  assert.equal(await page.locator('.tab.active .label-name').innerText(), 'ledger-01');

  // F25: several lines are shown before they are pasted, and the keyboard is the machine's again afterwards.
  await page.evaluate('navigator.clipboard.writeText("echo pasted one\\necho pasted two\\n")');
  await page.keyboard.press('Control+Shift+v');
  assert.match(await editor.answer('Paste'), /^Paste 2 lines into "ledger-01"[^]*echo pasted one\s+echo pasted two/);
  await shows(view, 'pasted two');
  await view.locator('.xterm.focus').waitFor();
  await page.keyboard.type('echo typed again\n');
  await shows(view, 'typed again');

  // F30: without its graphics context the terminal goes on as elements of the page.
  const renderer = view.locator('.screen');
  await view.locator('.screen[data-renderer]').waitFor();
  if (await renderer.getAttribute('data-renderer') === 'webgl') {
    await view.locator('.screen canvas').evaluateAll((canvases: unknown[]) => {
      for (const canvas of canvases as { getContext(kind: string): { getExtension(name: string): { loseContext(): void } | null } | null }[]) {
        canvas.getContext('webgl2')?.getExtension('WEBGL_lose_context')?.loseContext();
      }
    });
  }
  await view.locator('.screen[data-renderer="dom"]').waitFor();
  await page.keyboard.type('echo without a card\n');
  await shows(view, 'without a card');
  await editor.setTheme('Dark Modern');
  await editor.screenshot('recording-1-dark');
  await editor.setTheme('Dark High Contrast');
  await editor.screenshot('recording-2-contrast');
  await isAccessible(view);

  // F30: hidden for a while, it has everything when it is seen again.
  await view.locator('.screen').click();
  await page.keyboard.type('tick 50\n');
  await shows(view, 'tick 3');
  await editor.run('File: New Untitled Text File');
  await page.locator('.tab.active', { hasText: 'Untitled' }).waitFor();
  await page.locator('.tab', { hasText: 'ledger-01' }).click();
  await view.locator('.screen').click();
  await page.keyboard.press('Control+c');
  await poll(async () => /tick \d+[\s\S]*\$ *$/.test((await screen(view)).trimEnd()), 'The machine never stopped counting.');
  const numbers = [...(await screen(view)).matchAll(/^tick (\d+)/gm)].map(([, number]) => Number(number));
  assert.ok(numbers.length > 2);
  assert.deepEqual(numbers, numbers.map((_, index) => (numbers[0] ?? 0) + index));

  await view.getByRole('button', { name: /^Record/ }).click();
  await view.locator('.notice', { hasText: 'Recorded to' }).waitFor();
  const cast = parseCast(await readFile(file, 'utf8'));
  assert.ok(!('problem' in cast));
  const output = cast.events.filter(([, kind]) => kind === 'o').map(([, , data]) => data).join('');
  assert.match(output, /quiet[\s\S]*recorded[\s\S]*tick 3/);
  assert.equal(cast.events.some(([, kind]) => kind === 'i'), false);
  assert.equal((await stat(file)).mode & 0o777, 0o600);

  // F28: it plays in the same panel, by the keyboard alone. The machine gets nothing of it.
  await page.keyboard.press('Control+Shift+f');
  const more = view.getByRole('button', { name: 'More' });
  if (await more.isVisible()) {
    await tabTo(page, more);
    await page.keyboard.press('Enter');
  }
  const play = view.getByRole('button', { name: 'Play' });
  if (!await isFocused(play)) {
    await tabTo(page, play);
  }
  await page.keyboard.press('Enter');
  await editor.chooseFile('OK', file);
  const player = view.locator('.player');
  const control = (name: string) => player.getByRole('button', { name });
  await poll(() => isFocused(control('Pause')), 'The player never had the keyboard.');
  await page.keyboard.press('Space');
  await control('Play').waitFor();
  await tabTo(page, view.getByRole('button', { name: 'Save as text' }).first(), 'Shift+Tab');
  await page.keyboard.type('unseen');
  const position = player.getByRole('slider');
  const reached = async () => Number(await position.inputValue());
  await tabTo(page, position);
  await page.keyboard.press('Home');
  await poll(async () => await reached() === 0, 'It was never at its beginning.');
  await page.keyboard.press('ArrowRight');
  await poll(async () => await reached() > 0, 'It never moved.');
  await page.keyboard.press('End');
  await player.locator('.xterm-accessibility-tree', { hasText: `tick ${numbers.at(-1)}` }).waitFor();
  await editor.screenshot('recording-3-played');
  await isAccessible(view);
  const speed = player.locator('vscode-dropdown');
  await tabTo(page, speed);
  await page.keyboard.press('ArrowDown');
  await poll(async () => await speed.evaluate((element: unknown) => (element as { value: string }).value) === '2', 'It never was twice as fast.');
  await tabTo(page, control('Close'));
  await page.keyboard.press('Enter');
  await player.waitFor({ state: 'detached' });
  await view.locator('.xterm.focus').waitFor();
  await page.keyboard.type('echo as before\n');
  await poll(async () => /\nas before/.test(await screen(view)), 'The machine never had the keyboard again.');
  assert.doesNotMatch(await screen(view), /unseen/);

  // F28: a full disk ends the recording and nothing else.
  await using disk = await smallDisk(folder);
  if (disk) {
    const full = path.join(disk.folder, 'full.cast');
    await view.getByRole('button', { name: 'Record' }).click();
    await editor.pick('What the terminal shows');
    await editor.chooseFile('OK', full, 'inside');
    await view.locator('.record[aria-pressed="true"]').waitFor();
    await view.locator('.screen').click();
    await page.keyboard.type('flood 1\n');
    await view.locator('.notice', { hasText: 'The recording has ended: The disk is full. Make room or record elsewhere. What was recorded until then is in full.cast.' }).waitFor();
    await view.locator('.record[aria-pressed="false"]').waitFor();
    await poll(async () => /\.1048512\s+cloud@ledger-01:~\$\s*$/.test(await screen(view)), 'The machine\'s output never came to its end.');
    await editor.screenshot('recording-4-full');
    const rest = parseCast(await readFile(full, 'utf8'));
    assert.ok(!('problem' in rest) && rest.events.length > 0);
    await view.locator('.notice').getByRole('button', { name: 'Close' }).click();
    await view.locator('.notice').waitFor({ state: 'hidden' });
    await page.keyboard.type('echo and goes on\n');
    await poll(async () => /\nand goes on/.test(await screen(view)), 'The console does not go on.');
  }
}));

/** A disk with room for 128 KiB; `undefined` where nobody may mount one. */
async function smallDisk(parent: string): Promise<AsyncDisposable & { readonly folder: string } | undefined> {
  const folder = path.join(parent, 'disk');
  await mkdir(folder);
  const run = promisify(execFile);
  return run('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'dvp-test', folder])
    .then(() => mkdir(path.join(folder, 'inside')))
    .then(() => ({ folder, [Symbol.asyncDispose]: async () => void await run('umount', ['--lazy', folder]) }), () => undefined);
}

test('the console of a machine as a terminal of the editor', () => withEditor({ name: 'terminal', cluster: ['--probe'], settings: { 'editor.accessibilitySupport': 'on', 'dvp.console.surface': 'terminal' } }, async ({ editor, page, kubeconfig }) => {
  const text = page.locator('.terminal .xterm-accessibility-tree').first();
  const says = (wanted: string) => page.locator('.terminal .xterm-accessibility-tree', { hasText: wanted }).first().waitFor();
  await editor.openContext();
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);
  await editor.choose(machine, 'Open console');
  await says('login:');
  await page.locator('.terminal.xterm.focus').waitFor();
  await page.keyboard.type('cloud\nsecret\n');
  await says('cloud@ledger-01:~$');
  await page.keyboard.type('printf \\e]0;mine\\a\\e[c\\e[6nquiet\n');
  await says('quiet');
  await page.keyboard.type('echo works\n');
  await says('works');
  assert.doesNotMatch(await text.innerText(), /not found|\[\?1;2c/);
  await page.keyboard.press('Control+]');
  await says('Enter: Connect now');
  await page.keyboard.press('Enter');
  await poll(async () => /Enter: Connect now[^]*── connected/.test(await text.innerText()), 'It was never connected again.');
  await page.keyboard.type('echo as before\n');
  await poll(async () => /\nas before/.test(await text.innerText()), 'It was not the same machine.');
  await editor.screenshot('terminal-1');

  // Closed, it lets go of the machine at once, as the cluster counts.
  const user = new ClusterUser(kubeconfig, 'admin');
  const holder = async () => (await user.do<{ readonly holder?: string }>('GET', '/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines/ledger-01/console?probe=true')).holder;
  assert.equal(await holder(), 'admin');
  await editor.run('Terminal: Kill the Active Terminal Instance');
  await poll(async () => await holder() === undefined, 'The console was never free again.');
  await page.locator('.terminal').first().waitFor({ state: 'hidden' });
}));
