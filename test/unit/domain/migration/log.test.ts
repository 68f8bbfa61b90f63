import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MigrationLog, savedLog } from '../../../../src/domain/migration/log';
import { migrationOf } from '../../../../src/domain/migration/migration';
import { mostSamples } from '../../../../src/domain/migration/record';
import { FakeView } from '../fakeView';
import { ago, machine, nowMs } from '../objects';
import { counting, recordOf, told } from './play';

const startMs = nowMs - 60_000;
const copying = (percent: number, processed = percent * 10) => told({ phase: 'InProgress', reason: 'Syncing', message: counting(processed, 2000 - processed), progress: `${percent}%`, at: 50 });

test('every event that says something new is one point, and nothing else is', () => {
  const log = new MigrationLog();
  for (let percent = 10; percent <= 60; percent++) {
    assert.equal(log.operation(copying(percent), undefined, startMs + percent), true);
    assert.equal(log.operation({ ...copying(percent), metadata: { ...copying(percent).metadata, resourceVersion: String(percent) } }, undefined, startMs + percent), false);
  }
  assert.deepEqual(log.get('uid-web-migrate')?.samples.map(({ percent }) => percent), Array.from({ length: 51 }, (_, index) => 10 + index));
});

test('operations of other types are no migrations', () => {
  const log = new MigrationLog();
  assert.equal(log.operation(told({ spec: { type: 'Stop' } }), undefined, nowMs), false);
  assert.deepEqual(log.active, []);
});

test('memory is bounded: points are thinned out but no step is lost', () => {
  const log = new MigrationLog();
  log.operation(told({ phase: 'Pending', reason: 'MigrationPending' }), undefined, startMs);
  for (let index = 0; index < mostSamples * 3; index++) {
    log.operation(copying(index % 90, index), undefined, startMs + index);
  }
  const record = log.get('uid-web-migrate');
  assert.ok(record && record.samples.length <= mostSamples && record.isThinned);
  assert.equal(record.samples[0]?.reason, 'MigrationPending');
  for (let index = 0; index < 300; index++) {
    log.operation(told({ phase: 'Completed', reason: 'Completed', metadata: { uid: `u${index}`, name: `n${index}`, creationTimestamp: ago(index) } }), undefined, nowMs);
  }
  assert.ok(log.of('prod', 'web').length <= 101);
});

test('a lost connection is a gap from the last contact to the next word', () => {
  const log = new MigrationLog();
  log.operation(copying(20), undefined, startMs);
  const lost = new FakeView([copying(20)], { states: { VirtualMachineOperation: { phase: 'stale', sinceMs: startMs + 5000, problem: { reason: 'unreachable', message: '' } } } });
  assert.equal(log.align(lost, startMs + 6000), true);
  assert.equal(log.align(lost, startMs + 7000), false);
  log.align(new FakeView([copying(50)]), startMs + 20_000);
  const record = log.get('uid-web-migrate');
  assert.deepEqual(record?.gaps, [{ fromMs: startMs + 5000, toMs: startMs + 20_000 }]);
  assert.deepEqual(migrationOf(record, startMs + 30_000).steps.filter(({ startMs: at }) => at !== undefined).map(({ stage, from, durationMs }) => [stage, from, durationMs]), [
    ['copying', 'watched', 5000], ['copying', 'unseen', 15_000], ['copying', 'watched', 10_000],
  ]);
});

test('a reload keeps what was heard and is a gap itself', () => {
  const log = new MigrationLog();
  log.operation(told({}), undefined, startMs);
  log.operation(copying(20), undefined, startMs + 1000);
  const kept = savedLog(JSON.parse(JSON.stringify(log.saved(startMs + 9000))));
  assert.ok(kept);
  const again = new MigrationLog(kept);
  again.align(new FakeView([copying(60)]), startMs + 14_000);
  const record = again.get('uid-web-migrate');
  assert.deepEqual(record?.samples.map(({ percent }) => percent), [undefined, 20, 60]);
  assert.deepEqual(record.gaps, [{ fromMs: startMs + 9000, toMs: startMs + 14_000 }]);
});

