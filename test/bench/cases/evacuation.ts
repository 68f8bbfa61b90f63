import { setTimeout as pause } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { ensureHost } from '../../../scripts/vscodeHost';
import { startCluster } from '../../cluster/start';
import { Editor } from '../../ui/editor';
import { type Measurement, median } from '../measure';
import { countedRows, countRows } from './migrationPage';

const migrations = 500;
const updates = 100;
const runs = 5;

/** The table of a cluster's migrations: opened beside one that is empty, then updated. */
export async function run(): Promise<readonly Measurement[]> {
  if (!(await findBrowser())) {
    console.error('  skipped: there is no browser');
    return [];
  }
  await ensureHost(() => undefined);
  await packageExtension();
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-evacuation-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startCluster({ evacuating: migrations, platform: false });
  await cluster.writeKubeconfig(kubeconfig);
  const editor = await Editor.open({ kubeconfig });
  try {
    await editor.openContext();
    await editor.page.locator('.statusbar-item', { hasText: /Evacuation: \d+ of \d+/ }).waitFor();
    const view = editor.webview;
    const open = async (what: string, shown: string) => {
      await editor.run('Show migrations and evacuation');
      const row = editor.page.locator('.quick-input-list .monaco-list-row', { hasText: what }).first();
      await row.waitFor();
      const startMs = Date.now();
      await row.click();
      await view.locator(shown).first().waitFor({ state: 'attached' });
      const painted = await view.locator('body').evaluate<{ readonly atMs: number; readonly ownMs: number }, void>(whenPainted);
      return { ms: painted.atMs - startMs, ownMs: painted.ownMs };
    };
    const close = async () => {
      await editor.run('View: Close All Editors');
      await editor.page.locator('iframe.webview').waitFor({ state: 'detached' });
    };
    const times: { readonly full: number[]; readonly own: number[]; readonly empty: number[] } = { full: [], own: [], empty: [] };
    for (let run = 0; run <= runs; run++) {
      const empty = await open('node-b1', 'p.line:not(:empty)');
      await close();
      const full = await open('All nodes', 'tbody tr:nth-child(40)');
      // The first of each loads what is only loaded once.
      if (run > 0) {
        times.empty.push(empty.ms);
        times.full.push(full.ms);
        times.own.push(full.ownMs);
      }
      if (run < runs) {
        await close();
      }
    }
    const frame = await (await view.locator('tbody').elementHandle())?.ownerFrame();
    if (!frame) {
      throw new Error('The view has no frame.');
    }
    await frame.evaluate('globalThis.__name = (value) => value');
    await frame.evaluate(countRows);
    const operations = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/fleet/virtualmachineoperations';
    const { items } = await cluster.admin.do('GET', operations) as unknown as { readonly items: readonly { readonly metadata: { readonly name: string }; readonly status: object & { readonly phase?: string; readonly progress?: string } }[] };
    const moving = items.filter(({ status }) => status.phase === 'InProgress').sort((a, b) => parseInt(a.status.progress ?? '', 10) - parseInt(b.status.progress ?? '', 10))[0];
    for (let n = 0; n < updates; n++) {
      await cluster.admin.do('PATCH', `${operations}/${moving?.metadata.name ?? ''}/status`, { status: { progress: `${n}%` } });
      await pause(120);
    }
    await pause(1000);
    const { put, written } = await frame.evaluate(countedRows);
    return [
      { name: `evacuation: from the choice to the first screen of ${migrations} migrations`, value: median(times.full), unit: 'ms', goal: { on: 'value', op: '<=', limit: 300 }, reference: { name: 'the same view of a quiet node', value: median(times.empty) } },
      { name: 'evacuation: the part of it that is not VS Code making a webview: from the arrival of its script on', value: median(times.own), unit: 'ms', goal: { on: 'value', op: '<=', limit: 300 } },
      { name: `evacuation: rows put anywhere by ${updates} updates`, value: put, unit: '', goal: { on: 'value', op: '<=', limit: 0 } },
      { name: `evacuation: texts and rows written by ${updates} updates`, value: written, unit: '', goal: { on: 'value', op: '<=', limit: 4 * updates } },
    ];
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs in the page once the rows are there: when they are painted, by the clock of this computer, and how long after the arrival of the page's script. */
const whenPainted = `new Promise((resolve) => requestAnimationFrame(() => setTimeout(() => {
  const script = performance.getEntriesByType('resource').find(({ name }) => name.endsWith('main.js'));
  resolve({ atMs: Date.now(), ownMs: performance.now() - (script?.responseEnd ?? Number.NaN) });
}, 0)))`;
