import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evacuationOf, Heard } from '../../../src/domain/evacuation';
import type { EvacuationRow } from '../../../src/domain/evacuationRow';
import { isEvacuating } from '../../../src/domain/evacuationStatus';
import { ToldRows } from '../../../src/domain/evacuationShown';
import { summaryOf } from '../../../src/domain/evacuationSummary';
import { toMove } from '../../../src/domain/reorder';
import { world } from '../../cluster/world';
import { FakeView } from './fakeView';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const objects = [...world({ module: '1.10', seed: 7, evacuating: 200, nowMs })];
const kindsNeeded = ['VirtualMachine', 'VirtualMachineOperation', 'VirtualDisk', 'Node', 'StorageClass', 'VirtualMachineClass'];
const view = () => new FakeView(objects.filter(({ kind }) => kindsNeeded.includes(kind)));
const rowsOf = (from: FakeView, node?: string, heard = new Heard()) => evacuationOf(from, node, nowMs, heard.recordOf)?.rows ?? [];
const find = (rows: readonly EvacuationRow[], machine: string) => rows.find((row) => row.machine === machine);
const operationOf = (machine: string) => objects.find(({ kind, spec }) => kind === 'VirtualMachineOperation' && (spec as { virtualMachineName: string }).virtualMachineName === machine)!;
const count = (rows: readonly EvacuationRow[]) => Object.fromEntries(['left', 'moving', 'waiting', 'stays'].map((group) => [group, rows.filter((row) => row.group === group).length]));

test('a drained node: who has left, who moves, who waits, and who stays and why', () => {
  const rows = rowsOf(view(), 'node-c1');
  assert.ok(rows.every(({ from }) => from === 'node-c1'));
  assert.deepEqual([find(rows, 'move-copying')?.group, find(rows, 'move-copying')?.percent, find(rows, 'move-copying')?.to], ['moving', 31, 'node-a1']);
  assert.equal(find(rows, 'move-quota')?.group, 'waiting');
  const left = find(rows, 'fleet-0001');
  assert.deepEqual([left?.group, left?.percent, left?.to], ['left', 100, 'node-a1']);
  assert.ok((left?.elapsed?.ms ?? 0) > 0);
  const counts = count(rows);
  assert.ok(Object.values(counts).every((number) => number > 0), JSON.stringify(counts));
  assert.equal(new Set(rows.map(({ key }) => key)).size, rows.length);
});

test('a machine that cannot move and a migration that failed say why, and what to do', () => {
  const rows = rowsOf(view());
  const blocked = rows.find(({ state }) => state === 'blocked');
  assert.match(blocked?.why ?? '', /on one node only/);
  assert.ok(blocked?.next);
  const failed = rows.find(({ state, namespace }) => state === 'failed' && namespace === 'fleet');
  assert.equal(failed?.group, 'stays');
  assert.ok(failed?.why && failed.text.startsWith('Failed') && failed.from?.startsWith('node-c'));
});

test('nothing is shown as absent that is only not known', () => {
  const unlisted = new FakeView([], { states: { VirtualMachineOperation: { phase: 'loading' } } });
  assert.equal(evacuationOf(unlisted, undefined, nowMs, new Heard().recordOf), undefined);
  const unreadable = new FakeView(objects.filter(({ kind }) => kind !== 'Node'), { states: { Node: { phase: 'failed', problem: { reason: 'forbidden', message: 'no' } } } });
  const evacuation = evacuationOf(unreadable, 'node-c1', nowMs, new Heard().recordOf)!;
  assert.equal(evacuation.place, 'unreadable');
  assert.match(summaryOf(evacuation, unreadable, nowMs).notes.join(), /you may not read nodes/);
});

test('what is old or of some namespaces only is said to be so', () => {
  const problem = { reason: 'unreachable', message: 'No route.' } as const;
  const stale = new FakeView(objects.filter(({ kind }) => kindsNeeded.includes(kind)), { states: { VirtualMachine: { phase: 'stale', sinceMs: nowMs - 90_000, problem }, VirtualMachineOperation: { phase: 'live', namespaces: ['fleet'] } } });
  const evacuation = evacuationOf(stale, undefined, nowMs, new Heard().recordOf)!;
  const notes = summaryOf(evacuation, stale, nowMs).notes.join('\n');
  assert.match(notes, /As it was 1 min ago: No route\./);
  assert.match(notes, /fleet\./);
  assert.match(notes, /node-b3, node-c1, node-c2/);
});