test('what was kept by something else is not taken', () => {
  for (const value of [undefined, 5, {}, { heardMs: 1, records: [{}] }, { heardMs: 'x', records: [] }]) {
    assert.equal(savedLog(value), undefined);
  }
});

test('an operation that somebody deletes is gone, one that is only not known is not', () => {
  const log = new MigrationLog();
  log.operation(copying(20), undefined, startMs);
  log.align(new FakeView([], { states: { VirtualMachineOperation: { phase: 'loading' } } }), startMs + 1000);
  assert.equal(log.active.length, 1);
  assert.equal(log.align(new FakeView([]), startMs + 2000), true);
  assert.deepEqual([log.active.length, log.get('uid-web-migrate')?.goneMs], [0, startMs + 2000]);
});

test('an operation that was made anew under the same name is another migration', () => {
  const log = new MigrationLog();
  log.operation(copying(20), undefined, startMs);
  const { metadata, ...rest } = copying(0);
  log.align(new FakeView([{ ...rest, metadata: { ...metadata, uid: 'second', creationTimestamp: ago(1) } }]), startMs + 2000);
  assert.equal(log.get('uid-web-migrate')?.goneMs, startMs + 2000);
  assert.deepEqual(log.of('prod', 'web').map(({ uid }) => uid), ['second', 'uid-web-migrate']);
});

test('two migrations in one second: the second does not take over the nodes of the first', () => {
  const log = new MigrationLog();
  const at = (node: string, state: object) => machine('web', 'Running', { status: { nodeName: node, migrationState: state } });
  log.operation(told({ metadata: { uid: 'first' } }), at('a', {}), startMs);
  log.machine(at('a', { source: { node: 'a' }, target: { node: 'b' }, startTimestamp: ago(58) }));
  log.operation(told({ phase: 'Completed', reason: 'Completed', metadata: { uid: 'first' } }), undefined, nowMs - 9100);
  const ended = at('b', { source: { node: 'a' }, target: { node: 'b' }, startTimestamp: ago(58), endTimestamp: ago(9), result: 'Succeeded' });
  log.machine(ended);
  log.operation(told({ metadata: { uid: 'second', creationTimestamp: ago(9) } }), ended, nowMs - 9000);
  assert.deepEqual([log.get('second')?.source, log.get('second')?.target], ['b', undefined]);
  log.machine(at('b', { source: { node: 'b' }, target: { node: 'c' } }));
  assert.deepEqual([log.get('first')?.target, log.get('second')?.source, log.get('second')?.target], ['b', 'b', 'c']);
});

test('a machine that was made anew with the same name says nothing of the one before', () => {
  const log = new MigrationLog();
  log.operation(told({ metadata: { labels: { 'virtualization.deckhouse.io/virtual-machine-uid': 'old' } } }), undefined, startMs);
  log.machine(machine('web', 'Running', { metadata: { uid: 'new' }, status: { nodeName: 'z' } }));
  assert.equal(log.get('uid-web-migrate')?.source, undefined);
});

test('first seen half way: what came before is told by the cluster\'s clock, what nobody timed is said to be unseen', () => {
  const record = recordOf([30_000, { phase: 'InProgress', reason: 'Syncing', message: counting(5, 6), progress: '40%', at: 52 }]);
  const { steps, elapsed } = migrationOf(record, nowMs - 20_000);
  assert.deepEqual(steps.slice(0, 3).map(({ stage, from, durationMs }) => [stage, from, durationMs]), [['other', 'cluster', 8000], ['copying', 'unseen', undefined], ['copying', 'watched', 10_000]]);
  assert.deepEqual(elapsed, { ms: 18_000, isAtLeast: true });
});

test('first seen when it was over: the cluster\'s clock tells all there is', () => {
  const record = recordOf([70_000, { phase: 'Completed', reason: 'Completed', progress: '100%', at: 18 }]);
  assert.deepEqual(migrationOf(record, nowMs).elapsed, { ms: 42_000, isAtLeast: false });
});
