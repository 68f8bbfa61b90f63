import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { type Operation, operations, type OperationId } from '../../../src/domain/operations';
import { operationName } from '../../../src/domain/operations/machineOperation';
import { stringAt, valueAt } from '../../../src/domain/values';
import { FakeView } from './fakeView';
import { condition, machine, object } from './objects';
import { recordedFile } from './recorded';

const all: Readonly<Record<OperationId, Operation>> = operations;

function vmop(type: string, phase: string | undefined, more: { force?: boolean; machine?: string; deletionTimestamp?: string } = {}): KubeObject {
  return object('VirtualMachineOperation', {
    name: 'older', spec: { type, virtualMachineName: more.machine ?? 'web', ...(more.force ? { force: true } : {}) }, status: phase === undefined ? {} : { phase },
    ...(more.deletionTimestamp ? { metadata: { deletionTimestamp: more.deletionTimestamp } } : {}),
  });
}

function because(id: OperationId, target: KubeObject, view = new FakeView()): string | undefined {
  const applies = all[id].applies(target, view);
  return applies === true ? undefined : applies.because;
}

describe('operations by phase and run policy', () => {
  const phases = ['Pending', 'Starting', 'Running', 'Migrating', 'Pause', 'Stopping', 'Stopped', 'Degraded', 'Terminating'];
  const allowed: Readonly<Partial<Record<OperationId, readonly string[]>>> = {
    'vm.start': ['Stopping', 'Stopped'],
    'vm.stop': ['Pending', 'Starting', 'Running', 'Pause', 'Degraded'],
    'vm.forceStop': ['Pending', 'Starting', 'Running', 'Pause', 'Stopping', 'Degraded'],
    'vm.restart': ['Starting', 'Running', 'Pause', 'Degraded'],
    'vm.forceRestart': ['Starting', 'Running', 'Pause', 'Stopping', 'Degraded'],
    'vm.migrate': ['Running'],
    'vm.migrateTo': ['Running'],
    'vm.forceMigrate': ['Running'],
  };
  for (const [id, expected] of Object.entries(allowed) as [OperationId, readonly string[]][]) {
    it(`${id} applies in ${expected.join(', ')}`, () => {
      assert.deepEqual(phases.filter((phase) => because(id, machine('web', phase)) === undefined), expected);
    });
  }

  it('gives every refusal as a sentence that names the machine', () => {
    for (const [id] of Object.entries(allowed) as [OperationId, unknown][]) {
      for (const phase of [...phases, undefined]) {
        const reason = because(id, machine('web', phase));
        assert.ok(reason === undefined || /"web".*[.:)]$/.test(reason), `${id} in ${phase}: ${reason}`);
      }
    }
  });

  it('never sends Stop or Restart during a migration: the platform would cancel it and then refuse', () => {
    for (const id of ['vm.stop', 'vm.restart', 'vm.forceStop', 'vm.forceRestart'] as const) {
      assert.match(because(id, machine('web', 'Migrating')) ?? '', /cancel the migration/);
    }
  });

  const policies: Readonly<Record<string, readonly OperationId[]>> = {
    Manual: ['vm.stop', 'vm.restart', 'vm.migrate'],
    AlwaysOnUnlessStoppedManually: ['vm.stop', 'vm.restart', 'vm.migrate'],
    AlwaysOn: ['vm.restart', 'vm.migrate'],
    AlwaysOff: [],
  };
  for (const [runPolicy, expected] of Object.entries(policies)) {
    it(`with ${runPolicy} a running machine takes ${expected.join(', ') || 'nothing'}`, () => {
      const running = machine('web', 'Running', { spec: { runPolicy } });
      assert.deepEqual((['vm.stop', 'vm.restart', 'vm.migrate'] as const).filter((id) => because(id, running) === undefined), expected);
    });
  }

  it('does not start what AlwaysOn starts and AlwaysOff keeps off', () => {
    assert.match(because('vm.start', machine('web', 'Stopped', { spec: { runPolicy: 'AlwaysOn' } })) ?? '', /AlwaysOn/);
    assert.match(because('vm.start', machine('web', 'Stopped', { spec: { runPolicy: 'AlwaysOff' } })) ?? '', /AlwaysOff/);
  });

  it('does nothing to a machine that is being deleted, and does not delete it twice', () => {
    const leaving = machine('web', 'Running', { metadata: { deletionTimestamp: '2026-03-01T11:00:00Z' } });
    assert.deepEqual(Object.keys(allowed).filter((id) => because(id as OperationId, leaving) === undefined), []);
    assert.match(because('object.delete', leaving) ?? '', /already/);
  });

  it('says why a machine cannot move', () => {
    const pinned = machine('web', 'Running', { status: { conditions: [condition('Migratable', 'False', 'VirtualMachineDisksNotMigratable', { message: 'Disks are local. ' })] } });
    assert.equal(because('vm.migrate', pinned), '"web" cannot be moved while it runs: Disks are local.');
  });
});

