import { setTimeout as pause } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { ensureHost } from '../../../scripts/vscodeHost';
import { startCluster } from '../../cluster/start';
import { Editor } from '../../ui/editor';
import { emptyPanel, openChosen, openEmptyPanel, packEmptyPanel } from '../emptyPanel';
import { type Measurement, median } from '../measure';
import { countedRows, countRows, noteFirstPaint } from './migrationPage';

const migrations = 500;
const updates = 100;
const runs = 7;

/** Fills a screen. */
const manyRows = 'tbody tr:nth-child(40)';

/** The table of a cluster's migrations: opened in turns with a panel that is empty, then updated. */
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
  const editor = await Editor.open({ kubeconfig, isMeasured: true, others: [await packEmptyPanel(folder)] });
  const { page, webview: view } = editor;
  try {
    await page.addInitScript(`globalThis.__name = (value) => value; (${noteFirstPaint.toString()})(${JSON.stringify([manyRows, emptyPanel.selector].join())})`);
    await page.reload();
    await editor.openContext();
    await page.locator('.statusbar-item', { hasText: /Evacuation: \d+ of \d+/ }).waitFor();
    const close = async () => {
      await editor.run('View: Close All Editors');
      await page.locator('iframe.webview').waitFor({ state: 'detached' });
    };
    const times: { readonly full: number[]; readonly empty: number[] } = { full: [], empty: [] };
    for (let run = 0; run <= runs; run++) {
      const emptyMs = await openEmptyPanel(editor);
      await close();
      const fullMs = await openChosen(editor, 'Show migrations and evacuation', 'All nodes');
      // The first of each loads what is only loaded once.
      if (run > 0) {
        times.empty.push(emptyMs);
        times.full.push(fullMs);
      }
      if (run < runs) {
        await close();
      }
    }
    // All rows are there before any is counted.
    await view.locator('tbody tr').nth(migrations - 30).waitFor({ state: 'attached' });
    await pause(1000);
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
      { name: `evacuation: from the choice to the first screen of ${migrations} migrations`, value: median(times.full), unit: 'ms', goal: { on: 'value', op: '<=', limit: 300 }, reference: { name: 'from the choice to an empty panel of VS Code', value: median(times.empty) } },
      { name: 'evacuation: ours of it, on top of the empty panel', value: median(times.full) - median(times.empty), unit: 'ms' },
      { name: `evacuation: rows put anywhere by ${updates} updates`, value: put, unit: '', goal: { on: 'value', op: '<=', limit: 0 } },
      { name: `evacuation: texts and rows written by ${updates} updates`, value: written, unit: '', goal: { on: 'value', op: '<=', limit: 4 * updates } },
    ];
  } finally {
    await editor.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
