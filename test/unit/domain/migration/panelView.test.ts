import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import type { MigrationRecord } from '../../../../src/domain/migration/record';
import { endText } from '../../../../src/domain/migration/endText';
import { plotOf } from '../../../../src/domain/migration/panelPlot';
import { migrationView, type ViewInput } from '../../../../src/domain/migration/panelView';
import { kinds } from '../../../../src/domain/kinds/index';
import { FakeView, served } from '../fakeView';
import { counting, type Events, recordOf } from './play';
import { machine, nowMs } from '../objects';

const web = machine('web', 'Running', { status: { nodeName: 'a', conditions: [{ type: 'Migratable', status: 'True', reason: 'VirtualMachineMigratable' }] } });
const copying: Events[number] = [1000, { phase: 'InProgress', reason: 'Syncing', message: counting(400, 1600), progress: '22%' }];

function shown(records: readonly MigrationRecord[], more: Partial<ViewInput> = {}) {
  return migrationView({ name: 'web', namespace: 'prod', context: 'east', view: new FakeView([web]), records, selected: undefined, isMine: () => true, isReadOnly: false, nowMs: nowMs - 58_000, ...more });
}

const intents = (view: ReturnType<typeof shown>) => view.actions.map(({ intent }) => intent);
const notices = (view: ReturnType<typeof shown>) => view.notices.map(({ text }) => text).join(' ');

test('without a migration it is about whether and where to', () => {
  const view = shown([]);
  assert.deepEqual([view.headline, view.picture, view.before?.title, intents(view).slice(0, 3)], ['Not migrating', undefined, 'It would probably fail', ['migrate', 'migrateTo', 'forceMigrate']]);
});

test('a running one can be cancelled, shows both nodes, steps and the last reported percentage', () => {
  const view = shown([{ ...recordOf([0, {}], copying), source: 'a', target: 'b' }]);
  assert.deepEqual([view.headline, view.picture?.source, view.picture?.target, view.picture?.guestAt, view.progress?.text, view.before], ['Copying memory', 'a', 'b', 'source', '22 %', undefined]);
  assert.equal(intents(view)[0], 'cancel');
  assert.deepEqual(view.steps.map(({ label, state }) => `${label} ${state}`), ['Waiting done', 'Copying memory current', 'Switching over ahead']);
  assert.ok(view.facts.some(([label, value]) => label === 'Left' && value === '1.6 GiB'));
});

test('where the guest is, is said for now only while it moves, and never of a node that is not known', () => {
  const failed = recordOf([0, {}], copying, [2000, { phase: 'Failed', reason: 'NotConverging' }]);
  const picture = (record: MigrationRecord) => {
    const { sourceNote, targetNote, label } = shown([record], { view: undefined }).picture ?? {};
    return [sourceNote, targetNote, label];
  };
  assert.deepEqual(picture({ ...recordOf([0, {}], copying), source: 'a', target: 'b' }), ['the guest runs here', '', 'From a to b; the guest runs on a.']);
  assert.deepEqual(picture({ ...failed, source: 'a', target: 'b' }), ['the guest stayed here', '', 'From a to b; the guest stayed on a.']);
  assert.deepEqual(picture({ ...failed, source: undefined, target: undefined }), ['', '', 'From unknown to none was chosen.']);
  assert.deepEqual(picture({ ...recordOf([0, {}], copying, [2000, { phase: 'Completed' }]), source: 'a', target: 'b' }), ['', 'the guest moved here', 'From a to b; the guest moved to b.']);
});

test('a module that reports no percentage is said to report none; the bar has no length', () => {
  const view = shown([recordOf([0, {}], [900, { phase: 'InProgress', reason: 'MigrationRunning', spec: { type: 'Evict' } }])]);
  assert.deepEqual(view.progress, { percent: undefined, text: 'The platform does not report percent', detail: 'How long it still takes cannot be told yet.' });
});

test('a module that knows no "Migrate" is asked to evict, and the button says so', () => {
  const old = new FakeView([web], { without: ['VirtualMachineSnapshotOperation'], further: [{ ...served(kinds.VirtualMachine), id: 'VirtualMachineRestore' }] });
  assert.deepEqual(shown([], { view: old }).actions.map(({ intent, label }) => `${intent}: ${label}`), ['migrate: Evict', 'showMachine: Describe machine']);
});

test('one that failed before it began is not said to report nothing', () => {
  assert.equal(shown([recordOf([0, {}], [900, { phase: 'Failed', reason: 'OperationFailed', message: 'not migratable' }])]).progress?.text, 'Not begun');
});

test('the bar does not run backwards while the number is what was reported', () => {
  const view = shown([recordOf([0, {}], [1000, { phase: 'InProgress', reason: 'TargetResumed', progress: '92%' }], [1500, { phase: 'InProgress', reason: 'SourceSuspended', progress: '91%' }])]);
  assert.deepEqual([view.progress?.percent, view.progress?.text, view.fallBacks.length], [92, '91 %', 1]);
});