describe('operations while another one is active', () => {
  const ids: Readonly<Record<string, OperationId>> = { 'Start': 'vm.start', 'Stop': 'vm.stop', 'Restart': 'vm.restart', 'Stop!': 'vm.forceStop', 'Restart!': 'vm.forceRestart', 'Migrate': 'vm.migrate' };

  it('are not held up by operations that are over, of other machines, or not known', () => {
    for (const older of [vmop('Restart', 'Completed'), vmop('Restart', 'Failed'), vmop('Restart', 'Superseded'), vmop('Restart', 'InProgress', { machine: 'db' })]) {
      assert.equal(because('vm.stop', machine('web', 'Running'), new FakeView([older])), undefined);
    }
    const unknown = new FakeView([vmop('Stop', 'InProgress')], { states: { VirtualMachineOperation: { phase: 'loading' } } });
    assert.equal(because('vm.stop', machine('web', 'Running'), unknown), undefined);
  });

  it('wait for one without a phase and for one that is being deleted', () => {
    assert.match(because('vm.stop', machine('web', 'Running'), new FakeView([vmop('Stop', undefined)])) ?? '', /"older" \(Stop\) is still working/);
    const leaving = vmop('Migrate', 'Terminating', { deletionTimestamp: '2026-03-01T11:59:00Z' });
    assert.match(because('vm.stop', machine('web', 'Running'), new FakeView([leaving])) ?? '', /still working/);
  });

  it('are offered as soon as the machine is where the older one was to bring it, and wait for its end', () => {
    const stopping = vmop('Stop', 'InProgress');
    assert.match(because('vm.start', machine('web', 'Stopping'), new FakeView([stopping])) ?? '', /still working/);
    const stopped = machine('web', 'Stopped');
    assert.equal(because('vm.start', stopped, new FakeView([stopping])), undefined);
    assert.equal(all['vm.start'].waitsFor?.(stopped, new FakeView([stopping])), stopping);
    assert.equal(all['vm.start'].waitsFor?.(stopped, new FakeView([vmop('Stop', 'Completed')])), undefined);
    assert.equal(because('vm.migrate', machine('web', 'Running'), new FakeView([vmop('Start', 'InProgress')], { without: ['VirtualMachineRestore'] })), undefined);
    assert.match(because('vm.migrate', machine('web', 'Running'), new FakeView([vmop('Restart', 'InProgress')], { without: ['VirtualMachineRestore'] })) ?? '', /still working/);
  });

  it('on a module that does not supersede, wait for any', () => {
    const old = new FakeView([vmop('Migrate', 'InProgress')]);
    assert.match(because('vm.stop', machine('web', 'Running'), old) ?? '', /still working/);
    const today = new FakeView([vmop('Migrate', 'InProgress')], { without: ['VirtualMachineRestore'] });
    assert.equal(because('vm.stop', machine('web', 'Running'), today), undefined);
  });

  const file = recordedFile('admission/cases.yaml');
  it('agree with every recorded verdict of the platform', { skip: file === undefined && 'the recordings are not here' }, () => {
    let compared = 0;
    for (const recorded of parseAllDocuments(file ?? '').map((document) => document.toJS() as unknown).flat()) {
      const rule = valueAt(recorded, 'rule');
      const [older, newer] = ['given', 'manifest'].map((field) => parseAllDocuments(stringAt(recorded, field) ?? '').map((document) => document.toJS() as KubeObject).find((found) => found?.kind === 'VirtualMachineOperation'));
      const type = `${String(valueAt(newer, 'spec.type'))}${valueAt(newer, 'spec.force') === true ? '!' : ''}`;
      const id = ids[type];
      if (rule !== 'OP-1' || !older || !newer || !id) {
        continue;
      }
      // Phases in which the older one is still at work.
      const phase = id === 'vm.start' ? 'Stopping' : valueAt(older, 'spec.type') === 'Start' ? 'Starting' : 'Running';
      const target = machine(String(valueAt(newer, 'spec.virtualMachineName')), phase, { namespace: older.metadata.namespace ?? '' });
      const view = new FakeView([older], { without: ['VirtualMachineRestore'] });
      assert.equal(because(id, target, view) === undefined, valueAt(recorded, 'verdict.allowed'), `${String(valueAt(older, 'spec.type'))} → ${type}: ${String(valueAt(recorded, 'id'))}`);
      compared += 1;
    }
    assert.ok(compared >= 30, `only ${compared} recorded verdicts were found`);
  });
});

