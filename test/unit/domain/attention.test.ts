import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attentionCount, attentionOf } from '../../../src/domain/attention';
import { attentionRoot, attentionTotal } from '../../../src/domain/attentionTree';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { childrenOf } from '../../../src/domain/tree';
import { rowOf } from '../../../src/domain/treeRow';
import { FakeView } from './fakeView';
import { ago, condition, machine, nowMs, object } from './objects';
import { treeOf } from './outline';

const minute = 60;

function codes(objects: readonly KubeObject[], at = nowMs): readonly string[] {
  return attentionOf(new FakeView(objects), at).map(({ name, code }) => `${name} ${code}`);
}

function sentences(objects: readonly KubeObject[]): readonly string[] {
  const input = treeOf(new FakeView(objects), { namespaces: ['prod'] });
  return childrenOf(attentionRoot, input).map((node) => rowOf(node, input)).map(({ label, description }) => `${label}: ${description}`);
}

const bad = (type: string, reason: string, seconds: number) => condition(type, 'False', reason, { lastTransitionTime: ago(seconds) });

describe('needs attention', () => {
  it('nothing while all is well, and says so', () => {
    assert.deepEqual(sentences([machine('web', 'Running'), machine('off', 'Stopped')]), ['Nothing needs attention.: ']);
    assert.deepEqual(childrenOf(attentionRoot, treeOf(new FakeView([], { states: { VirtualMachine: { phase: 'loading' } } }))), [], 'not known is not "nothing"');
  });

  it('does not say "nothing" of what it may not look at', () => {
    const input = treeOf(new FakeView([machine('web', 'Running')], { states: { VirtualDisk: { phase: 'failed', problem: { reason: 'forbidden', message: 'no' } } } }));
    assert.deepEqual(childrenOf(attentionRoot, input).map((node) => rowOf(node, input).label), ['Nothing of what is known needs attention.']);
  });

  it('what failed, what is lost, what waits, each in a sentence', () => {
    assert.deepEqual(sentences([
      object('VirtualDisk', { name: 'gone', status: { phase: 'PVCLost', conditions: [bad('Ready', 'PVCLost', 300)] } }),
      object('VirtualImage', { name: 'ubuntu', status: { phase: 'Failed', conditions: [bad('Ready', 'ProvisioningFailed', 400)] } }),
      machine('db', 'Pending', { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'data' }] }, status: { conditions: [bad('BlockDevicesReady', 'BlockDevicesNotReady', 6 * minute)] } }),
      machine('web', 'Running', { status: {
        conditions: [condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart', { lastTransitionTime: ago(7 * minute) })],
        restartAwaitingChanges: [{ operation: 'replace', path: 'cpu.cores', currentValue: 2, desiredValue: 4 }, { operation: 'add', path: 'nodeSelector', desiredValue: { zone: 'a' } }],
      } }),
    ]), [
      'gone: PVCLost: its volume is lost · prod',
      'ubuntu: Failed: import failed · prod',
      'db: Pending for 6 min: disk "data" does not exist · prod',
      'web: Restart pending: cores 2 → 4, nodeSelector – → zone a · prod',
    ]);
  });

  it('what does not get on, after the time that is usual', () => {
    const starting = machine('slow', 'Starting', { status: { conditions: [bad('Running', 'PodNotFound', 100)] } });
    assert.deepEqual(codes([starting]), []);
    assert.deepEqual(codes([starting], nowMs + 10 * minute * 1000), ['slow stuck']);
    const operation = (type: string) => object('VirtualMachineOperation', { name: type, spec: { type }, status: { phase: 'InProgress' }, metadata: { creationTimestamp: ago(15 * minute) } });
    assert.deepEqual(codes([operation('Start'), operation('Migrate')]), ['Start stuck']);
  });

  it('a stopping machine only after its own grace period', () => {
    const stopping = (seconds: number) => machine('web', 'Stopping', { metadata: { creationTimestamp: ago(86_400) }, spec: { terminationGracePeriodSeconds: 600 }, status: { conditions: [bad('Running', 'PodTerminating', seconds)] } });
    assert.deepEqual(codes([stopping(11 * minute)]), []);
    assert.deepEqual(codes([stopping(14 * minute)]), ['web stuck']);
  });

  it('what is in deletion for long', () => {
    const leaving = (seconds: number) => object('VirtualDisk', { name: 'data', status: { phase: 'Terminating' }, metadata: { deletionTimestamp: ago(seconds), finalizers: ['virtualization.deckhouse.io/vd-protection'] } });
    assert.deepEqual(codes([leaving(5 * minute)]), []);
    assert.deepEqual(sentences([leaving(12 * minute)]), ['data: Being deleted for 12 min: something still uses it · prod']);
  });

  it('a failed operation for an hour, then it is history', () => {
    const failed = (seconds: number) => object('VirtualMachineOperation', { name: 'stop', spec: { type: 'Stop', virtualMachineName: 'web' }, status: { phase: 'Failed', conditions: [bad('Completed', 'NotApplicableForVirtualMachinePhase', seconds)] }, metadata: { creationTimestamp: ago(seconds) } });
    assert.deepEqual(codes([failed(59 * minute)]), ['stop failed']);
    assert.deepEqual(codes([failed(61 * minute)]), []);
    assert.deepEqual(sentences([failed(60)]), ['stop: Stop of "web" failed: not possible in that phase · prod']);
  });

  it('things to know come last and are not counted', () => {
    const machines = [
      machine('silent', 'Running', { status: { conditions: [bad('AgentReady', 'AgentNotReady', 10 * minute)] } }),
      machine('booting', 'Running', { status: { conditions: [bad('AgentReady', 'AgentNotReady', 60)] } }),
      machine('pinned', 'Running', { status: { conditions: [bad('Migratable', 'VirtualMachineDisksNotMigratable', 10 * minute)] } }),
      machine('old', 'Running', { status: { conditions: [bad('FirmwareUpToDate', 'FirmwareOutOfDate', 10 * minute)] } }),
      machine('off', 'Stopped', { status: { conditions: [bad('AgentReady', 'AgentNotReady', 10 * minute)] } }),
      machine('broken', 'Degraded'),
    ];
    const items = attentionOf(new FakeView(machines), nowMs);
    assert.deepEqual(items.map(({ name, code }) => `${name} ${code}`), ['broken failed', 'old old-firmware', 'pinned not-migratable', 'silent no-agent']);
    assert.equal(attentionCount(items), 1);
    assert.deepEqual([['prod'], ['other']].map((namespaces) => attentionTotal(treeOf(new FakeView(machines), { namespaces }))), [1, 0]);
  });

  it('the worst first, then the newest', () => {
    const failed = (name: string, seconds: number) => object('VirtualImage', { name, status: { phase: 'Failed', conditions: [bad('Ready', 'ProvisioningFailed', seconds)] } });
    const restart = machine('restart', 'Running', { status: { conditions: [condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart', { lastTransitionTime: ago(5) })] } });
    assert.deepEqual(codes([failed('older', 500), restart, failed('newer', 50)]), ['newer failed', 'older failed', 'restart restart-pending']);
  });

  it('is not looked for again while nothing changes, and is when something does or its time comes', () => {
    const view = new FakeView([machine('slow', 'Starting', { status: { conditions: [bad('Running', 'PodNotFound', 100)] } })]);
    const first = attentionOf(view, nowMs);
    assert.equal(attentionOf(view, nowMs + 1000), first);
    assert.notEqual(attentionOf(view, nowMs + 300_000), first);
    view.set(machine('broken', 'Degraded'));
    assert.equal(attentionOf(view, nowMs + 1000).length, 1);
  });

  it('leaves out other namespaces, and names the context when several are connected', () => {
    const view = new FakeView([machine('a', 'Degraded', { namespace: 'x' }), machine('b', 'Degraded', { namespace: 'y' })]);
    const one = treeOf(view, { namespaces: ['x'] });
    assert.equal(childrenOf(attentionRoot, one).length, 1);
    const two = { ...one, contexts: [...one.contexts, { id: 'other', label: 'other', view: new FakeView() }] };
    const [node] = childrenOf(attentionRoot, two);
    assert.ok(node);
    assert.match(rowOf(node, two).description, / · demo\/x$/);
    const idle = { ...one, contexts: [...one.contexts, { id: 'other', label: 'other', view: undefined }] };
    assert.match(rowOf(node, idle).description, / · x$/);
  });

  it('is dimmed when its kind is no longer heard', () => {
    const problem = { reason: 'unreachable', message: 'Cannot connect.' } as const;
    const input = treeOf(new FakeView([machine('broken', 'Degraded')], { states: { VirtualMachine: { phase: 'stale', sinceMs: nowMs - 1000, problem } } }));
    const [node] = childrenOf(attentionRoot, input);
    assert.equal(node && rowOf(node, input).color, 'disabledForeground');
  });
});
