import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import type { Frame, Page } from 'playwright-core';
import { findBrowser } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { root } from '../../../scripts/paths';
import { ensureHost } from '../../../scripts/vscodeHost';
import { startClusterProcess } from '../../ui/clusterProcess';
import { Editor } from '../../ui/editor';
import { accessTo, streamUrl } from '../access';
import { median, type Measurement } from '../measure';
import { animated, firstFrame, latency } from './vncPage';

const rounds = 5;

/** The screen in the packaged extension beside noVNC alone, which a page connects directly to the same API server. Each has a machine of its own: a screen has one user. */
export async function run(): Promise<readonly Measurement[]> {
  const browser = await findBrowser();
  if (!browser) {
    console.error('  skipped: there is no browser');
    return [];
  }
  await ensureHost(() => undefined);
  await packageExtension();
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-vnc-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig });
  const editor = await Editor.open({ kubeconfig });
  try {
    const ours = await openOurs(editor);
    const alone = await openAlone(editor.page, kubeconfig, cluster.port);
    // What the compiler wraps around functions, which are sent without it.
    await Promise.all([ours.frame, alone].map((page) => page.evaluate('globalThis.__name = (value) => value')));
    const frames: [number[], number[]] = [[], []];
    const firsts: [number[], number[]] = [[], []];
    const delays: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      firsts[0].push(await ours.frame.evaluate(firstFrame, false));
      firsts[1].push(await alone.evaluate(firstFrame, true));
      delays[0].push(...await ours.frame.evaluate(latency));
      delays[1].push(...await alone.evaluate(latency));
    }
    await ours.login();
    await loginAlone(alone);
    for (let round = 0; round < rounds; round++) {
      for (const [index, page] of [ours.frame, alone].entries()) {
        frames[index as 0 | 1].push(await page.evaluate(animated, 3000));
      }
    }
    const row = (name: string, unit: string, values: [number[], number[]], goal: Measurement['goal']): Measurement =>
      ({ name, unit, value: median(values[0]), reference: { name: 'noVNC alone', value: median(values[1]) }, ...(goal && { goal }) });
    return [
      row('screen: time to the first picture', 'ms', firsts, { on: 'ratio', op: '<=', limit: 1.25 }),
      row('screen: pictures of a full-screen animation', '1/s', frames, { on: 'ratio', op: '>=', limit: 0.8 }),
      row('screen: from the pointer to the picture', 'ms', delays, { on: 'ratio', op: '<=', limit: 1.3 }),
    ];
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openOurs(editor: Editor): Promise<{ readonly frame: Frame; login(): Promise<void> }> {
  await editor.showClusters();
  const context = editor.row('admin');
  await context.waitFor();
  await editor.expand(context);
  const machine = editor.row('ledger-01');
  await editor.waitForText(machine, /Running/);
  await editor.choose(machine, 'Open screen (VNC)');
  const canvas = editor.page.frameLocator('iframe.webview').frameLocator('iframe#active-frame').locator('canvas:not(.still)');
  await canvas.waitFor();
  const frame = await (await canvas.elementHandle())?.ownerFrame();
  if (!frame) {
    throw new Error('The panel has no frame.');
  }
  return { frame, login: async () => typeAnimation(editor.page, () => canvas.click()) };
}

/** A page with nothing but noVNC, with the user's token on its socket. */
async function openAlone(beside: Page, kubeconfig: string, port: number): Promise<Page> {
  const { token } = await accessTo(kubeconfig);
  const { outputFiles: [bundle] } = await build({
    absWorkingDir: root, bundle: true, write: false, format: 'esm', minify: true, target: 'chrome128',
    stdin: { contents: `import RFB from '@novnc/novnc'; window.RFB = RFB;`, resolveDir: root },
  });
  const own = await beside.context().browser()?.newContext({ viewport: beside.viewportSize(), ignoreHTTPSErrors: true, extraHTTPHeaders: { authorization: `Bearer ${token}` } });
  const page = await own?.newPage();
  if (!page) {
    throw new Error('There is no page beside the editor.');
  }
  await page.setContent(`<body style="margin:0;height:100vh"><div class="screen" style="height:100%"></div></body>`);
  await page.addScriptTag({ type: 'module', content: bundle?.text ?? '' });
  await page.evaluate((url) => { Object.assign(globalThis, { screenUrl: url }); }, streamUrl(port, 'db-01', 'vnc'));
  return page;
}

async function loginAlone(page: Page): Promise<void> {
  await typeAnimation(page, () => page.locator('canvas').click());
}

async function typeAnimation(page: Page, focus: () => Promise<void>): Promise<void> {
  await focus();
  await page.keyboard.type('cloud\nsecret\nanimate 60\n', { delay: 20 });
}
