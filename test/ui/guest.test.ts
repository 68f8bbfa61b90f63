import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { findProgram } from '../../src/cluster/program';
import { descendants } from '../bench/descendants';
import { whyNoQemu } from '../cluster/platform/lower/qemu/images';
import { startClusterProcess } from './clusterProcess';
import { poll } from './editor';
import { LearnedFont, leave, pictureOf } from './picture';
import { withEditor } from './withEditor';

const why = whyNoQemu();
const programs = ['ssh', 'scp', 'sftp'] as const;

/** Of the text mode in which the guest's screen starts. */
const cell = { width: 9, height: 16 };
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/~#$@-_.>=';

test('a real machine: serial console and screen side by side, a live migration, ssh, files, the death of its process', { skip: why !== undefined && `No guest in QEMU: ${why}.` }, (context) => withEditor({
  name: 'guest', programs: 'bin', settings: { 'editor.accessibilitySupport': 'on', 'terminal.integrated.gpuAcceleration': 'off' },
  start: async (kubeconfig: string, folder: string) => {
    const missing = await ownPrograms(folder);
    return { ...await startClusterProcess({ kubeconfig, args: ['--guest', 'qemu', '--guest-limit', '1', '--guest-memory', '96'] }), missing };
  },
}, async ({ editor, page, cluster, folder }) => {
  const { missing } = cluster;
  await page.setViewportSize({ width: 1600, height: 900 });
  // The terminals have text in the page for screen readers alone; that the editor says so is not the story.
  await page.addStyleTag({ content: '[id="status.editor.screenReaderMode"] { display: none !important; }' });
  const step = async (name: string, run: () => Promise<void>) => {
    await run();
    await editor.screenshot(`guest-${name}`);
  };
  await editor.openContext();
  await editor.row('Machines').waitFor();
  await editor.run('DVP: Filter');
  await editor.type('web-01');
  const machine = editor.row('web-01');
  await editor.waitForText(machine, /Running/);

  await step('1-serial', async () => {
    await editor.choose(machine, 'Open console');
    const serial = await panel(page, '.screen[aria-label="Serial console of \\"web-01\\""]');
    await serial.locator('.screen').click();
    await says(serial, 'web-01 login:');
    await page.keyboard.type('root\n');
    await says(serial, 'root@web-01:');
    await page.keyboard.type('uname -sn\n');
    await says(serial, '\nLinux web-01');
  });
  const serial = await panel(page, '.screen[aria-label="Serial console of \\"web-01\\""]');

  // F25: who asks for it gets several lines as one piece between its marks; otherwise they are asked about.
  await step('1-paste', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.evaluate('navigator.clipboard.writeText("echo one piece\\necho of two lines")');
    // Typed ahead of it, the login may leave a terminal for which Enter ends no line.
    await page.keyboard.type('stty icrnl; printf "\\033[?2004h"; echo asks for $((6 * 7)); cat -v\n');
    await says(serial, '\nasks for 42');
    await page.keyboard.press('Control+Shift+v');
    await page.keyboard.press('Enter');
    await says(serial, '\n^[[200~echo one piece');
    await says(serial, '\necho of two lines^[[201~');
    await page.keyboard.press('Control+c');
    await page.keyboard.type('printf "\\033[?2004l"; echo asked $((6 * 7))\n');
    await says(serial, 'asked 42');
    await page.keyboard.press('Control+Shift+v');
    assert.match(await editor.answer('Cancel'), /^Paste 2 lines into "web-01"[^]*echo one piece\s+echo of two lines/);
    await serial.locator('.xterm.focus').waitFor();
    await page.keyboard.type('clear\n');
  });

  let screen = serial;
  let shows: (text: string) => Promise<void> = () => Promise.resolve();
  await step('2-screen', async () => {
    await editor.choose(machine, 'Open screen (VNC)');
    screen = await panel(page, '.screen[aria-label="Screen of \\"web-01\\""]');
    await screen.locator('canvas[aria-label*="720 × 400"]').waitFor();
    await leave(screen);
    await editor.run('View: Move Editor into Right Group');
    // What the serial console writes is seen on the screen; that is how the letters of its font become known.
    await serial.locator('.screen').click();
    await page.keyboard.type(`printf '\\033[H\\033[J%s\\n' '${letters}' > /dev/tty1\n`);
    let font: LearnedFont | undefined;
    await poll(async () => {
      font ??= LearnedFont.from(await pictureOf(screen), cell, letters);
      return font !== undefined;
    }, 'What was written on the serial console was never seen on the screen.');
    shows = async (text) => {
      let last = '';
      await poll(async () => {
        last = await pictureOf(screen).then((picture) => font?.read(picture) ?? '', () => '');
        return last.includes(text);
      }, () => `Expected a screen that says "${text}"; it says:\n${last}`);
    };
    await page.keyboard.type('clear\n');
    await screen.locator('canvas:not(.still)').click();
    await page.keyboard.press('Enter');
    await shows('web-01 login:');
    await page.keyboard.type('root\n');
    await shows('root@web-01:');
    await page.keyboard.type('clear\n');
    await pressKeys(page, 'echo typed on the screen > /dev/ttyS0\n');
    await says(serial, 'typed on the screen');
    await page.keyboard.type('uname -sn\n');
    await shows('\nLinux web-01');
  });

  await step('3-migrating', async () => {
    await serial.locator('.screen').click();
    await page.keyboard.type('for i in `seq 500`; do echo tick $i; sleep 0.5; done\n');
    await says(serial, '\ntick 2');
    await page.locator('.tab', { hasText: 'VNC' }).click();
    await editor.choose(machine, 'Show migration');
    const migration = await panel(page, '.headline');
    await editor.run('View: Move Editor into Group Below');
    await editor.choose(machine, 'Migrate');
    assert.match(await editor.answer('Migrate'), /web-01/);
    await migration.locator('.headline', { hasText: 'Copying memory' }).waitFor();
  });
  await step('4-migrated', async () => {
    const migration = await panel(page, '.headline');
    await migration.locator('.headline', { hasText: 'Completed' }).waitFor({ timeout: 60_000 });
    for (const view of [serial, screen]) {
      await poll(async () => !/node-a1$/.test(await stateOf(view)) && /^connected · node-/.test(await stateOf(view)), 'It was never connected to the node that the machine has moved to.');
    }
    await serial.locator('.screen').click();
    await page.keyboard.press('Control+c');
    await page.keyboard.type('echo the same $((40 + 2))\n');
    await says(serial, '\nthe same 42');
    const numbers = [...(await terminalText(serial)).matchAll(/^tick (\d+)/gm)].map(([, number]) => Number(number));
    assert.ok(numbers.length > 5);
    assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b), 'the same guest goes on counting');
    await screen.locator('canvas:not(.still)').click();
    await pressKeys(page, 'echo moved with it > /dev/ttyS0\n');
    await says(serial, 'moved with it');
    await shows('moved with it');
  });

  await context.test('ssh in, and files both ways', { skip: missing.length > 0 && `There is no ${missing.join(', no ')} here.` }, async () => {
    const note = path.join(folder, 'note.txt');
    await writeFile(note, 'written on this computer\n');
    const terminal = page.locator('.terminal .xterm-accessibility-tree');
    await step('5-ssh', async () => {
      await editor.choose(machine, 'Open SSH');
      await editor.type('root');
      await editor.pick('What ssh finds itself');
      await terminal.filter({ hasText: 'continue connecting' }).waitFor();
      await page.locator('.terminal.xterm.focus').waitFor();
      await page.keyboard.type('yes\n');
      await terminal.filter({ hasText: 'root@web-01:' }).waitFor();
      await page.keyboard.type('echo by ssh > /dev/ttyS0; tty\n');
      await terminal.filter({ hasText: '/dev/pts/0' }).waitFor();
      await says(serial, 'by ssh');
    });
    await step('6-upload', async () => {
      await editor.choose(machine, 'Upload files');
      await editor.pick('Files');
      await editor.chooseFile('Upload', note);
      await asks(page, 'Folder in the guest');
      await editor.type('.');
      await poll(async () => {
        await serial.locator('.screen').click();
        await page.keyboard.type('cat note.txt\n');
        return await says(serial, '\nwritten on this computer', 3000).then(() => true, () => false);
      }, 'The file never arrived.');
    });
    await step('7-download', async () => {
      await serial.locator('.screen').click();
      await page.keyboard.type('rev note.txt > back.txt; echo turned $((6 * 7))\n');
      await says(serial, 'turned 42');
      await mkdir(path.join(folder, 'here/inside'), { recursive: true });
      await editor.choose(machine, 'Download files');
      await asks(page, 'File or folder in the guest');
      await editor.type('back.txt');
      await editor.chooseFile('Download here', `${path.join(folder, 'here')}/`, 'inside');
      await poll(async () => (await readFile(path.join(folder, 'here/back.txt'), 'utf8').catch(() => '')) === 'retupmoc siht no nettirw\n', 'The file never came.');
    });
    // Closed, it takes ssh and its way to the machine along.
    const left = async () => (await editor.processes()).filter((one) => /\bssh\b.*ProxyCommand|dvp-tunnel/.test(one));
    assert.ok((await left()).length > 1);
    await editor.run('Terminal: Kill the Active Terminal Instance');
    let last: readonly string[] = [];
    await poll(async () => (last = await left()).length === 0, () => `These go on without their terminal: ${last.join('; ')}`);
  });

  await step('8-killed', async () => {
    await page.locator('.tab', { hasText: 'VNC' }).click();
    const [killed, ...others] = await guests();
    assert.ok(killed && others.length === 0);
    await Promise.all([serial, screen].map((view) => keepOverlay(view)));
    process.kill(killed.pid, 'SIGKILL');
    // The next guest knows nothing of the one before; what that has printed is still there.
    await serial.locator('.xterm-accessibility-tree').filter({ hasText: /the same 42[^]*what the machine printed meanwhile is missing[^]*web-01 login:/ }).waitFor({ timeout: 90_000 });
    for (const view of [serial, screen]) {
      await poll(async () => /^connected · node-/.test(await stateOf(view)), 'It was never connected to the next guest.');
      assert.match(await view.locator('.overlay').getAttribute('data-said') ?? '', /"web-01" is not running\s+Phase of the machine: \w+\./);
    }
    const [next, ...left] = await guests();
    assert.ok(next && next.pid !== killed.pid && left.length === 0, 'the killed process has left nothing');
    await screen.locator('canvas:not(.still)').click();
    await shows('web-01 login:');
    await page.keyboard.type('root\n');
    await shows('root@web-01:');
    await pressKeys(page, 'echo typed on the next one > /dev/ttyS0\n');
    await says(serial, 'typed on the next one');
  });
}));