test('a failure shows the step, plain words, the platform\'s words and what to do; force first where it would help', () => {
  const view = shown([recordOf([0, {}], copying, [2000, { phase: 'Failed', reason: 'NotConverging', message: 'Migration did not converge: stuck' }])]);
  assert.deepEqual([view.headline, view.tone, view.said], ['Failed at: Copying memory', 'failed', 'Migration did not converge: stuck · NotConverging']);
  assert.match(view.next, /migrate with force/);
  assert.deepEqual(view.actions.filter(({ isPrimary }) => isPrimary).map(({ intent }) => intent), ['forceMigrate']);
  assert.equal(view.steps.at(-1)?.state, 'failed');
});

test('force is not offered where the policy forbids it, nothing is where the context is read-only', () => {
  const safe: KubeObject = { ...web, spec: { ...(web.spec as object), liveMigrationPolicy: 'AlwaysSafe' } };
  const failed = [recordOf([0, {}], [2000, { phase: 'Failed', reason: 'NotConverging' }])];
  assert.ok(!intents(shown(failed, { view: new FakeView([safe]) })).includes('forceMigrate'));
  assert.deepEqual(intents(shown(failed, { isReadOnly: true })), ['showMachine']);
});

test('connection lost: what was heard stays, with the outage said', () => {
  const view = shown([recordOf([0, {}], copying)], { view: new FakeView([web], { states: { VirtualMachineOperation: { phase: 'stale', sinceMs: nowMs - 70_000, problem: { reason: 'unreachable', message: 'No answer.' } } } }) });
  assert.equal(view.headline, 'Copying memory');
  assert.match(notices(view), /Nothing has been heard of the cluster for 12 s: No answer/);
  assert.match(notices(shown([recordOf([0, {}], copying)], { view: undefined })), /not connected/);
});

test('a machine that was made anew under the same name is told apart from the one that migrated', () => {
  const old = { ...recordOf([0, {}], [2000, { phase: 'Completed', reason: 'Completed' }]), machineUid: 'another' };
  assert.match(notices(shown([old])), /another machine of the same name/);
});

test('a machine that is stopped or deleted meanwhile is said to be', () => {
  assert.match(notices(shown([recordOf([0, {}], copying)], { view: new FakeView([machine('web', 'Stopping')]) })), /The machine is Stopping/);
  assert.match(notices(shown([recordOf([0, {}], copying)], { view: new FakeView([]) })), /no longer exists/);
});

test('a node that is lost is named', () => {
  const node: KubeObject = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'b' }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } };
  assert.match(notices(shown([{ ...recordOf([0, {}], copying), source: 'a', target: 'b' }], { view: new FakeView([web, node]) })), /The node "b" does not answer/);
});

test('two in quick succession: the newest is shown, the chosen one stays chosen and says that there is a newer one', () => {
  const first = recordOf([0, {}], [500, { phase: 'Completed', reason: 'Completed' }]);
  const second = { ...recordOf([600, {}], copying), uid: 'second' };
  assert.equal(shown([second, first]).headline, 'Copying memory');
  const chosen = shown([second, first], { selected: first.uid });
  assert.deepEqual([chosen.headline, chosen.notices[0]?.text, chosen.notices[0]?.action?.intent], ['Completed', 'A newer migration goes on.', 'newest']);
  assert.deepEqual(chosen.history.map(({ isShown }) => isShown), [false, true]);
});

test('the rights to operations are missing: nothing is claimed', () => {
  const view = shown([], { view: new FakeView([web], { states: { VirtualMachineOperation: { phase: 'failed', problem: { reason: 'forbidden', message: '' } } } }) });
  assert.equal(view.headline, 'Not known');
});

test('the plot is what the cluster reported, point by point, appended without repeating', () => {
  const record = recordOf([0, {}], copying, [3000, { phase: 'InProgress', reason: 'Syncing', message: counting(600, 1400), progress: '25%' }]);
  const all = plotOf(record, 0, nowMs - 57_000);
  assert.deepEqual(all.points.map(({ seconds, percent, remainingMib }) => [seconds, percent, remainingMib]), [[0, undefined, undefined], [1, 22, 1600], [3, 25, 1400]]);
  assert.deepEqual(plotOf(record, 2, nowMs - 57_000).points, all.points.slice(2));
  assert.deepEqual([all.endSeconds, all.totalMib], [3, 2048]);
});

test('the operation of a migration that the platform has cleared away is remembered', () => {
  assert.match(shown([recordOf([0, {}], [500, { phase: 'Completed', reason: 'Completed' }])]).history[0]?.result ?? '', /remembered here only/);
});

test('the end is told in the platform\'s own words with what to do next; what was taken back is no failure', () => {
  const ended = (event: Events[number][1], more: Partial<MigrationRecord> = {}) => endText({ ...recordOf([0, {}], copying, [2000, event]), ...more }, nowMs);
  assert.deepEqual(ended({ phase: 'Completed', reason: 'Completed' }, { target: 'b' }), { isFailure: false, text: '"web" has moved to "b".' });
  const failed = ended({ phase: 'Failed', reason: 'NotConverging', message: 'Migration did not converge: stuck' });
  assert.equal(failed.isFailure, true);
  assert.match(failed.text, /^"web-migrate" failed: Migration did not converge: stuck .+/);
  assert.equal(ended({ phase: 'Terminating' }, { goneMs: nowMs }).isFailure, false);
  assert.match(ended({ phase: 'InProgress', reason: 'Syncing' }, { goneMs: nowMs }).text, /^"web": .*deleted/);
});
