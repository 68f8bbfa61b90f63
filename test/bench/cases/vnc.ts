import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { createWebSocketStream, WebSocket, WebSocketServer } from 'ws';
import { findBrowser, findOnPath } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { root } from '../../../scripts/paths';
import { ensureHost } from '../../../scripts/vscodeHost';
import { startClusterProcess } from '../../ui/clusterProcess';
import { Editor } from '../../ui/editor';
import { accessTo, streamUrl } from '../access';
import { descendants } from '../descendants';
import { failed, median, type Measurement } from '../measure';
import { animated, firstFrame, keyLatency, latency } from './vncPage';

const rounds = 5;

/** More, as each takes some pictures of the page and some looks of QEMU at its screen, 16 and 30 ms apart. */
const connections = 20;

/** What runs in the machines, and what is typed there for a screen that changes all over, again and again: with no letter that needs Shift, which is not pressed for it. */
interface Guest {
  readonly kind: 'simulated' | 'qemu';
  readonly args: readonly string[];
  readonly ours: string;
  readonly animation: readonly string[];
  readonly response: () => Promise<number[]>;
  readonly responseName: string;
  /** A stream of bytes for noVNC alone. */
  readonly open: (way: { readonly kubeconfig: string; readonly port: number }) => Promise<() => NodeJS.ReadWriteStream>;
}

const guests: readonly Guest[] = [
  {
    // A screen of the API server has one user: noVNC alone has another machine.
    kind: 'simulated', args: [], ours: 'ledger-01', animation: ['cloud\nsecret\n', 'animate 60\n'], response: latency, responseName: 'from the pointer to the picture',
    open: async ({ kubeconfig, port }) => {
      const { token, ca } = await accessTo(kubeconfig);
      return () => createWebSocketStream(new WebSocket(streamUrl(port, 'db-01', 'vnc'), { ca, headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false }));
    },
  },
  {
    kind: 'qemu', args: ['--guest', 'qemu', '--guest-limit', '1'], ours: 'web-01', animation: ['root\n', 'while true; do seq 1 9999; done\n'], response: keyLatency, responseName: 'from the key to the picture',
    open: async () => {
      const qemu = (await descendants()).find(({ command }) => command[0]?.includes('qemu-system'));
      const file = /^unix:([^,]+)/.exec(qemu?.command[(qemu.command.indexOf('-vnc')) + 1] ?? '')?.[1];
      if (file === undefined) {
        throw new Error('There is no QEMU with a screen.');
      }
      return () => connect(file);
    },
  },
];

/** The screen in the packaged extension beside noVNC alone, which a page connects to the machine with nothing in between but what makes a WebSocket of the stream. */
export async function run(): Promise<readonly Measurement[]> {
  if (!await findBrowser()) {
    console.error('  skipped: there is no browser');
    return [];
  }
  await ensureHost(() => undefined);
  await packageExtension();
  const measured: Measurement[] = [];
  for (const guest of guests) {
    if (guest.kind === 'qemu' && !await findOnPath('qemu-system-x86_64')) {
      console.error('  left out: there is no qemu-system-x86_64');
    } else {
      // What one kind of guest has shown is worth seeing when the other cannot be measured.
      measured.push(...await measure(guest).catch((error: unknown) => [failed(`screen, ${guest.kind} guest`, error)]));
    }
  }
  return measured;
}

