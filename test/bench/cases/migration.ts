import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from 'playwright-core';
import { findBrowser } from '../../../scripts/browser';
import { packageExtension } from '../../../scripts/package';
import { ensureHost } from '../../../scripts/vscodeHost';
import { adminClient, type AdminClient } from '../../cluster/adminClient';
import { Editor } from '../../ui/editor';
import { startBenchCluster, type BenchCluster } from '../cluster';
import { type Measurement, median } from '../measure';
import { workbenchCpuMs } from '../processes';
import { notePaints, paintOf } from './migrationPage';

const machines = 5000;
const changesPerSecond = 50;
const events = 60;
const idleMs = 6000;
const place = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces';

/** The panel of a migration in the packaged extension. */
export async function run(): Promise<readonly Measurement[]> {
  const browser = await findBrowser();
  if (!browser) {
    console.error('  skipped: there is no browser');
    return [];
  }
  await ensureHost(() => undefined);
  await packageExtension();
  const cluster = await startBenchCluster(machines);
  const admin = adminClient(cluster);
  const editor = await Editor.open({ kubeconfig: cluster.kubeconfig });
  try {
    const operation = await startMigration(admin);
    await editor.showClusters();
    const context = editor.row('bench');
    await context.waitFor();
    await editor.expand(context);
    await editor.row('Machines').waitFor();
    await pause(idleMs / 2);
    const without = await usedIn(idleMs);
    await editor.run('Show migration');
    await editor.pick(operation.machine);
    const element = editor.webview.locator('.way .percent', { hasText: '1 %' });
    await element.waitFor();
    const frame = await (await element.elementHandle())?.ownerFrame();
    if (!frame) {
      throw new Error('The panel has no frame.');
    }
    await pause(idleMs / 2);
    const beside = await usedIn(idleMs);
    const delays = await eventDelays(cluster, frame, operation.report);
    return [
      { name: `migration: from an event to its painted number while ${machines} machines change ${changesPerSecond} times a second, p95`, value: percentile(delays, 0.95), unit: 'ms', goal: { on: 'value', op: '<=', limit: 150 } },
      { name: 'migration: the same, median', value: median(delays), unit: 'ms' },
      ...(without && beside ? [
        { name: 'migration: an open panel while nothing changes, extension host', value: share(beside.host), unit: '% of a core', goal: { on: 'value', op: '<=', limit: 5 }, reference: { name: 'the same workbench without it', value: share(without.host) } },
        { name: 'migration: the same, browser (which draws in software here)', value: share(beside.browser), unit: '% of a core', goal: { on: 'value', op: '<=', limit: 5 }, reference: { name: 'the same workbench without it', value: share(without.browser) } },
      ] as const : []),
    ];
  } finally {
    await editor.close();
    admin.close();
    await cluster.stop();
  }
}

/** A migration that reports what it is told to. */
async function startMigration(admin: AdminClient): Promise<{ readonly machine: string; readonly report: (percent: number) => Promise<number> }> {
  const { items } = await admin.do('GET', '/apis/virtualization.deckhouse.io/v1alpha2/virtualmachines') as unknown as { readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace: string }; readonly status?: { readonly phase?: string } }[] };
  const machine = items.find(({ metadata, status }) => metadata.name.startsWith('vm-') && status?.phase === 'Running')?.metadata;
  if (!machine) {
    throw new Error('No machine runs.');
  }
  const operations = `${place}/${machine.namespace}/virtualmachineoperations`;
  await admin.do('POST', operations, { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'measured' }, spec: { type: 'Evict', virtualMachineName: machine.name } });
  const report = async (percent: number) => {
    const sentMs = Date.now();
    await admin.do('PATCH', `${operations}/measured/status`, { status: {
      phase: 'InProgress', progress: `${percent}%`,
      conditions: [{ type: 'Completed', status: 'False', reason: 'Syncing', message: `Syncing DataProcessed:${percent}MiB DataRemaining:${100 - percent}MiB DataTotal:100MiB Iteration:0 AutoConvergeThrottleSet:false`, lastTransitionTime: new Date().toISOString() }],
    } });
    return sentMs;
  };
  await report(1);
  return { machine: machine.name, report };
}

/** From before the event is sent to the cluster until its number is painted. */
async function eventDelays(cluster: BenchCluster, frame: Frame, report: (percent: number) => Promise<number>): Promise<readonly number[]> {
  // What the compiler wraps around functions, which are sent without it.
  await frame.evaluate('globalThis.__name = (value) => value');
  await frame.evaluate(notePaints, '.way .percent');
  const noise = new AbortController();
  const noisy = makeNoise(cluster, noise.signal);
  const delays: number[] = [];
  for (let percent = 10; percent < 10 + events; percent++) {
    await pause(180 + (percent * 37) % 130);
    const sentMs = await report(percent);
    let paintedMs: number | undefined;
    for (const endMs = Date.now() + 20_000; paintedMs === undefined && Date.now() < endMs;) {
      await pause(60);
      paintedMs = await frame.evaluate(paintOf, `${percent} %`);
    }
    delays.push((paintedMs ?? Number.POSITIVE_INFINITY) - sentMs);
  }
  noise.abort();
  await noisy;
  return delays;
}

async function makeNoise(cluster: BenchCluster, signal: AbortSignal): Promise<void> {
  const perTurn = 5;
  const startMs = performance.now();
  for (let turn = 0; !signal.aborted; turn++) {
    await cluster.do({ type: 'touch', count: perTurn, mark: 'noise', from: turn * perTurn });
    await pause(Math.max(0, startMs + (turn + 1) * 1000 * perTurn / changesPerSecond - performance.now()));
  }
}

async function usedIn(ms: number): Promise<{ readonly host: number; readonly browser: number } | undefined> {
  const before = workbenchCpuMs();
  await pause(ms);
  const after = workbenchCpuMs();
  return before && after && { host: after.host - before.host, browser: after.browser - before.browser };
}

function share(usedMs: number): number {
  return usedMs / idleMs * 100;
}

function percentile(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.ceil(values.length * part) - 1] ?? Number.NaN;
}