/** The processes in which guests of this test run. */
async function guests() {
  return (await descendants()).filter(({ command: [program = ''] }) => path.basename(program).startsWith('qemu-system'));
}

/** ssh and its kin as this computer has them, with known hosts of the test instead of the user's. Gives those that are missing. */
async function ownPrograms(folder: string): Promise<readonly string[]> {
  const bin = path.join(folder, 'bin');
  await mkdir(bin);
  const config = path.join(folder, 'ssh_config');
  await writeFile(config, `UserKnownHostsFile ${path.join(folder, 'known_hosts')}\nGlobalKnownHostsFile /dev/null\nIdentityFile none\n`);
  const missing: string[] = [];
  for (const name of programs) {
    const program = await findProgram(name, process.env);
    if (program === undefined) {
      missing.push(name);
    } else {
      await writeFile(path.join(bin, name), `#!/bin/sh\nexec '${program}' -F '${config}' "$@"\n`, { mode: 0o755 });
    }
  }
  return missing;
}

/** The page of the panel that has such an element. */
async function panel(page: Page, selector: string): Promise<FrameLocator> {
  let found: FrameLocator | undefined;
  await poll(async () => {
    for (const outer of await page.locator('iframe.webview').all()) {
      const name = await outer.getAttribute('name', { timeout: 2000 }).catch(() => null);
      const view = page.frameLocator(`iframe.webview[name="${name}"]`).frameLocator('iframe#active-frame');
      if (name !== null && await view.locator(selector).count().catch(() => 0) > 0) {
        found = view;
        return true;
      }
    }
    return false;
  }, `There never was a panel with ${selector}.`);
  return found ?? assert.fail();
}

