import { findKubectl } from '../../contract/api/kubectl';
import { allLive, openSession, startBenchCluster } from '../cluster';
import type { BenchCluster } from '../cluster';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { BareClient } from '../bareClient';
import { heapBytes, median } from '../measure';
import type { Measurement } from '../measure';
import type { Served } from '../others';
import { kubectlGet, runInformers } from '../others';
import { answerAll, inputOf } from '../tree';

const machines = 10_000;
const runs = 9;

/** 10,000 machines with their disks and addresses: from `start()` to every row of the tree answered. */
export async function run(): Promise<readonly Measurement[]> {
  const cluster = await startBenchCluster(machines);
  try {
    const { elapsedMs, bareMs, addedBytes } = await pairs(cluster);
    const informers = await runInformers(cluster, await kindsOf(cluster));
    const kubectl = findKubectl();
    return [
      { name: '10,000 machines: connect to last row', value: elapsedMs, unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 1.5 }, reference: { name: 'fetch + JSON.parse of the same pages', value: bareMs } },
      { name: '10,000 machines: heap added', value: addedBytes / 1e6, unit: 'MB', goal: { on: 'value', op: '<=', limit: 60 } },
      { name: '10,000 machines: informers of @kubernetes/client-node, all kinds listed', value: informers.elapsedMs, unit: 'ms' },
      { name: '10,000 machines: informers of @kubernetes/client-node, heap added', value: informers.addedBytes / 1e6, unit: 'MB' },
      ...(kubectl === undefined ? [] : [{ name: '10,000 machines: kubectl get, machines alone', value: await kubectlGet(kubectl, cluster), unit: 'ms' }]),
      ...(await onRealApi()),
    ];
  } finally {
    await cluster.stop();
  }
}

/** The same objects behind a real API server. */
async function onRealApi(): Promise<readonly Measurement[]> {
  if (whyNoRealApi() !== undefined) {
    return [];
  }
  const cluster = await startBenchCluster(machines, 'real');
  try {
    const { elapsedMs, bareMs, addedBytes } = await pairs(cluster);
    return [
      { name: '10,000 machines on kube-apiserver: connect to last row', value: elapsedMs, unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 1.5 }, reference: { name: 'fetch + JSON.parse of the same pages', value: bareMs } },
      { name: '10,000 machines on kube-apiserver: heap added', value: addedBytes / 1e6, unit: 'MB', goal: { on: 'value', op: '<=', limit: 60 } },
    ];
  } finally {
    await cluster.stop();
  }
}

/** Ours and the bare client in turn, each from a collected heap; the first pair warms both up and is not counted. */
async function pairs(cluster: BenchCluster) {
  const kinds = await kindsOf(cluster);
  const ours: number[] = [];
  const bare: number[] = [];
  const heaps: number[] = [];
  for (let n = 0; n <= runs; n++) {
    const before = heapBytes();
    const { elapsedMs, addedBytes } = await connect(cluster, before);
    heapBytes();
    const bareMs = await fetchAll(cluster, kinds);
    if (n > 0) {
      ours.push(elapsedMs);
      bare.push(bareMs);
      heaps.push(addedBytes);
    }
  }
  return { elapsedMs: median(ours), bareMs: median(bare), addedBytes: median(heaps) };
}

async function connect(cluster: BenchCluster, before: number) {
  const { session, dispose } = await openSession(cluster);
  const startedAt = performance.now();
  session.start();
  await allLive(session);
  answerAll(inputOf(session.view), false);
  const elapsedMs = performance.now() - startedAt;
  const addedBytes = heapBytes() - before;
  dispose();
  return { elapsedMs, addedBytes };
}

async function kindsOf(cluster: BenchCluster): Promise<readonly Served[]> {
  const { session, dispose } = await openSession(cluster);
  session.start();
  await allLive(session);
  const kinds = (session.view.kinds ?? []).map(({ group, version, plural }) => ({ group, version, plural }));
  dispose();
  return kinds;
}

async function fetchAll(cluster: BenchCluster, kinds: readonly Served[]): Promise<number> {
  const paths = kinds.map(({ group, version, plural }) => `/apis/${group}/${version}/${plural}`);
  const client = new BareClient(cluster);
  const startedAt = performance.now();
  await Promise.all(paths.map((path) => client.list(path)));
  const elapsedMs = performance.now() - startedAt;
  await client.close();
  return elapsedMs;
}
