import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { conditionOf, phaseOf } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { startCluster, type Cluster } from '../../cluster/start';
import { hasAgent, isPhase, isReason, operate } from './scenarios/kit';
import { diskSpec, machineSpec, Scenario } from './scenario';
import { trackOf } from './transitions';

describe('operations beyond the recordings played', () => {
  let cluster: Cluster;
  let s: Scenario;

  before(async () => {
    cluster = await startCluster({ world: 'empty', platform: false });
    s = await Scenario.start(cluster, 'team-ops');
    await s.furnish({ genericClass: true });
    await s.create('VirtualDisk', 'root', diskSpec());
    await s.create('VirtualMachine', 'vm', machineSpec(['root']));
    await s.until('VirtualMachine', 'vm', hasAgent);
  });

  after(async () => {
    await s?.stop();
    await cluster?.stop();
  });

  const node = () => stringAt(s.object('VirtualMachine', 'vm'), 'status.nodeName');
  const create = (name: string, type: string, more: object = {}) => s.create('VirtualMachineOperation', name, { type, virtualMachineName: 'vm', ...more });

  it('a migration that fails says so, keeps its progress, and leaves the machine where it was', async () => {
    const from = node();
    await s.lower('VirtualMachine', 'vm', 'migration-fails');
    await create('failing', 'Migrate');
    await s.until('VirtualMachineOperation', 'failing', isPhase('Failed'));
    await s.lower('VirtualMachine', 'vm', null);
    const operation = s.object('VirtualMachineOperation', 'failing')!;
    assert.match(conditionOf(operation, 'Completed')?.message ?? '', /^Migration failed: /);
    assert.notEqual(stringAt(operation, 'status.progress'), '100%');
    await s.until('VirtualMachine', 'vm', (machine) => phaseOf(machine) === 'Running' && stringAt(machine, 'status.migrationState.result') === 'Failed');
    assert.equal(node(), from);
  });

  it('deleting a migration aborts it; the operation goes when it has ended', async () => {
    const from = node();
    await create('cancelled', 'Migrate');
    await s.until('VirtualMachine', 'vm', isPhase('Migrating'));
    await s.delete('VirtualMachineOperation', 'cancelled');
    await s.untilGone('VirtualMachineOperation', 'cancelled');
    await s.until('VirtualMachine', 'vm', (machine) => phaseOf(machine) === 'Running' && conditionOf(machine, 'Migrating') === undefined);
    assert.equal(node(), from);
    const history = (await s.histories())['VirtualMachineOperation/cancelled']!;
    assert.deepEqual(trackOf(history, 'phase'), ['Pending', 'InProgress', 'Terminating', 'gone']);
  });

  it('a Stop during the copy takes the migration\'s place and fails itself, as the phase does not fit', async () => {
    await create('moving', 'Migrate');
    await s.until('VirtualMachine', 'vm', isPhase('Migrating'));
    await create('late-stop', 'Stop');
    await s.until('VirtualMachineOperation', 'moving', isPhase('Superseded'));
    await s.until('VirtualMachineOperation', 'late-stop', isReason('Completed', 'NotApplicableForVirtualMachinePhase'));
    await s.until('VirtualMachine', 'vm', isPhase('Running'));
  });

  it('a Stop before the copy stops the machine', async () => {
    await create('queued', 'Migrate');
    await s.until('VirtualMachineOperation', 'queued', isReason('Completed', 'MigrationPending'));
    await operate(s, 'early-stop', 'vm', 'Stop');
    assert.equal(phaseOf(s.object('VirtualMachineOperation', 'queued')!), 'Superseded');
    assert.equal(phaseOf(s.object('VirtualMachine', 'vm')!), 'Stopped');
    await operate(s, 'again', 'vm', 'Start');
  });

  it('a guest that does not stop is killed at the end of its grace period', async () => {
    await s.lower('VirtualMachine', 'vm', 'hangs');
    await create('slow-stop', 'Stop');
    await s.pass(50_000);
    assert.equal(phaseOf(s.object('VirtualMachine', 'vm')!), 'Stopping');
    await s.pass(12_000);
    await s.until('VirtualMachineOperation', 'slow-stop', isPhase('Completed'));
  });

  it('an attachment joins the running machine, leaves it while that is stopped, and for good when it is deleted', async () => {
    const connected = (is: boolean) => () => JSON.stringify(s.object('VirtualMachine', 'vm')?.status).includes('"name":"extra","attached":true') === is;
    await operate(s, 'on', 'vm', 'Start');
    await s.create('VirtualDisk', 'extra', diskSpec('1Gi'));
    await s.create('VirtualMachineBlockDeviceAttachment', 'extra', { virtualMachineName: 'vm', blockDeviceRef: { kind: 'VirtualDisk', name: 'extra' } });
    await s.until('VirtualMachineBlockDeviceAttachment', 'extra', isPhase('Attached'));
    await s.untilAll(connected(true), () => 'not connected');
    await operate(s, 'off', 'vm', 'Stop');
    await s.until('VirtualMachineBlockDeviceAttachment', 'extra', isReason('VirtualMachineReady', 'NotAttached'));
    await operate(s, 'on-again', 'vm', 'Start');
    await s.until('VirtualMachineBlockDeviceAttachment', 'extra', isPhase('Attached'));
    await s.delete('VirtualMachineBlockDeviceAttachment', 'extra');
    await s.untilGone('VirtualMachineBlockDeviceAttachment', 'extra');
    await s.untilAll(connected(false), () => 'still connected');
    await s.until('VirtualDisk', 'extra', isReason('InUse', 'NotInUse'));
  });

  it('a change that needs a restart waits for it, goes when it is taken back, and is applied by it', async () => {
    const machine = () => s.object('VirtualMachine', 'vm')!;
    const cores = () => (machine().status as { resources: { cpu: { cores: number } } }).resources.cpu.cores;
    await s.patch('VirtualMachine', 'vm', { spec: { cpu: { cores: 3 } } });
    await s.until('VirtualMachine', 'vm', isReason('AwaitingRestartToApplyConfiguration', 'ChangesPendingRestart'));
    assert.deepEqual((machine().status as { restartAwaitingChanges: unknown }).restartAwaitingChanges, [{ operation: 'replace', path: 'cpu.cores', currentValue: 2, desiredValue: 3 }]);
    assert.equal(cores(), 2);
    await s.patch('VirtualMachine', 'vm', { spec: { cpu: { cores: 2 } } });
    await s.until('VirtualMachine', 'vm', (object) => conditionOf(object, 'ConfigurationApplied') === undefined);
    await s.patch('VirtualMachine', 'vm', { spec: { cpu: { cores: 4 } } });
    await operate(s, 'apply', 'vm', 'Restart');
    assert.equal(conditionOf(machine(), 'AwaitingRestartToApplyConfiguration'), undefined);
    assert.equal(cores(), 4);
    await s.patch('VirtualMachine', 'vm', { spec: { disruptions: { restartApprovalMode: 'Automatic' }, memory: { size: '3Gi' } } });
    await s.until('VirtualMachine', 'vm', isPhase('Stopped'));
    await s.until('VirtualMachine', 'vm', isPhase('Running'));
  });

  it('nothing went wrong inside', () => {
    assert.deepEqual(s.log, []);
  });
});