test('a drained node followed to its end', () => {
  const cluster = view();
  const heard = new Heard();
  const told = new ToldRows();
  told.news(rowsOf(cluster, 'node-c2', heard));
  for (const row of rowsOf(cluster, 'node-c2', heard)) {
    const operation = row.uid && operationOf(row.machine);
    const machine = objects.find(({ kind, metadata }) => kind === 'VirtualMachine' && metadata.name === row.machine)!;
    if (operation && row.state === 'waiting') {
      cluster.set({ ...operation, status: { ...(operation.status as object), phase: 'Completed', progress: '100%', conditions: [{ type: 'Completed', status: 'True', reason: 'Completed', message: '', lastTransitionTime: new Date(nowMs).toISOString() }] } });
      cluster.set({ ...machine, status: { ...(machine.status as object), nodeName: 'node-a2', conditions: [], migrationState: { source: { node: 'node-c2' }, target: { node: 'node-a2' }, result: 'Succeeded' } } });
    }
  }
  const evacuation = evacuationOf(cluster, 'node-c2', nowMs, heard.recordOf)!;
  const summary = summaryOf(evacuation, cluster, nowMs);
  assert.equal(summary.counts.waiting + summary.counts.moving, 0);
  assert.match(summary.line, /^Nothing more leaves "node-c2" by itself; machines that stay: \d+\.$/);
  const news = told.news(evacuation.rows);
  assert.ok(news.changed.every(({ group }) => group === 'left') && news.changed.length > 0);
  assert.deepEqual(news.gone, []);
});

test('only what differs is told', () => {
  const cluster = view();
  const told = new ToldRows();
  const rows = rowsOf(cluster);
  assert.equal(told.news(rows).changed.length, rows.length);
  assert.deepEqual(told.news(rowsOf(cluster)), { changed: [], gone: [] });
  const operation = operationOf('move-copying');
  cluster.set({ ...operation, status: { ...(operation.status as object), progress: '36%' } });
  assert.deepEqual(told.news(rowsOf(cluster)).changed.map(({ machine, percent }) => [machine, percent]), [['move-copying', 36]]);
  assert.deepEqual(told.news(rows.slice(1)).gone, [rows[0]?.key]);
  told.clear();
  assert.equal(told.news(rows).changed.length, rows.length);
});

test('of several migrations of a machine the one that goes on counts, then the newest', () => {
  const cluster = view();
  const operation = operationOf('move-copying');
  cluster.set({ ...operation, metadata: { ...operation.metadata, name: 'later', uid: 'later', creationTimestamp: new Date(nowMs).toISOString() }, status: { phase: 'Failed' } });
  assert.equal(find(rowsOf(cluster), 'move-copying')?.state, 'running');
  cluster.delete(operation);
  assert.equal(find(rowsOf(cluster), 'move-copying')?.state, 'failed');
});

test('a phase and a reason that nobody has heard of are shown as they are', () => {
  const cluster = view();
  const operation = operationOf('move-copying');
  cluster.set({ ...operation, status: { phase: 'InProgress', conditions: [{ type: 'Completed', status: 'False', reason: 'BrandNew', message: 'Doing brand new things' }] } });
  const row = find(rowsOf(cluster), 'move-copying');
  assert.deepEqual([row?.text, row?.why, row?.percent], ['BrandNew', 'Doing brand new things', undefined]);
});

test('a migration that a drained node has asked for is told from all others', () => {
  const operations = objects.filter(({ kind }) => kind === 'VirtualMachineOperation');
  assert.equal(isEvacuating(operations), true);
  assert.equal(isEvacuating([{ ...operationOf('move-copying'), metadata: { name: 'own', namespace: 'fleet' } }]), false);
  assert.equal(isEvacuating([]), false);
});

test('as few rows as possible are moved', () => {
  assert.deepEqual([...toMove(['a', 'b', 'c', 'd'], ['c', 'd', 'a', 'b'])].length, 2);
  assert.deepEqual([...toMove(['a', 'b', 'c'], ['b', 'c', 'a'])], ['a']);
  assert.deepEqual([...toMove(['a', 'b', 'c'], ['c', 'a', 'b'])], ['c']);
  assert.deepEqual([...toMove([], ['a', 'b'])], ['a', 'b']);
  assert.deepEqual([...toMove(['a', 'b'], ['a', 'b'])], []);
  assert.deepEqual([...toMove(['gone', 'a'], ['a', 'new'])], ['new']);
});

test('five hundred migrations are put together in a fraction of what opening may take', () => {
  const many = new FakeView([...world({ module: '1.10', seed: 1, evacuating: 500, nowMs })].filter(({ kind }) => kindsNeeded.includes(kind)));
  const startMs = performance.now();
  const rows = rowsOf(many);
  assert.ok(rows.length >= 480, String(rows.length));
  assert.ok(performance.now() - startMs < 2000);
});
