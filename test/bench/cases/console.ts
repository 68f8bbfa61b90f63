import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { WebSocket } from 'ws';
import { findBrowser } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { root } from '../../../scripts/paths';
import { ensureHost } from '../../../scripts/vscodeHost';
import { flood } from '../../cluster/platform/lower/commands';
import { startClusterProcess } from '../../ui/clusterProcess';
import { Editor, poll } from '../../ui/editor';
import { accessTo, streamUrl } from '../access';
import { emptyPanel, openEmptyPanel, packEmptyPanel } from '../emptyPanel';
import { median, type Measurement } from '../measure';
import { residentBytes, watchResidentBytes } from '../descendants';
import { scaled } from '../scale';
import { type Counted, feedFromMemory, reached, sumUp, watchConsole, watchFrames } from './consolePage';
import { noteFirstPaint } from './migrationPage';

const openings = 6;
const floods = 4;
/** Of each flood; all of them are the 200 MB. */
const mebibytes = scaled(50);
const interrupts = 5;

const machine = 'ledger-01';
const terminalOptions = { fontFamily: 'monospace', fontSize: 14, lineHeight: 1, cursorBlink: false, scrollback: 1000 };
/** What holds the bytes of a console on their way. */
const holders = { 'the extension host': /extensionHost/, 'the pages': /--type=renderer/ } as const;

