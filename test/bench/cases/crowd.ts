import { monitorEventLoopDelay } from 'node:perf_hooks';
import { childrenOf } from '../../../src/domain/tree';
import type { TreeNode } from '../../../src/domain/treeNode';
import { rowOf } from '../../../src/domain/treeRow';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { allLive, openSession, startBenchCluster } from '../cluster';
import { heapBytes, median } from '../measure';
import type { Measurement } from '../measure';
import { inputOf } from '../tree';

const machines = 50_000;

/** What the platform promises: 50,000 machines over 1,000 nodes. */
export async function run(): Promise<readonly Measurement[]> {
  return [...(await measure('own', '50,000 machines')), ...(whyNoRealApi() === undefined ? await measure('real', '50,000 machines on kube-apiserver') : [])];
}

async function measure(api: 'own' | 'real', name: string): Promise<readonly Measurement[]> {
  const cluster = await startBenchCluster(machines, api);
  try {
    const before = heapBytes();
    const { session, dispose } = await openSession(cluster);
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    const startedAt = performance.now();
    session.start();
    await allLive(session);
    const connectMs = performance.now() - startedAt;
    delay.disable();
    const heap = heapBytes() - before;
    const namespaces = largestNamespaces(session.view);
    const expandMs: number[] = [];
    for (let n = 0; n < 7; n++) {
      // A change in between makes every cache stale that a change makes stale.
      await cluster.do({ type: 'touch', count: 1, mark: `run${n}` });
      await new Promise((resolve) => setImmediate(resolve));
      expandMs.push(expandNamespace(session.view, namespaces[n] ?? ''));
    }
    dispose();
    return [
      { name: `${name}: connect`, value: connectMs, unit: 'ms' },
      { name: `${name}: heap added`, value: heap / 1e6, unit: 'MB', goal: { on: 'value', op: '<=', limit: 300 } },
      { name: `${name}: expand a namespace`, value: median(expandMs), unit: 'ms', goal: { on: 'value', op: '<=', limit: 100 } },
      { name: `${name}: longest block of the event loop while connecting`, value: delay.max / 1e6, unit: 'ms', goal: { on: 'value', op: '<=', limit: 100 } },
    ];
  } finally {
    await cluster.stop();
  }
}

type View = Parameters<typeof inputOf>[0];

function largestNamespaces(view: View): readonly string[] {
  const sizes = new Map<string, number>();
  for (const { metadata: { namespace = '' } } of view.list('VirtualMachine') ?? []) {
    sizes.set(namespace, (sizes.get(namespace) ?? 0) + 1);
  }
  return [...sizes].sort(([, a], [, b]) => b - a).map(([namespace]) => namespace);
}

/** From the click on a namespace to all of its rows: path of parents included, as after a refresh. */
function expandNamespace(view: View, namespace: string): number {
  const input = inputOf(view);
  const startedAt = performance.now();
  const [context] = childrenOf(undefined, input);
  const kind = childrenOf(context, input).find((node) => node.type === 'kind' && node.kind === 'VirtualMachine');
  // "Load more" was pressed until the namespace was there.
  const shown = new Map([[kind?.id ?? '', Number.MAX_SAFE_INTEGER]]);
  const group: TreeNode | undefined = childrenOf(kind, { ...input, shown }).find((node) => node.type === 'group' && node.value === namespace);
  const rows = childrenOf(group, input).map((node) => rowOf(node, input));
  const elapsedMs = performance.now() - startedAt;
  if (rows.length < 3) {
    throw new Error(`The group has ${rows.length} rows only.`);
  }
  return elapsedMs;
}
