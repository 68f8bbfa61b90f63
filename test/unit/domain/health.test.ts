import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { healthOf, judge } from '../../../src/domain/health';
import { kinds } from '../../../src/domain/kinds/index';
import { ago, condition, machine, nowMs, object } from './objects';

describe('health', () => {
  it('follows the phase', () => {
    const expected = { Running: 'ok', Stopped: 'off', Starting: 'busy', Degraded: 'failed', Invented: 'unknown' } as const;
    for (const [phase, health] of Object.entries(expected)) {
      assert.equal(healthOf(machine('web', phase), nowMs), health, phase);
    }
  });

  it('is known for every phase of every kind', () => {
    for (const kind of Object.values(kinds)) {
      for (const phase of Object.keys(kind.phases)) {
        assert.notEqual(healthOf(object(kind.id as 'VirtualDisk', { name: 'x', status: { phase } }), nowMs), 'unknown', `${kind.id} ${phase}`);
      }
    }
  });

  it('is busy for what the controller has not touched yet, however its status looks', () => {
    for (const status of [undefined, {}, { phase: '' }, { observedGeneration: 1 }]) {
      assert.equal(healthOf(object('VirtualDisk', { name: 'x', ...(status ? { status } : {}) }), nowMs), 'busy');
    }
  });

  it('judges a pending machine by its reason, causes before effects', () => {
    const pending = machine('web', 'Pending', { status: { conditions: [
      condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady'),
      condition('VirtualMachineClassReady', 'False', 'VirtualMachineClassNotReady'),
    ] } });
    const { health, trouble } = judge(pending, nowMs);
    assert.deepEqual([health, trouble?.condition.type], ['warning', 'VirtualMachineClassReady']);
  });

  it('leaves a new object and a new condition alone for a moment', () => {
    const conditions = [condition('BlockDevicesReady', 'False', 'BlockDevicesNotReady', { lastTransitionTime: ago(0.2) })];
    const fresh = machine('web', 'Pending', { metadata: { creationTimestamp: ago(0.4) }, status: { conditions } });
    assert.equal(healthOf(fresh, nowMs), 'busy');
    assert.equal(healthOf(fresh, nowMs + 2_000), 'warning');
    const running = machine('web', 'Running', { status: { conditions } });
    assert.equal(healthOf(running, nowMs), 'ok');
    assert.equal(healthOf(running, nowMs + 2_000), 'warning');
  });

  it('does not judge by a condition of an older specification, but by one that does not say of which', () => {
    const of = (observedGeneration?: number) => machine('web', 'Running', {
      metadata: { generation: 3 },
      status: { conditions: [condition('AwaitingRestartToApplyConfiguration', 'True', 'ChangesPendingRestart', observedGeneration === undefined ? {} : { observedGeneration })] },
    });
    assert.deepEqual([healthOf(of(2), nowMs), healthOf(of(3), nowMs), healthOf(of(), nowMs)], ['ok', 'warning', 'warning']);
  });

  it('does not mind that the agent is missing or that the machine cannot move', () => {
    const conditions = [condition('AgentReady', 'False', 'AgentNotReady'), condition('Migratable', 'False', 'VirtualMachineDisksNotMigratable')];
    assert.equal(healthOf(machine('web', 'Running', { status: { conditions } }), nowMs), 'ok');
    assert.equal(healthOf(machine('web', 'Stopped', { status: { conditions: [...conditions, condition('Running', 'False', 'NotRunning')] } }), nowMs), 'off');
  });

  it('sees a running guest that cannot boot, although the condition is True', () => {
    assert.equal(healthOf(machine('web', 'Running', { status: { conditions: [condition('Running', 'True', 'NoBootableDevice')] } }), nowMs), 'failed');
  });

  it('does not let an attachment spin for ever while its machine is off', () => {
    const waiting = object('VirtualMachineBlockDeviceAttachment', { name: 'a', status: { phase: 'Pending', conditions: [condition('VirtualMachineReady', 'False', 'NotAttached'), condition('Attached', 'False', 'NotAttached')] } });
    assert.equal(healthOf(waiting, nowMs), 'off');
  });

  it('is busy while the object is being deleted, whatever its phase says', () => {
    assert.equal(healthOf(object('VirtualMachineIPAddress', { name: 'a', status: { phase: 'Attached' }, metadata: { deletionTimestamp: ago(5) } }), nowMs), 'busy');
  });

  it('takes a superseded operation for what it is', () => {
    const superseded = object('VirtualMachineOperation', { name: 'o', status: { phase: 'Superseded', conditions: [condition('Completed', 'True', 'Superseded')] } });
    assert.equal(healthOf(superseded, nowMs), 'off');
  });

  it('of kinds without phases comes from their conditions', () => {
    const pool = (reason: string) => object('VirtualMachinePool', { name: 'p', status: { conditions: [condition('Available', reason === 'AllReplicasReady' ? 'True' : 'False', reason)] } });
    assert.equal(healthOf(pool('AllReplicasReady'), nowMs), 'ok');
    assert.equal(healthOf(pool('InsufficientReadyReplicas'), nowMs), 'warning');
    assert.equal(healthOf(object('VirtualMachinePool', { name: 'p' }), nowMs), 'unknown');
  });
});
