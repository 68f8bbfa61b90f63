import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { beforeMigration } from '../../../../src/domain/migration/before';
import { forceApplies } from '../../../../src/domain/migration/policy';
import { FakeView, type FakeViewOptions } from '../fakeView';
import { condition, machine, object } from '../objects';

const migratable = condition('Migratable', 'True', 'VirtualMachineMigratable');
const running = (more: { spec?: object; status?: object; metadata?: object } = {}) => machine('web', 'Running', { ...more, status: { nodeName: 'a', conditions: [migratable], ...more.status } });
const node = (name: string, more: { spec?: object; status?: object; labels?: Readonly<Record<string, string>> } = {}): KubeObject => ({
  apiVersion: 'v1', kind: 'Node', metadata: { name, labels: { 'kubernetes.io/hostname': name, ...more.labels } }, spec: more.spec ?? {},
  status: { allocatable: { cpu: '16', memory: '64Gi' }, conditions: [{ type: 'Ready', status: 'True' }], ...more.status },
});
const generic = (spec: object = {}): KubeObject => ({
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineClass', metadata: { name: 'generic' }, spec: { cpu: { type: 'Discovery' }, ...spec }, status: { phase: 'Ready', availableNodes: ['a', 'b', 'c'] },
});

function first(subject: KubeObject, others: readonly KubeObject[] = [node('a'), node('b'), generic()], options: FakeViewOptions = {}) {
  const before = beforeMigration(subject, new FakeView([subject, ...others], options));
  return { before, text: before.obstacles[0]?.text, severity: before.obstacles[0]?.severity, action: before.obstacles[0]?.action?.does };
}

test('a machine with room elsewhere has nothing in its way', () => {
  const { before } = first(running());
  assert.deepEqual([before.isPossible, before.obstacles, before.nodes.nodes.map(({ name, verdict }) => `${name} ${verdict}`)], [true, [], ['b possible', 'a current']]);
});

for (const [what, subject, others, expected] of [
  ['stopped', machine('web', 'Stopped'), [], ['blocks', /Only a running machine/, 'start']],
  ['being deleted', running({ metadata: { deletionTimestamp: '2026-03-01T11:00:00Z' } }), [], ['blocks', /is being deleted/, undefined]],
  ['kept off by its policy', running({ spec: { runPolicy: 'AlwaysOff' } }), [], ['blocks', /AlwaysOff/, 'show']],
  ['busy with another operation', running(), [object('VirtualMachineOperation', { name: 'stop-it', spec: { type: 'Restart', virtualMachineName: 'web' }, status: { phase: 'InProgress' } })], ['blocks', /"stop-it" \(Restart\)/, 'cancel']],
  ['not migratable for a reason nobody has heard of', running({ status: { conditions: [condition('Migratable', 'False', 'Cursed', { message: 'It is cursed.' })] } }), [], ['blocks', /It is cursed/, undefined]],
  ['bound by a device', running({ spec: { usbDevices: [{ name: 'key' }] }, status: { conditions: [condition('Migratable', 'False', 'VirtualMachineHostDevicesNotMigratable')] } }), [], ['blocks', /passed through to the machine: key/, undefined]],
] as const) {
  test(`the blocking reason comes first, with a button where one helps: ${what}`, () => {
    const { before, text, severity, action } = first(subject, [node('a'), node('b'), generic(), ...others]);
    const [expectedSeverity, pattern, expectedAction] = expected;
    assert.deepEqual([severity, action, before.isPossible], [expectedSeverity, expectedAction, false]);
    assert.match(text ?? '', pattern);
  });
}

test('a disk of one node is named where its claim or class can be read, and said to be unreadable where not', () => {
  const subject = running({ status: { nodeName: 'a', blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }], conditions: [condition('Migratable', 'False', 'VirtualMachineDisksNotMigratable')] } });
  const disk = object('VirtualDisk', { name: 'data', status: { phase: 'Ready', target: { persistentVolumeClaimName: 'claim' }, storageClassName: 'local' } });
  const claim: KubeObject = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'claim', namespace: 'prod' }, spec: { accessModes: ['ReadWriteOnce'] } };
  const storageClass: KubeObject = { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'local', annotations: { 'virtualdisk.virtualization.deckhouse.io/access-mode': 'ReadWriteOnce' } } };
  assert.match(first(subject, [disk, claim]).text ?? '', /Disk "data" .*\(ReadWriteOnce\)/);
  assert.match(first(subject, [disk, storageClass]).text ?? '', /Disk "data"/);
  assert.match(first(subject, [disk]).text ?? '', /Which one cannot be read from here/);
});

