import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { keyOf } from '../../../src/domain/kubeObject';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { allLive, openSession, startBenchCluster } from '../cluster';
import type { Batch } from '../cluster';
import type { Measurement } from '../measure';
import { answerAll, inputOf } from '../tree';

const recordings = path.join(import.meta.dirname, '../../../../shared/reference/recorded/behaviour/recordings');
const speed = 100;

interface Line { readonly t: number; readonly type: string; readonly object?: KubeObject }

/** The recordings of the real platform as watch traffic, a hundred times faster: what is known at the end must be what was recorded. */
export async function run(): Promise<readonly Measurement[]> {
  const files = await readdir(recordings).catch(() => []);
  if (files.length === 0) {
    console.error('  skipped: there are no recordings beside this checkout');
    return [];
  }
  const scenarios = Map.groupBy(files.filter((file) => file.endsWith('.jsonl')).sort(), (file) => file.replace(/(\.part\d+)?\.jsonl$/, ''));
  const startedAt = performance.now();
  let wrong = 0;
  const thrown: string[] = [];
  let count = 0;
  for (const [name, parts] of scenarios) {
    const lines = (await Promise.all(parts.map((file) => readFile(path.join(recordings, file), 'utf8')))).flatMap((content) => content.split('\n').filter(Boolean).map((line) => JSON.parse(line) as Line));
    const changes = lines.filter((line) => line.object !== undefined);
    count += changes.length;
    const differences = await replay(changes, thrown);
    if (differences.length > 0) {
      wrong += differences.length;
      console.error(`  ${name}: ${differences.slice(0, 5).join(', ')}`);
    }
  }
  return [
    { name: `recordings replayed at ${speed} × (${count} events): objects that differ at the end`, value: wrong, unit: 'objects', goal: { on: 'value', op: '<=', limit: 0 } },
    { name: 'recordings replayed: errors thrown', value: thrown.length, unit: 'errors', goal: { on: 'value', op: '<=', limit: 0 } },
    { name: 'recordings replayed: time', value: performance.now() - startedAt, unit: 'ms' },
  ];
}

/** What throws is added to `thrown`: listeners that do are in the log. */
async function replay(changes: readonly Line[], thrown: string[]): Promise<readonly string[]> {
  const cluster = await startBenchCluster('empty');
  const { session, dispose } = await openSession(cluster, (message) => {
    if (message.includes('A listener failed')) {
      thrown.push(message);
      console.error(`  ${message}`);
    }
  });
  try {
    session.start();
    const events = session.watch('Event');
    await allLive(session);
    const rows = session.onDidChange(() => answerAll(inputOf(session.view), true));
    const final = new Map<string, KubeObject>();
    for (const { type, object } of changes) {
      const key = object ? `${object.kind} ${keyOf(object.metadata)}` : '';
      if (type === 'DELETED') {
        final.delete(key);
      } else if (object) {
        final.set(key, object);
      }
    }
    await cluster.do({ type: 'play', batches: batchesOf(changes) });
    const differences = await settled(session.view, final);
    rows.dispose();
    events.dispose();
    return differences;
  } finally {
    dispose();
    await cluster.stop();
  }
}

function batchesOf(changes: readonly Line[]): readonly Batch[] {
  let at = 0;
  return changes.map(({ t, type, object }) => {
    const waitMs = Math.max(0, t - at) / speed;
    at = t;
    return type === 'DELETED' && object ? { waitMs, set: [], removed: [{ resource: resourceOf(object), object }] } : { waitMs, set: object ? [object] : [], removed: [] };
  });
}

/** As the embedded server names its collections: `group/plural`. */
function resourceOf({ apiVersion, kind }: KubeObject): string {
  return `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind.toLowerCase()}${kind.endsWith('s') ? 'es' : 's'}`;
}

/** Waits until what is known equals what was recorded, for ten seconds at the most; then says which objects differ. */
async function settled(view: Parameters<typeof inputOf>[0], final: ReadonlyMap<string, KubeObject>): Promise<readonly string[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const differences = compare(view, final);
    if (differences.length === 0 || Date.now() > deadline) {
      return differences;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function compare(view: Parameters<typeof inputOf>[0], final: ReadonlyMap<string, KubeObject>): readonly string[] {
  const known = new Map<string, KubeObject>([...(view.kinds ?? []).map(({ id }) => id), 'Event'].flatMap((kind) => (view.list(kind) ?? []).map((object) => [`${object.kind} ${keyOf(object.metadata)}`, object] as const)));
  const same = (a: KubeObject, b: KubeObject | undefined) => isDeepStrictEqual(content(a), b && content(b));
  return [...[...final].filter(([key, object]) => !same(object, known.get(key))).map(([key]) => key), ...[...known.keys()].filter((key) => !final.has(key))];
}

/** Without what a server of our own numbers anew. */
function content({ metadata, ...rest }: KubeObject): unknown {
  return { ...rest, metadata: { ...metadata, resourceVersion: undefined } };
}