/** The serial console of the packaged extension in a real workbench, from the API server to the drawn character. */
export async function run(): Promise<readonly Measurement[]> {
  if (!await findBrowser()) {
    console.error('  skipped: there is no browser');
    return [];
  }
  await ensureHost(() => undefined);
  await packageExtension();
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-console-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig });
  const editor = await Editor.open({ kubeconfig, isMeasured: true, others: [await packEmptyPanel(folder)] });
  try {
    const console = new ConsoleBench(editor, await bareConsole(kubeconfig, cluster.port));
    await console.begin();
    return [...await console.measureOpening(), ...await console.measureFlood(), ...await console.measureTyping()];
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

class ConsoleBench {
  readonly #editor: Editor;
  /** Connects without anything around it and waits for a prompt; milliseconds. */
  readonly #bare: () => Promise<number>;

  constructor(editor: Editor, bare: () => Promise<number>) {
    this.#editor = editor;
    this.#bare = bare;
  }

  async begin(): Promise<void> {
    const { page } = this.#editor;
    const script = `globalThis.__name = (value) => value; (${watchFrames.toString()})(); (${noteFirstPaint.toString()})('${emptyPanel.selector}');`;
    await page.context().addInitScript(script);
    await page.reload();
    await this.#editor.openContext();
    await this.#editor.waitForText(this.#editor.row(machine), /Running/);
  }

  /** From the click to the prompt in a panel that was not there; nothing but a socket, and an empty panel of the editor, in turns. */
  async measureOpening(): Promise<readonly Measurement[]> {
    const ours: number[] = [];
    const page: number[] = [];
    const bare: number[] = [];
    const empty: number[] = [];
    for (let opening = 0; opening <= openings; opening++) {
      const bareMs = await this.#bare();
      const emptyMs = await openEmptyPanel(this.#editor);
      await this.#close();
      const { clickedAtMs, readyAtMs, consumedAtMs } = await this.#open();
      // The first of each warms up.
      if (opening > 0) {
        bare.push(bareMs);
        empty.push(emptyMs);
        ours.push(consumedAtMs - clickedAtMs);
        page.push(readyAtMs - clickedAtMs);
      }
      if (opening < openings) {
        await this.#close();
      }
    }
    const [promptMs, emptyMs, bareMs] = [median(ours), median(empty), median(bare)];
    return [
      { name: 'console: from the click to the prompt, in a new panel', value: promptMs, unit: 'ms', goal: { on: 'value', op: '<=', limit: 300 }, reference: { name: 'from the choice to an empty panel of VS Code', value: emptyMs } },
      { name: 'console: of it, until the terminal is there', value: median(page), unit: 'ms' },
      { name: 'console: of it, beyond the empty panel and the bare connection', value: promptMs - emptyMs - bareMs, unit: 'ms', goal: { on: 'value', op: '<=', limit: 100 }, reference: { name: 'new WebSocket(), its first prompt', value: bareMs } },
    ];
  }

  /** Much output through everything, and the same terminal fed from memory in the same page, in turns. */
  async measureFlood(): Promise<readonly Measurement[]> {
    const frame = await this.#frame();
    await Promise.all(this.#editor.page.frames().map((one) => one.evaluate('globalThis.stopLooking?.()')));
    await this.#prepare(frame);
    const expected = this.#checksum();
    const ratios: number[] = [];
    const memory: number[] = [];
    let intact = 0;
    await this.#flood(frame, 4);
    const names = Object.keys(holders) as (keyof typeof holders)[];
    const resident = () => Promise.all(names.map((name) => residentBytes(holders[name])));
    await this.#collectGarbage(frame);
    const collected = await resident();
    await this.#flood(frame, 4);
    const before = await resident();
    // All at once, and before the reference leaves its own rubbish in the page.
    const watching = names.map((name) => watchResidentBytes(holders[name]));
    await this.#flood(frame, floods * mebibytes, false);
    const most = await Promise.all(watching.map((watched) => watched()));
    await this.#collectGarbage(frame);
    const left = await resident();
    for (let round = 0; round <= floods; round++) {
      const flooded = await this.#flood(frame, mebibytes);
      const memoryMs = await frame.evaluate(feedFromMemory, { mebibytes, options: terminalOptions });
      // The first of each warms up.
      if (round > 0) {
        intact += flooded.checksum === expected ? 1 : 0;
        memory.push(mebibytes / memoryMs * 1000);
        ratios.push(memoryMs / flooded.elapsedMs);
      }
    }
    const renderer = await frame.evaluate(`document.querySelector('.screen').dataset.renderer`);
    const best = median(memory);
    return [
      { name: `console: ${floods} × ${mebibytes} MiB of output through everything, drawn by ${String(renderer)}`, value: median(ratios) * best, unit: 'MiB/s', goal: { on: 'ratio', op: '>=', limit: 0.8 }, reference: { name: 'xterm.js from memory, same page, in turns', value: best } },
      { name: 'console: of these, byte for byte as sent', value: intact, unit: '', goal: { on: 'value', op: '>=', limit: floods } },
      ...names.flatMap((name, index): Measurement[] => (before[index] === undefined ? [] : [{
        name: `console: most memory of ${name} meanwhile, above the one before`, value: ((most[index] ?? 0) - (before[index] ?? 0)) / 2 ** 20, unit: 'MiB', goal: { on: 'value', op: '<=', limit: 100 },
      }, {
        name: `console: what it leaves in ${name}, garbage of pages collected before and after`, value: ((left[index] ?? 0) - (collected[index] ?? 0)) / 2 ** 20, unit: 'MiB', goal: { on: 'value', op: '<=', limit: 100 },
      }])),
    ];
  }

  /** A key while output floods in: until it has left the page, and until what it does is seen behind everything that was on the way. */
  async measureTyping(): Promise<readonly Measurement[]> {
    const frame = await this.#frame();
    const left: number[] = [];
    const seen: number[] = [];
    for (let interrupt = 0; interrupt < interrupts; interrupt++) {
      const { before } = await this.#type(frame, 'flood 400\n');
      await poll(() => this.#counted(this.#outer(frame)).then(({ consumedBytes }) => consumedBytes > before + 8 * 2 ** 20), 'Nothing came.');
      await this.#editor.page.keyboard.press('Control+c');
      await this.#settled(frame);
      const { enteredAtMs } = await this.#counted(frame);
      const { consumedAtMs, inputAtMs } = await this.#counted(this.#outer(frame));
      left.push(inputAtMs - enteredAtMs);
      seen.push(consumedAtMs - enteredAtMs);
    }
    return [
      { name: 'console: a key while output floods in, until it has left the page', value: median(left), unit: 'ms', goal: { on: 'value', op: '<=', limit: 100 } },
      { name: 'console: Ctrl+C while output floods in, until the prompt is there', value: median(seen), unit: 'ms' },
    ];
  }

  /** When it was clicked, the page was ready and the prompt was there. */
  async #open(): Promise<Pick<Counted, 'clickedAtMs' | 'readyAtMs' | 'consumedAtMs'>> {
    const { page } = this.#editor;
    const row = this.#editor.row(machine);
    await row.hover();
    await row.getByRole('button', { name: 'Open console' }).click();
    let seen: Counted | undefined;
    await poll(async () => {
      const counts = await Promise.all(panels(page).map((frame) => this.#counted(frame).catch(() => undefined)));
      seen = counts.find((one) => (one?.consumedAtMs ?? 0) > 0);
      return seen !== undefined;
    }, 'There was no prompt.');
    const { clickedAtMs } = await this.#counted(page.mainFrame());
    return { clickedAtMs, readyAtMs: seen?.readyAtMs ?? Number.NaN, consumedAtMs: seen?.consumedAtMs ?? Number.NaN };
  }

  /** In everything that is shown: what is left is in use. */
  async #collectGarbage(frame: Frame): Promise<void> {
    const { page } = this.#editor;
    for (const target of [page, this.#outer(frame)]) {
      const session = await page.context().newCDPSession(target);
      await session.send('HeapProfiler.collectGarbage');
      await session.detach();
    }
  }

  async #close(): Promise<void> {
    const { page } = this.#editor;
    await page.locator('.tab.active').click({ button: 'middle' });
    await poll(async () => (await page.locator('iframe.webview').count()) === 0, 'The panel does not close.');
  }

  async #prepare(frame: Frame): Promise<void> {
    const { outputFiles: [bundle] } = await build({
      absWorkingDir: root, bundle: true, write: false, format: 'iife', minify: true, target: 'chrome128', loader: { '.css': 'empty' },
      stdin: { contents: `import { makeTerminal } from './webviews/console/terminal'; globalThis.makeTerminal = makeTerminal;`, resolveDir: root },
    });
    await frame.evaluate(`globalThis.__name = (value) => value; ${bundle?.text ?? ''}; undefined`);
    await frame.evaluate(watchConsole);
    await frame.locator('.screen').click();
    const { page } = this.#editor;
    await page.keyboard.press('Control+d');
    for (const line of ['cloud\n', 'secret\n', 'clear\n']) {
      await page.keyboard.type(line);
      await this.#settled(frame);
    }
  }

  /** `isSummed`: keeps what comes for its sum. */
  async #flood(frame: Frame, size: number, isSummed = true): Promise<{ readonly elapsedMs: number; readonly checksum: number }> {
    await frame.locator('.screen').click();
    const { before } = await this.#type(frame, `flood ${size}\n`, isSummed);
    await this.#outer(frame).evaluate(reached, before + size * 2 ** 20);
    await this.#settled(frame);
    const { enteredAtMs } = await this.#counted(frame);
    const { consumedAtMs } = await this.#counted(this.#outer(frame));
    return { elapsedMs: consumedAtMs - enteredAtMs, checksum: await frame.evaluate(sumUp) };
  }

  /** Types a command; the sum begins with what comes after its last character but one. */
  async #type(frame: Frame, line: string, isSummed = true): Promise<{ readonly before: number }> {
    const { page } = this.#editor;
    await page.keyboard.type(line.slice(0, -1));
    await this.#settled(frame);
    await frame.evaluate(`globalThis.received = ${isSummed ? '[]' : 'undefined'}`);
    const { consumedBytes } = await this.#counted(this.#outer(frame));
    await page.keyboard.press('Enter');
    return { before: consumedBytes };
  }

  /** Resolves when everything that came is drawn and nothing comes any more. */
  async #settled(frame: Frame): Promise<void> {
    let last = '';
    await poll(async () => {
      const now = JSON.stringify([await this.#counted(frame), await this.#counted(this.#outer(frame))]);
      const is = now === last;
      last = now;
      return is;
    }, 'It never comes to rest.');
  }

  async #frame(): Promise<Frame> {
    const handle = await this.#editor.webview.locator('.screen').elementHandle();
    const frame = await handle?.ownerFrame();
    if (!frame) {
      throw new Error('The panel has no frame.');
    }
    return frame;
  }

  #outer(frame: Frame): Frame {
    return frame.parentFrame() ?? frame;
  }

  #counted(frame: Frame): Promise<Counted> {
    return frame.evaluate('globalThis.counted');
  }

  /** Of a flood from the end of its line to the prompt. */
  #checksum(): number {
    let sum = 0;
    const add = (text: string) => {
      for (let index = 0; index < text.length; index++) {
        sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
      }
    };
    add('\r\n');
    for (const piece of flood(mebibytes * 2 ** 20)) {
      add(piece.toString('latin1'));
    }
    add(`cloud@${machine}:~$ `);
    return sum;
  }
}

/** Where VS Code puts what panels show. */
function panels(page: Page): readonly Frame[] {
  return page.mainFrame().childFrames();
}

async function bareConsole(kubeconfig: string, port: number): Promise<() => Promise<number>> {
  const { token, ca } = await accessTo(kubeconfig);
  return async () => {
    const startedAt = performance.now();
    const socket = new WebSocket(streamUrl(port, machine, 'console'), { ca, headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
    let said = '';
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('open', () => socket.send(Buffer.from('\r')));
      socket.on('message', (data: Buffer) => {
        said += data.toString();
        if (/(?:login: |\$ )$/.test(said)) {
          resolve();
        }
      });
    });
    const elapsedMs = performance.now() - startedAt;
    socket.terminate();
    return elapsedMs;
  };
}