async function measure(guest: Guest): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-vnc-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig, args: guest.args });
  const editor = await Editor.open({ kubeconfig, isMeasured: true });
  let relay: WebSocketServer | undefined;
  try {
    const ours = await openOurs(editor, guest.ours);
    relay = await relayTo(await guest.open({ kubeconfig, port: cluster.port }));
    const alone = await openAlone(editor.page, (relay.address() as AddressInfo).port);
    // What the compiler wraps around functions, which are sent without it.
    await Promise.all([ours.frame, alone].map((page) => page.evaluate('globalThis.__name = (value) => value')));
    const frames: [number[], number[]] = [[], []];
    const firsts: [number[], number[]] = [[], []];
    const delays: [number[], number[]] = [[], []];
    for (let round = 0; round <= connections; round++) {
      for (const [side, connect] of [() => ours.frame.evaluate(firstFrame, false), () => alone.evaluate(firstFrame, true)].entries()) {
        // Until all that follows a first picture is over, and not in step with what looks for changes at intervals.
        await new Promise((resolve) => { setTimeout(resolve, 300 + 7 * (round % 10)); });
        const elapsedMs = await connect();
        // The first of each warms up.
        if (round > 0) {
          firsts[side]?.push(elapsedMs);
        }
      }
    }
    const type = async (text: string) => {
      await ours.focus();
      await editor.page.keyboard.type(text, { delay: 30 });
      if (guest.kind === 'simulated') {
        await alone.locator('canvas').click();
        await alone.keyboard.type(text, { delay: 30 });
      }
    };
    const [login = '', animate = ''] = guest.animation;
    await type(login);
    for (let round = 0; round < rounds; round++) {
      delays[0].push(...await ours.frame.evaluate(guest.response));
      delays[1].push(...await alone.evaluate(guest.response));
    }
    // Without what was typed to see how long it takes.
    await type('\n');
    await type(animate);
    for (let round = 0; round < rounds; round++) {
      frames[0].push(await ours.frame.evaluate(animated, 3000));
      frames[1].push(await alone.evaluate(animated, 3000));
    }
    const row = (name: string, unit: string, values: [number[], number[]], goal: Measurement['goal']): Measurement =>
      ({ name: `screen, ${guest.kind} guest: ${name}`, unit, value: median(values[0]), reference: { name: 'noVNC alone', value: median(values[1]) }, ...(goal && { goal }) });
    return [
      row('time to the first picture', 'ms', firsts, { on: 'ratio', op: '<=', limit: 1.25 }),
      row('pictures of a full-screen animation', '1/s', frames, { on: 'ratio', op: '>=', limit: 0.8 }),
      row(guest.responseName, 'ms', delays, { on: 'ratio', op: '<=', limit: 1.3 }),
    ];
  } finally {
    relay?.clients.forEach((client) => client.terminate());
    relay?.close();
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A WebSocket server on loopback that carries bytes and does nothing else: pages cannot speak to sockets, nor set headers. */
async function relayTo(open: () => NodeJS.ReadWriteStream): Promise<WebSocketServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket) => {
    const near = createWebSocketStream(socket);
    const far = open();
    near.on('error', () => undefined);
    far.on('error', () => socket.terminate());
    socket.once('close', () => far.end());
    near.pipe(far).pipe(near);
  });
  await once(server, 'listening');
  return server;
}

async function openOurs(editor: Editor, name: string): Promise<{ readonly frame: Frame; focus(): Promise<void> }> {
  await editor.showClusters();
  const context = editor.row('admin');
  await context.waitFor();
  await editor.expand(context);
  await editor.row('Machines').waitFor();
  await editor.run('DVP: Filter');
  await editor.type(name);
  const machine = editor.row(name);
  await editor.waitForText(machine, /Running/);
  await editor.choose(machine, 'Open screen (VNC)');
  const canvas = editor.webview.locator('canvas:not(.still)');
  await canvas.waitFor();
  const frame = await (await canvas.elementHandle())?.ownerFrame();
  if (!frame) {
    throw new Error('The panel has no frame.');
  }
  return { frame, focus: () => canvas.click() };
}

/** A page with nothing but noVNC. */
async function openAlone(beside: Page, port: number): Promise<Page> {
  const { outputFiles: [bundle] } = await build({
    absWorkingDir: root, bundle: true, write: false, format: 'esm', minify: true, target: 'chrome128',
    stdin: { contents: `import RFB from '@novnc/novnc'; window.RFB = RFB;`, resolveDir: root },
  });
  const own = await beside.context().browser()?.newContext({ viewport: beside.viewportSize() });
  const page = await own?.newPage();
  if (!page) {
    throw new Error('There is no page beside the editor.');
  }
  await page.setContent(`<body style="margin:0;height:100vh"><div class="screen" style="height:100%"></div></body>`);
  await page.addScriptTag({ type: 'module', content: bundle?.text ?? '' });
  await page.evaluate((url) => { Object.assign(globalThis, { screenUrl: url }); }, `ws://127.0.0.1:${port}/`);
  return page;
}
