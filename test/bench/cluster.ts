import { fork } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Contexts } from '../../src/cluster/contexts';
import type { Session } from '../../src/cluster/session';

/** Where the cluster of a benchmark is. */
export interface Ready { readonly url: string; readonly caPem: string; readonly token: string }

/** What the parent asks of the cluster's process; it answers `{ done: true }`. `touch` annotates machines with `MARK-0`, `MARK-1`, …, the first one or that at `from` first. */
export type Order =
  | { readonly type: 'touch'; readonly count: number; readonly mark: string; readonly from?: number }
  | { readonly type: 'play'; readonly batches: readonly Batch[] };

/** Changes that happen at one moment, `waitMs` after the ones before. */
export interface Batch {
  readonly waitMs: number;
  readonly set: readonly object[];
  readonly removed: readonly { readonly resource: string; readonly object: object }[];
}

export interface BenchCluster extends Ready {
  readonly kubeconfig: string;
  do(order: Order): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a cluster with `vms` machines beside the company's, or an empty one, in a process of its own; `real`: with etcd and kube-apiserver. */
export async function startBenchCluster(vms: number | 'empty', api: 'own' | 'real' = 'own'): Promise<BenchCluster> {
  const child = fork(path.join(import.meta.dirname, 'served.ts'), vms === 'empty' ? ['0', api, 'empty'] : [String(vms), api], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--import', 'tsx', '--max-old-space-size=8192'] });
  const answer = <T>() => new Promise<T>((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`The cluster's process ended with ${code}.`));
    child.once('exit', onExit).once('message', (message) => {
      child.off('exit', onExit);
      resolve(message as T);
    });
  });
  const ready = await answer<Ready>();
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  const kubeconfig = path.join(folder, 'config');
  await writeFile(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'bench',
    clusters: [{ name: 'bench', cluster: { server: ready.url, 'certificate-authority-data': Buffer.from(ready.caPem).toString('base64') } }],
    users: [{ name: 'bench', user: { token: ready.token } }],
    contexts: [{ name: 'bench', context: { cluster: 'bench', user: 'bench' } }],
  }), { mode: 0o600 });
  return {
    ...ready, kubeconfig,
    do: async (order) => {
      const done = answer();
      child.send(order);
      await done;
    },
    stop: async () => {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.disconnect();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A session of the extension's own client; started when `start` is called. */
export async function openSession(cluster: BenchCluster, log: (message: string) => void = () => undefined): Promise<{ readonly session: Session; readonly dispose: () => void }> {
  const contexts = new Contexts({ sources: () => [{ files: [cluster.kubeconfig] }], userAgent: 'dvp-bench', log });
  await contexts.reload();
  const session = contexts.session('bench');
  if (!session) {
    throw new Error('The context of the bench was not found.');
  }
  return { session, dispose: () => contexts.dispose() };
}

/** Resolves when every kind that the cluster serves has been listed. */
export function allLive(session: Session): Promise<void> {
  const { view } = session;
  const isLive = () => view.kinds !== undefined && view.kinds.every(({ id }) => view.state(id).phase === 'live');
  return new Promise((resolve) => {
    const check = () => {
      if (isLive()) {
        one.dispose();
        two.dispose();
        resolve();
      }
    };
    const one = session.onDidChange(check);
    const two = session.onDidChangeState(check);
    check();
  });
}
