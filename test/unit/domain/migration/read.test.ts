import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitMessage } from '../../../../src/domain/migration/counters';
import { MigrationLog } from '../../../../src/domain/migration/log';
import { migrationOf, stateText } from '../../../../src/domain/migration/migration';
import { marked, starterOf } from '../../../../src/domain/migration/starter';
import { elapsedOf } from '../../../../src/domain/migration/timeline';
import { nowMs, object } from '../objects';
import { recordings } from '../recorded';
import { counting, played, type Events, recordOf, told, type Told } from './play';

const skip = recordings().length === 0 ? 'the recordings of the platform are not beside the repository' : false;

test('a message is what it says to people and what it counts', () => {
  assert.deepEqual(splitMessage('Copying goes on. TimeElapsed:10s DataProcessed:999MiB DataRemaining:1248MiB DataTotal:2048MiB Iteration:2 AutoConvergeThrottleSet:true AutoConvergeThrottle:17'), {
    text: 'Copying goes on', counters: { elapsedS: 10, processedMib: 999, remainingMib: 1248, totalMib: 2048, iteration: 2, throttlePercent: 17 },
  });
  assert.deepEqual(splitMessage('Preparing the target'), { text: 'Preparing the target', counters: undefined });
});

test('counters that nobody has heard of are kept as they are; text that only looks like one is left alone', () => {
  assert.deepEqual(splitMessage('X. DataTotal:5MiB Downtime:12ms').counters, { totalMib: 5, others: [['Downtime', '12ms']] });
  assert.deepEqual(splitMessage('Error:5 could not start'), { text: 'Error:5 could not start', counters: undefined });
});

test('a recorded migration reads as it went: nodes, steps, every reported percentage, the last counters', { skip }, () => {
  const record = played('03c-migrate-success')?.all.find(({ name }) => name === 'db-migrate') ?? fail();
  const migration = migrationOf(record, nowMs);
  assert.deepEqual([record.source, record.target, migration.state, migration.percent], ['worker-1', 'worker-2', 'completed', 100]);
  assert.deepEqual(migration.steps.map(({ stage, from }) => `${stage} ${from}`), ['waiting watched', 'scheduling watched', 'preparing watched', 'copying watched', 'switching watched']);
  assert.deepEqual(migration.counters, { elapsedS: 40, processedMib: 3072, remainingMib: 0, totalMib: 2048, iteration: 5 });
  assert.deepEqual(migration.fallBacks.map(({ from, to }) => [from, to]), [[92, 91]]);
  assert.equal(migration.highest, 100);
  assert.equal(Math.round((migration.elapsed?.ms ?? 0) / 1000), 49);
});

test('two recorded migrations of one machine in quick succession keep their own nodes', { skip }, () => {
  const all = played('03c-migrate-success')?.all ?? [];
  assert.deepEqual(all.filter(({ target }) => target !== undefined).map(({ name, source, target }) => [name, source, target]).reverse().slice(0, 2), [['db-migrate', 'worker-1', 'worker-2'], ['db-evict-force', 'worker-2', 'worker-1']]);
});

test('an hour between the clocks changes no duration', { skip }, () => {
  const lengths = [0, 3_600_000, -3_600_000].map((skewMs) => {
    const record = played('03c-migrate-success', skewMs)?.all.at(-1) ?? fail();
    return [elapsedOf(record, nowMs), ...migrationOf(record, nowMs).steps.map(({ durationMs }) => durationMs)];
  });
  assert.deepEqual(lengths[1], lengths[0]);
  assert.deepEqual(lengths[2], lengths[0]);
});

test('a computer that is an hour ahead or behind times a migration alike, from its start and half way', () => {
  const copying = told({ phase: 'InProgress', reason: 'Syncing', message: counting(400, 1600), progress: '22%', at: 50 });
  for (const first of [told(), copying]) {
    const lengths = [0, 3_600_000, -3_600_000].map((skewMs) => {
      const log = new MigrationLog();
      log.operation(first, undefined, nowMs - 40_000 + skewMs);
      log.operation(copying, undefined, nowMs - 30_000 + skewMs);
      const migration = migrationOf(log.all[0] ?? fail(), nowMs + skewMs);
      return [migration.elapsed, ...migration.steps.map(({ durationMs }) => durationMs)];
    });
    assert.deepEqual(lengths[1], lengths[0]);
    assert.deepEqual(lengths[2], lengths[0]);
  }
});

test('every recorded failure says at which step, in words and in the platform\'s own', { skip }, () => {
  const ends = recordings().filter((name) => name.startsWith('03')).flatMap((name) => played(name.slice(0, -'.jsonl'.length))?.all ?? []).map((record) => migrationOf(record, nowMs));
  assert.ok(ends.length > 15, String(ends.length));
  for (const migration of ends.filter(({ state }) => state === 'failed')) {
    assert.ok(migration.meaning.length > 10 && !migration.meaning.includes('Migration failed'), migration.meaning);
    assert.match(stateText(migration), /^(Failed at: |Refused)/);
  }
});