describe('requests', () => {
  it('F20: create an operation under a name of ours, so that a repeated request is recognised', () => {
    assert.deepEqual(all['vm.forceStop'].request(machine('web-01', 'Running'), 'abcde', new FakeView(), {}), {
      verb: 'create',
      object: {
        apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation',
        metadata: { name: 'web-01-stop-abcde', namespace: 'prod' }, spec: { type: 'Stop', virtualMachineName: 'web-01', force: true },
      },
    });
  });

  it('keep names within 63 characters and valid', () => {
    const name = operationName(`${'a'.repeat(46)}-.-${'b'.repeat(80)}`, 'Migrate', 'abcde');
    assert.equal(name, `${'a'.repeat(46)}-migrate-abcde`);
    assert.ok(operationName('m'.repeat(128), 'Restart', 'abcde').length <= 63);
  });

  it('move machines with the type that the module knows', () => {
    const old = new FakeView([], { without: ['VirtualMachineSnapshotOperation', 'VirtualMachineMACAddress', 'VirtualMachinePool'] });
    const today = new FakeView([], { without: ['VirtualMachineRestore'] });
    const running = machine('web', 'Running');
    assert.deepEqual([because('vm.migrate', running, old) === undefined, because('vm.evict', running, old) === undefined], [false, true]);
    assert.deepEqual([because('vm.migrate', running, today) === undefined, because('vm.evict', running, today) === undefined], [true, false]);
  });

  it('delete exactly the object that was looked at', () => {
    const disk = object('VirtualDisk', { name: 'data' });
    assert.deepEqual(all['object.delete'].request(disk, 'abcde', new FakeView(), {}), { verb: 'delete', object: disk });
  });

  it('can be copied as a command line', () => {
    assert.equal(all['vm.forceRestart'].command(machine('web', 'Running')), 'd8 v restart web -n prod --force');
    assert.equal(all['object.delete'].command(object('VirtualDisk', { name: 'data' })), 'd8 k delete virtualdisks.virtualization.deckhouse.io data -n prod');
  });
});

describe('confirmations', () => {
  it('name the machine and the consequence', () => {
    assert.equal(all['vm.stop'].confirm?.(machine('web-01', 'Running'), {}), 'Stop "web-01"? The guest is asked to shut down; after 60 s it is switched off.');
    assert.match(all['vm.stop'].confirm?.(machine('web-01', 'Pending'), {}) ?? '', /has not started yet/);
    assert.match(all['vm.stop'].confirm?.(machine('web-01', 'Running', { spec: { terminationGracePeriodSeconds: 300 } }), {}) ?? '', /after 300 s/);
    assert.match(all['object.delete'].confirm?.(object('VirtualDisk', { name: 'data' }), {}) ?? '', /"data" and all data on it/);
  });

  it('say when something still uses what is to be deleted', () => {
    const used = object('VirtualDisk', { name: 'data', metadata: { finalizers: ['virtualization.deckhouse.io/vd-cleanup', 'virtualization.deckhouse.io/vd-protection'] } });
    assert.match(all['object.delete'].confirm?.(used, {}) ?? '', /Something still uses it/);
    assert.match(all['object.delete'].confirm?.(object('VirtualMachineIPAddress', { name: 'a', status: { phase: 'Attached' } }), {}) ?? '', /Something still uses it/);
    assert.doesNotMatch(all['object.delete'].confirm?.(object('VirtualDisk', { name: 'data' }), {}) ?? '', /still uses/);
  });

  it('are asked for everything that cannot be taken back', () => {
    const harmless = (Object.keys(operations) as OperationId[]).filter((id) => !all[id].confirm);
    assert.deepEqual(harmless, ['vm.start']);
  });
});