describe('a platform half that starts anew', () => {
  it('goes on with what was on its way, and does not touch what rests', async () => {
    const cluster = await startCluster({ world: 'empty', platform: false });
    let second: Scenario | undefined;
    const first = await Scenario.start(cluster, 'team-again');
    try {
      await first.furnish({ genericClass: true });
      await first.create('VirtualDisk', 'root', diskSpec());
      await first.create('VirtualMachine', 'rests', machineSpec(['root']));
      await first.until('VirtualMachine', 'rests', hasAgent);
      await first.create('VirtualDisk', 'other', diskSpec());
      await first.create('VirtualMachine', 'starts', machineSpec(['other']));
      await first.until('VirtualMachine', 'starts', isPhase('Starting'));
      await first.create('VirtualMachineOperation', 'move', { type: 'Migrate', virtualMachineName: 'rests' });
      await first.until('VirtualMachine', 'rests', isPhase('Migrating'));
      await first.stop();

      second = await Scenario.start(cluster, 'team-again');
      const disk = second.object('VirtualDisk', 'root')!.metadata.resourceVersion;
      await second.until('VirtualMachine', 'starts', hasAgent);
      await second.until('VirtualMachineOperation', 'move', isPhase('Completed'));
      await second.until('VirtualMachine', 'rests', hasAgent);
      assert.equal(second.object('VirtualDisk', 'root')!.metadata.resourceVersion, disk);
      assert.deepEqual(second.log, []);
    } finally {
      await second?.stop();
      await cluster.stop();
    }
  });
});

describe('module 0.17', () => {
  it('starts, stops and evicts a machine with the fields of its time, and comes to rest', async () => {
    const cluster = await startCluster({ world: 'empty', platform: false, module: '0.17' });
    const s = await Scenario.start(cluster, 'team-old', '0.17');
    try {
      await s.furnish({ genericClass: true });
      await s.create('VirtualDisk', 'root', diskSpec());
      await s.create('VirtualMachine', 'vm', machineSpec(['root']));
      await s.until('VirtualMachine', 'vm', hasAgent);
      await operate(s, 'out', 'vm', 'Evict');
      await operate(s, 'off', 'vm', 'Stop');
      const machine = s.object('VirtualMachine', 'vm')!;
      assert.equal(conditionOf(machine, 'VirtualMachineMACAddressReady'), undefined);
      assert.equal(s.object('VirtualMachineClass', 'generic')?.apiVersion, 'virtualization.deckhouse.io/v1alpha2');
      await s.pass(60_000);
      const version = s.object('VirtualMachine', 'vm')!.metadata.resourceVersion;
      await s.pass(60_000);
      assert.equal(s.object('VirtualMachine', 'vm')!.metadata.resourceVersion, version);
      assert.deepEqual(s.log, []);
    } finally {
      await s.stop();
      await cluster.stop();
    }
  });
});
