import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fallBacksOf, paceOf } from '../../../../src/domain/migration/pace';
import { counting, type Events, recordOf, type Told } from './play';

const at = (processed: number, remaining: number, percent: number, more: Told = {}): Told => ({ phase: 'InProgress', reason: 'Syncing', message: counting(processed, remaining), progress: `${percent}%`, ...more });

test('rate and remaining time follow from the counters of the last seconds', () => {
  const record = recordOf([0, at(0, 2000, 10)], [2000, at(200, 1800, 13)], [4000, at(400, 1600, 16)], [6000, at(600, 1400, 19)]);
  assert.deepEqual(paceOf(record), { mibPerS: 100, remainingMs: 14_000, isStalled: false });
});

test('too little heard says nothing, and so does what lies before a gap', () => {
  assert.deepEqual(paceOf(recordOf([0, at(0, 2000, 10)], [2000, at(200, 1800, 13)])), { mibPerS: undefined, remainingMs: undefined, isStalled: false });
  const record = recordOf([0, at(0, 2000, 10)], [6000, at(600, 1400, 19)]);
  assert.equal(paceOf({ ...record, gaps: [{ fromMs: record.samples[0]?.atMs ?? 0, toMs: record.samples[1]?.atMs ?? 0 }] })?.mibPerS, undefined);
});

test('a count that is repeated with a higher percentage does not make it faster or slower', () => {
  const record = recordOf([0, at(0, 2000, 10)], [20, at(0, 2000, 15)], [4000, at(400, 1600, 20)], [4020, at(400, 1600, 25)]);
  assert.equal(paceOf(record)?.mibPerS, 100);
});

test('a guest that writes as fast as is copied has no remaining time', () => {
  const record = recordOf([0, at(0, 500, 50)], [5000, at(500, 520, 50)]);
  assert.deepEqual(paceOf(record), { mibPerS: 100, remainingMs: undefined, isStalled: true });
  assert.equal(paceOf(recordOf([0, at(0, 500, 50, { reason: 'NotConverging' })]))?.isStalled, true);
});

test('outside of copying there is no pace', () => {
  assert.equal(paceOf(recordOf([0, { phase: 'Pending', reason: 'MigrationPending' }])), undefined);
});

test('a percentage that falls is found with its reason', () => {
  const found = (...events: Events) => fallBacksOf(recordOf(...events)).map(({ from, to, because }) => `${from} ${to} ${because.slice(0, 20)}`);
  assert.deepEqual(found([0, at(1, 9, 92, { reason: 'TargetResumed' })], [9, at(1, 9, 91, { reason: 'SourceSuspended' })]), ['92 91 The platform reports']);
  assert.deepEqual(found([0, at(1, 9, 50)], [9, at(2, 90, 40)]), ['50 40 The guest wrote to m']);
  assert.deepEqual(found([0, at(1, 9, 50)], [9, { phase: 'Pending', reason: 'WaitingForSyncSlot', progress: '4%' }]), ['50 4 It went back into a ']);
  assert.deepEqual(found([0, at(1, 9, 50)], [9, at(2, 8, 45)]), ['50 45 The platform correct']);
  assert.deepEqual(found([0, at(1, 9, 50)], [9, at(2, 8, 55)]), []);
});