for (const [what, spec, target, pattern] of [
  ['closed', {}, node('b', { spec: { unschedulable: true } }), /closed for new machines/],
  ['not ready', {}, node('b', { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }), /not ready/],
  ['without a label', { nodeSelector: { zone: 'x' } }, node('b'), /label "zone=x"/],
  ['left out by affinity', { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'Exists' }] }] } } } }, node('b'), /node affinity/],
  ['tainted', {}, node('b', { spec: { taints: [{ key: 'db', value: 'only', effect: 'NoSchedule' }] } }), /taint "db=only:NoSchedule"/],
  ['full', { memory: { size: '65Gi' } }, node('b'), /65 GiB needed, at most 64 GiB free/],
  ['short of cores', { cpu: { cores: 20 } }, node('b'), /20 needed, at most 16 free/],
  ['outside of the class', {}, node('z'), /class "generic" does not include/],
] as const) {
  test(`a node that cannot take the machine says why: ${what}`, () => {
    const { before } = first(running({ spec }), [node('a'), target, generic()]);
    assert.match(before.nodes.nodes.find(({ verdict }) => verdict === 'impossible')?.because.join(' ') ?? '', pattern);
    assert.match(before.obstacles[0]?.text ?? '', /No other node can take the machine/);
  });
}

test('taints that are tolerated, by the machine or by its class, keep nobody away', () => {
  const tainted = node('b', { spec: { taints: [{ key: 'db', value: 'only', effect: 'NoSchedule' }, { key: 'slow', effect: 'PreferNoSchedule' }] } });
  assert.equal(first(running({ spec: { tolerations: [{ key: 'db', operator: 'Equal', value: 'only', effect: 'NoSchedule' }] } }), [tainted, generic()]).before.nodes.nodes[0]?.verdict, 'possible');
  assert.equal(first(running(), [tainted, generic({ tolerations: [{ operator: 'Exists' }] })]).before.nodes.nodes[0]?.verdict, 'possible');
});

test('what other machines take is counted, and who must not be a neighbour is named', () => {
  const neighbour = machine('db', 'Running', { metadata: { labels: { app: 'db' } }, spec: { memory: { size: '62Gi' } }, status: { nodeName: 'b' } });
  const affinity = { virtualMachineAndPodAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'db' } } }] } };
  const because = first(running({ spec: { affinity } }), [node('a'), node('b'), generic(), neighbour]).before.nodes.nodes.find(({ name }) => name === 'b')?.because;
  assert.deepEqual(because, ['It must not run beside "db".', 'Too little memory: 4 GiB needed, at most 2 GiB free.']);
});

test('without the right to read nodes the class says where, and nobody claims to know', () => {
  const forbidden = { states: { Node: { phase: 'failed', problem: { reason: 'forbidden', message: 'no' } } } } as const;
  const { before } = first(running(), [generic()], forbidden);
  assert.deepEqual([before.nodes.source, before.nodes.why, before.nodes.nodes.map(({ name, verdict }) => `${name} ${verdict}`)], ['class', 'You may not read nodes.', ['b unknown', 'c unknown', 'a current']]);
  const nothing = first(running(), [], forbidden);
  assert.deepEqual([nothing.before.isPossible, nothing.severity], [true, 'unknown']);
  assert.match(nothing.text ?? '', /You may not read nodes\. Where the machine could go is not known/);
});

test('operations that cannot be read are not taken for none', () => {
  const { severity, text } = first(running(), [node('a'), node('b'), generic()], { states: { VirtualMachineOperation: { phase: 'failed', problem: { reason: 'forbidden', message: 'no' } } } });
  assert.equal(severity, 'unknown');
  assert.match(text ?? '', /operations cannot be read/);
});

test('force is offered only where the policy allows it and it changes something', () => {
  const policy = (liveMigrationPolicy?: string) => forceApplies(running({ spec: liveMigrationPolicy === undefined ? {} : { liveMigrationPolicy } }));
  assert.equal(policy(), true);
  assert.equal(policy('PreferSafe'), true);
  for (const refused of ['AlwaysSafe', 'AlwaysForced', 'PreferForced']) {
    assert.ok(policy(refused) !== true, refused);
  }
});
