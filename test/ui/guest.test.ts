import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { FrameLocator, Locator, Page } from 'playwright-core';
import { findProgram } from '../../src/cluster/program';
import { whyNoQemu } from '../cluster/platform/lower/qemu/images';
import { startClusterProcess } from './clusterProcess';
import { Editor, poll } from './editor';
import { LearnedFont, pictureOf } from './picture';

const why = whyNoQemu();
const programs = ['ssh', 'scp', 'sftp'] as const;

/** Of the text mode in which the guest's screen starts. */
const cell = { width: 9, height: 16 };
const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789:/~#$@-_.>=';

test('a real machine: serial console and screen side by side, a live migration, ssh, files', { skip: why !== undefined && `No guest in QEMU: ${why}.` }, async (context) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-guest-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const missing = await ownPrograms(folder);
  const cluster = await startClusterProcess({ kubeconfig, args: ['--guest', 'qemu', '--guest-limit', '1', '--guest-memory', '96'] });
  context.after(() => cluster.stop());
  const editor = await Editor.open({ kubeconfig, programs: path.join(folder, 'bin'), settings: { 'editor.accessibilitySupport': 'on', 'terminal.integrated.gpuAcceleration': 'off' } });
  const { page } = editor;
  await page.setViewportSize({ width: 1600, height: 900 });
  // The terminals have text in the page for screen readers alone; that the editor says so is not the story.
  await page.addStyleTag({ content: '[id="status.editor.screenReaderMode"] { display: none !important; }' });
  const step = async (name: string, run: () => Promise<void>) => {
    try {
      await run();
      await editor.screenshot(`guest-${name}`);
    } catch (error) {
      await editor.screenshot(`guest-${name}-failed`);
      throw error;
    }
  };
  try {
    await editor.showClusters();
    await editor.expand(editor.row('admin'));
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

    let screen = serial;
    let shows: (text: string) => Promise<void> = () => Promise.resolve();
    await step('2-screen', async () => {
      await editor.choose(machine, 'Open screen (VNC)');
      screen = await panel(page, '.screen[aria-label="Screen of \\"web-01\\""]');
      await screen.locator('canvas[aria-label*="720 × 400"]').waitFor();
      await leave(page, screen);
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
        await page.keyboard.type('yes\n');
        await terminal.filter({ hasText: 'root@web-01:' }).waitFor();
        await page.keyboard.type('echo by ssh > /dev/ttyS0; tty\n');
        await terminal.filter({ hasText: '/dev/pts/0' }).waitFor();
        await says(serial, 'by ssh');
      });
      await step('6-upload', async () => {
        await editor.choose(machine, 'Upload files');
        await editor.pick('Files');
        await fillPath(page, 'Upload', note, path.basename(note));
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
        await fillPath(page, 'Download here', `${path.join(folder, 'here')}/`, 'inside');
        await poll(async () => (await readFile(path.join(folder, 'here/back.txt'), 'utf8').catch(() => '')) === 'retupmoc siht no nettirw\n', 'The file never came.');
      });
    });
  } catch (error) {
    await editor.screenshot('guest-failed');
    throw error;
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
});

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

/** Answers VS Code's own dialog for files, whose button says `label`, once it shows `entry`: before it has read the folder it takes another, or forgets what was typed. */
async function fillPath(page: Page, label: string, file: string, entry: string): Promise<void> {
  const button = page.locator('.quick-input-action', { hasText: label });
  const input = page.locator('.quick-input-widget input').first();
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: entry });
  const isSoon = (locator: Locator, state: 'visible' | 'hidden') => locator.first().waitFor({ state, timeout: 2000 }).then(() => true, () => false);
  await button.waitFor();
  await poll(async () => (await input.inputValue()).endsWith('/'), 'No file was ever asked for.');
  await poll(async () => {
    if (await input.inputValue() !== file) {
      await input.fill(file);
    }
    if (await isSoon(row, 'visible')) {
      await input.press('Enter');
    }
    return await isSoon(button, 'hidden');
  }, `The dialog never took "${file}".`);
}

/** Waits for the box that asks for this. */
async function asks(page: Page, prompt: string): Promise<void> {
  await page.locator('.quick-input-widget', { hasText: prompt }).waitFor();
}

/** Gives the keyboard back to the editor; a screen takes it when it opens. */
async function leave(page: Page, screen: FrameLocator): Promise<void> {
  await screen.locator('canvas:not(.still)').click();
  await page.keyboard.press('Control+Alt');
  await screen.locator('.hint', { hasText: 'Keys go to the editor' }).waitFor();
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