/** Waits for the box that asks for this. */
async function asks(page: Page, prompt: string): Promise<void> {
  await page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
}

/** Types as somebody at a keyboard, with Shift: the machine gets keys, not letters. */
async function pressKeys(page: Page, text: string): Promise<void> {
  for (const letter of text) {
    if (letter === '>') {
      await page.keyboard.press('Shift+Period');
    } else if (/[A-Z]/.test(letter)) {
      await page.keyboard.press(`Shift+Key${letter}`);
    } else {
      await page.keyboard.type(letter);
    }
  }
}

/** Writes what stands over a stream into the element itself from now on: it may pass before anybody asks. */
async function keepOverlay(view: FrameLocator): Promise<void> {
  await view.locator('.overlay').evaluate((element: unknown) => {
    const overlay = element as { innerText: string; dataset: { said?: string } };
    const { MutationObserver } = globalThis as unknown as { MutationObserver: new (look: () => void) => { observe(node: object, options: object): void } };
    new MutationObserver(() => { overlay.dataset.said = (overlay.dataset.said ?? '') + overlay.innerText; }).observe(overlay, { childList: true, subtree: true, characterData: true, attributeFilter: ['hidden'] });
  });
}

async function stateOf(view: FrameLocator): Promise<string> {
  return view.locator('.state').innerText();
}

async function terminalText(view: FrameLocator): Promise<string> {
  return view.locator('.xterm-accessibility-tree').first().innerText();
}

async function says(view: FrameLocator, text: string, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  let last = '';
  do {
    last = await terminalText(view).catch(() => '');
    if (last.includes(text)) {
      return;
    }
    await view.locator('body').evaluate('new Promise((resolve) => setTimeout(resolve, 100))').catch(() => undefined);
  } while (Date.now() < end);
  throw new Error(`Expected a terminal that says "${text}"; it says:\n${last}`);
}
