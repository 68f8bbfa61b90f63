import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { BenchCluster } from './cluster';
import { heapBytes } from './measure';

/** Where a kind is served. */
export interface Served { readonly group: string; readonly version: string; readonly plural: string }

/** What the informer of `@kubernetes/client-node` needs to list all objects of these kinds and to begin watching them. */
export async function runInformers(cluster: BenchCluster, kinds: readonly Served[]): Promise<{ readonly elapsedMs: number; readonly addedBytes: number }> {
  const { CustomObjectsApi, KubeConfig, makeInformer } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(cluster.kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const before = heapBytes();
  const informers = kinds.map((kind) => makeInformer(config, `/apis/${kind.group}/${kind.version}/${kind.plural}`, () => api.listClusterCustomObject(kind)));
  const startedAt = performance.now();
  await Promise.all(informers.map((informer) => informer.start()));
  const elapsedMs = performance.now() - startedAt;
  const addedBytes = heapBytes() - before;
  await Promise.all(informers.map((informer) => informer.stop()));
  return { elapsedMs, addedBytes };
}

/** How long `kubectl get` takes for all machines, its start included. */
export async function kubectlGet(kubectl: string, cluster: BenchCluster): Promise<number> {
  const args = ['get', 'virtualmachines', '-A', '--kubeconfig', cluster.kubeconfig];
  const options = { maxBuffer: 1e9, env: environmentOf(cluster) };
  await promisify(execFile)(kubectl, args, options);
  const startedAt = performance.now();
  await promisify(execFile)(kubectl, args, options);
  return performance.now() - startedAt;
}

/** CPU that `kubectl get -w` takes, in milliseconds, for the changes of machines that `cause` makes; `undefined` where `/proc` does not tell. */
export async function kubectlWatch(kubectl: string, cluster: BenchCluster, count: number, cause: () => Promise<void>): Promise<number | undefined> {
  const child = spawn(kubectl, ['get', 'virtualmachines', '-A', '-w', '--no-headers', '--kubeconfig', cluster.kubeconfig], { stdio: ['ignore', 'pipe', 'inherit'], env: environmentOf(cluster) });
  try {
    let lines = 0;
    let onLine: () => void = () => undefined;
    child.stdout.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) {
        lines++;
      }
      onLine();
    });
    const quiet = () => new Promise<void>((resolve) => {
      let timer = setTimeout(resolve, 1000);
      onLine = () => {
        clearTimeout(timer);
        timer = setTimeout(resolve, 1000);
      };
    });
    // It lists first; nothing says where the list ends.
    await quiet();
    const listed = lines;
    const before = await cpuOf(child.pid);
    const done = new Promise<void>((resolve) => { onLine = () => { if (lines - listed >= count) { resolve(); } }; });
    await Promise.all([done, cause()]);
    const after = await cpuOf(child.pid);
    return before === undefined || after === undefined ? undefined : after - before;
  } finally {
    child.kill();
  }
}

/** kubectl keeps what it discovers: beside the kubeconfig, which goes when the bench ends. */
function environmentOf({ kubeconfig }: BenchCluster): NodeJS.ProcessEnv {
  return { ...process.env, KUBECACHEDIR: `${kubeconfig}.cache` };
}

/** Milliseconds of CPU of a process, from fields 14 and 15 of `/proc/PID/stat`, in hundredths of a second. */
async function cpuOf(pid: number | undefined): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  const [, , , , , , , , , , , user, system] = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return user === undefined || system === undefined ? undefined : (Number(user) + Number(system)) * 10;
}
