import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Paced } from '../../../src/base/paced';
import { systemClock } from '../../../src/base/timing';
import { keyOf } from '../../../src/domain/kubeObject';
import { findKubectl } from '../../contract/api/kubectl';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { allLive, openSession, startBenchCluster } from '../cluster';
import type { BenchCluster } from '../cluster';
import { BareClient } from '../bareClient';
import { cpuMs, median } from '../measure';
import type { Measurement } from '../measure';
import { kubectlWatch } from '../others';
import { openTree } from '../tree';

const events = 10_000;
const runs = 5;
const machinesPath = '/apis/virtualization.deckhouse.io/v1alpha2/virtualmachines';
/** As the explorer: at most so often is the tree read again. */
const refreshPace = { intervalMs: 105, share: 0.2 };

/** 10,000 changes of machines: CPU from the first to the last one applied, tree refreshes included, against parsing the same bytes. */
export async function run(): Promise<readonly Measurement[]> {
  return [...(await measure('own', '10,000 events', runs)), ...(whyNoRealApi() === undefined ? await measure('real', '10,000 events of kube-apiserver', 1) : [])];
}

async function measure(api: 'own' | 'real', name: string, counted: number): Promise<readonly Measurement[]> {
  const cluster = await startBenchCluster(1_000, api);
  const client = new BareClient(cluster);
  try {
    const pairs: Pair[] = [];
    for (let n = 0; n <= counted; n++) {
      const pair = await onePair(cluster, client, `run${n}`);
      // The first warms both up and is not counted.
      pairs.push(...(n > 0 ? [pair] : []));
    }
    const of = (value: (pair: Pair) => number) => median(pairs.map(value));
    const kubectl = api === 'own' ? findKubectl() : undefined;
    const theirs = kubectl === undefined ? undefined : await kubectlWatch(kubectl, cluster, events, () => cluster.do({ type: 'touch', count: events, mark: 'kubectl' }));
    return [
      { name: `${name}: CPU`, value: of(({ cpu }) => cpu), unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 2 }, reference: { name: 'decoding and JSON.parse of the same bytes', value: of(({ parseMs }) => parseMs) } },
      { name: `${name}: CPU of a bare watch that parses each as it comes`, value: of(({ bareWatchMs }) => bareWatchMs), unit: 'ms' },
      { name: `${name}: longest block of the event loop`, value: of(({ longestBlockMs }) => longestBlockMs), unit: 'ms', goal: { on: 'value', op: '<=', limit: 100 } },
      { name: `${name}: most refreshes of the tree in a second`, value: of(({ mostRefreshes }) => mostRefreshes), unit: '', goal: { on: 'value', op: '<=', limit: 10 } },
      ...(theirs === undefined ? [] : [{ name: `${name}: CPU of kubectl get -w`, value: theirs, unit: 'ms' }]),
    ];
  } finally {
    await client.close();
    await cluster.stop();
  }
}

type Pair = Awaited<ReturnType<typeof onePair>>;

/** Ours, then the same lines by the bare client. */
async function onePair(cluster: BenchCluster, client: BareClient, mark: string) {
  const { resourceVersion } = await client.list(machinesPath);
  const { session, dispose } = await openSession(cluster);
  session.start();
  await allLive(session);
  const followed = await follow(session, `${mark}-${events - 1}`, () => cluster.do({ type: 'touch', count: events, mark }));
  dispose();
  const lines = (await client.watchLines(machinesPath, resourceVersion, events)).map((line) => Buffer.from(line));
  const before = cpuMs();
  for (const line of lines) {
    JSON.parse(line.toString('utf8'));
  }
  return { ...followed, parseMs: cpuMs() - before, bareWatchMs: await bareWatch(cluster, client, `bare-${mark}`) };
}

/** What it takes to receive the events at all: a real server sends most of them one by one. */
async function bareWatch(cluster: BenchCluster, client: BareClient, mark: string): Promise<number> {
  const { resourceVersion } = await client.list(machinesPath);
  const before = cpuMs();
  const [lines] = await Promise.all([client.watchLines(machinesPath, resourceVersion, events), cluster.do({ type: 'touch', count: events, mark })]);
  lines.forEach((line) => void JSON.parse(line));
  return cpuMs() - before;
}

async function follow(session: Awaited<ReturnType<typeof openSession>>['session'], last: string, cause: () => Promise<void>) {
  const tree = openTree(session.view);
  const refreshedAt: number[] = [];
  const refresh = new Paced(systemClock, refreshPace, () => {
    refreshedAt.push(performance.now());
    tree.refresh();
  });
  const machines = [...(session.view.list('VirtualMachine') ?? [])].map(({ metadata }) => metadata).sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const touchedLast = machines[(events - 1) % machines.length] ?? { name: '' };
  const applied = new Promise<void>((resolve) => {
    const subscription = session.onDidChange((kind) => {
      refresh.trigger();
      if (kind === 'VirtualMachine' && session.view.get(kind, touchedLast.name, touchedLast.namespace)?.metadata.annotations?.['touched'] === last) {
        subscription.dispose();
        resolve();
      }
    });
  });
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const cpuBefore = cpuMs();
  await Promise.all([applied, cause()]);
  const cpu = cpuMs() - cpuBefore;
  delay.disable();
  refresh.dispose();
  return { cpu, longestBlockMs: delay.max / 1e6, mostRefreshes: mostInASecond(refreshedAt) };
}

/** `times` in milliseconds, ascending. */
function mostInASecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
}