test('who started it: marks of the platform, then names', () => {
  const starter = (name: string, annotation?: string) => starterOf(object('VirtualMachineOperation', {
    name, spec: { virtualMachineName: 'web' }, metadata: annotation === undefined ? {} : { annotations: { [`virtualization.deckhouse.io/${annotation}`]: 'true' } },
  }));
  assert.deepEqual([
    starter('evacuation-x7k2p', 'evacuation'), starter('firmware-update-x7k2p', 'workload-update'), starter('nodeplacement-update-x7k2p', 'workload-update'), starter('hotplug-resources-x7k2p', 'workload-update'),
    starter('something-x7k2p', 'workload-update'), starter('volume-migration-x7k2p', 'volume-migration'), starter('web-x7k2p'), starter('web-migrate-x7k2p'), starter('move-it'),
  ], ['evacuation', 'firmware', 'placement', 'resources', 'workload', 'volumes', 'commandLine', 'here', 'unknown']);
});

test('a reload right after the start loses nothing: the operation itself says from where it was started', () => {
  const asked = told({ spec: { type: 'Migrate', virtualMachineName: 'web' }, metadata: { annotations: { other: 'kept' } } });
  const sent = marked(asked, 'ours');
  assert.deepEqual(sent.metadata.annotations, { ...asked.metadata.annotations, 'vscode-deckhouse-virtualization/started-in': 'ours' });
  // Nothing is known here but what the cluster says.
  const log = new MigrationLog();
  log.operation(sent, undefined, nowMs);
  assert.deepEqual(log.active.map(({ mark }) => mark), ['ours']);
  assert.equal(recordOf([0, {}]).mark, undefined);
});

test('a machine that is called like a mark of the platform is not taken for it', () => {
  assert.equal(starterOf(object('VirtualMachineOperation', { name: 'evacuation-x7k2p', spec: { virtualMachineName: 'evacuation' } })), 'commandLine');
});

test('a reason or phase that nobody has heard of is shown as it is', () => {
  const migration = migrationOf(recordOf([0, {}], [1000, { phase: 'InProgress', reason: 'WarpingSpace', message: 'Folding.' }]), nowMs);
  assert.deepEqual([stateText(migration), migration.meaning, migration.state], ['WarpingSpace', 'Folding.', 'running']);
  const odd = migrationOf(recordOf([0, {}], [1000, { phase: 'Levitating' }]), nowMs);
  assert.deepEqual([odd.meaning, odd.stage], ['Levitating', 'other']);
});

test('a module without progress reports no percentage, and that is not zero', () => {
  const migration = migrationOf(recordOf([0, {}], [1000, { phase: 'InProgress', reason: 'MigrationRunning', spec: { type: 'Evict' } }]), nowMs);
  assert.deepEqual([migration.percent, migration.highest, migration.stage], [undefined, undefined, 'copying']);
});

test('superseded, refused, cancelled and deleted are told apart', () => {
  const state = (...events: Events) => stateText(migrationOf(recordOf(...events), nowMs));
  const copying: readonly [number, Told] = [1000, { phase: 'InProgress', reason: 'Syncing', message: counting(1, 2), progress: '12%' }];
  assert.equal(state([0, {}], copying, [2000, { phase: 'Superseded', reason: 'Superseded' }]), 'Superseded');
  assert.equal(state([0, {}], copying, [2000, { phase: 'Completed', reason: 'Superseded' }]), 'Superseded');
  assert.equal(state([0, {}], [5, { phase: 'Failed', reason: 'NotApplicableForLiveMigrationPolicy' }]), 'Refused');
  assert.equal(state([0, {}], copying, [2000, { phase: 'Failed', reason: 'Aborted' }]), 'Cancelled at: Copying memory');
  const deleted = recordOf([0, {}], copying, [2000, { phase: 'InProgress', reason: 'Syncing', metadata: { deletionTimestamp: '2026-03-01T11:59:59Z' } }]);
  assert.equal(stateText(migrationOf(deleted, nowMs)), 'Cancelling');
  assert.equal(stateText(migrationOf({ ...deleted, goneMs: nowMs }, nowMs)), 'Cancelled at: Copying memory');
  assert.equal(stateText(migrationOf({ ...recordOf([0, {}], copying), goneMs: nowMs }, nowMs)), 'Deleted');
});

for (const [reason, phase, stage] of [['TargetUnschedulable', 'TargetScheduling', 'Choosing a node'], ['TargetDiskError', 'TargetPreparing', 'Preparing the node'], ['NotConverging', 'Syncing', 'Copying memory'], ['Failed', 'TargetResumed', 'Switching over'], ['OperationFailed', 'MigrationPending', 'Waiting']] as const) {
  test(`failed with ${reason}: the step it was in, plain words, the platform's own words`, () => {
    const migration = migrationOf(recordOf([0, {}], [500, { phase: 'InProgress', reason: phase, progress: '7%' }], [900, { phase: 'Failed', reason, message: 'Migration failed: because', progress: '7%' }]), nowMs);
    assert.equal(stateText(migration), `Failed at: ${stage}`);
    assert.equal(migration.message, 'Migration failed: because');
    assert.notEqual(migration.meaning, migration.message);
    assert.equal(migration.state, 'failed');
  });
}

function fail(): never {
  throw new Error('The recording has no such migration.');
}
