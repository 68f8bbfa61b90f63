import assert from 'node:assert/strict';
import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Tolerance } from '../compare';
import { diskSpec, machineSpec, type Scenario } from '../scenario';
import { hasAgent, isCleared, isPhase, isReason, operate, type Recorded } from './kit';

/** What the machine says between the end of a migration and the removal of the condition depends on who writes first. */
const passing: Tolerance['passing'] = [['True/InProgress', 'False/Pending', null]];

/** A migration and a forced eviction, both to the end. */
export const migrateSuccess: Recorded = {
  tolerance: { passing },
  play: async (s) => {
    await machine(s, 'db');
    await s.until('VirtualMachine', 'db', hasAgent);
    await operate(s, 'db-migrate', 'db', 'Migrate');
    await s.until('VirtualMachine', 'db', isPhase('Running'));
    await s.pass(3000);
    await operate(s, 'db-evict-force', 'db', 'Evict', { force: true });
    await s.until('VirtualMachine', 'db', isPhase('Running'));
  },
};

/** A failure at every stage, an abort, and operations that take the place of a migration that copies. */
export const migrateFailures: Recorded = {
  tolerance: { passing, flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    for (const name of ['m1', 'm2', 'm3', 'm4']) {
      await machine(s, name);
    }
    await machine(s, 'loc', 'local-rwo');
    await s.lower('VirtualMachine', 'm1', 'migration-fails');
    await s.lower('VirtualMachine', 'm2', 'migration-unschedulable');
    await s.lower('VirtualMachine', 'm3', 'migration-not-converging');
    await s.lower('VirtualMachine', 'm4', 'migration-hold-0');
    for (const name of ['m1', 'm2', 'm3', 'm4']) {
      await migrate(s, `${name}-migrate`, name);
    }
    await assert.rejects(migrate(s, 'loc-migrate', 'loc'), /available only in the Enterprise Edition/);
    await s.until('VirtualMachine', 'loc', hasAgent);
    await assert.rejects(migrate(s, 'm4-second', 'm4'), /Previously created operation "m4-migrate" should finish first/);
    await failed(s, 'm2-migrate', 'TargetUnschedulable');
    await failed(s, 'm1-migrate', 'Failed');
    await s.lower('VirtualMachine', 'm4', null);
    await s.until('VirtualMachine', 'm4', isPhase('Migrating'));
    await s.delete('VirtualMachineOperation', 'm4-migrate');
    await s.untilGone('VirtualMachineOperation', 'm4-migrate');
    await failed(s, 'm3-migrate', 'NotConverging');
    for (const name of ['m1', 'm3', 'm4']) {
      await s.until('VirtualMachine', name, isSettled);
    }
    await s.lower('VirtualMachine', 'm1', null);
    await s.lower('VirtualMachine', 'm2', 'migration-disk-error');
    await migrate(s, 'm4-superseded', 'm4');
    await migrate(s, 'm1-superseded', 'm1');
    await migrate(s, 'm2-disk', 'm2');
    await failed(s, 'm2-disk', 'TargetDiskError');
    await s.until('VirtualMachine', 'm4', isPhase('Migrating'));
    await s.until('VirtualMachine', 'm1', isPhase('Migrating'));
    await s.create('VirtualMachineOperation', 'm4-stop', { type: 'Stop', virtualMachineName: 'm4' });
    await s.create('VirtualMachineOperation', 'm1-restart', { type: 'Restart', virtualMachineName: 'm1' });
    await failed(s, 'm4-stop', 'NotApplicableForVirtualMachinePhase');
    await failed(s, 'm1-restart', 'NotApplicableForVirtualMachinePhase');
    await s.until('VirtualMachine', 'm4', isSettled);
    await s.until('VirtualMachine', 'm1', isSettled);
  },
};

/** A migration that waits for a slot, then for the quota, then goes on by itself. */
export const queueAndQuota: Recorded = {
  tolerance: { passing, ignore: { 'VirtualDisk/q1-root InUse': 'in the recording the machine was there before the disk had been looked at' } },
  play: async (s) => {
    await machine(s, 'q1');
    await s.lower('VirtualMachine', 'q1', 'migration-hold-0');
    await migrate(s, 'q1-migrate', 'q1');
    await s.lower('VirtualMachine', 'q1', 'migration-queued');
    await s.until('VirtualMachineOperation', 'q1-migrate', (operation) => conditionOf(operation, 'Completed')?.message === 'Target node has no free inbound migration slots.');
    await s.until('VirtualMachine', 'q1', hasAgent);
    await s.lower('VirtualMachine', 'q1', 'migration-quota');
    await s.until('VirtualMachineOperation', 'q1-migrate', isReason('Completed', 'QuotaExceeded'));
    await s.lower('VirtualMachine', 'q1', null);
    await s.until('VirtualMachineOperation', 'q1-migrate', isPhase('Completed'));
    await s.until('VirtualMachine', 'q1', isSettled);
  },
};

/** Stop and Restart while a migration is queued, and a forced stop while it copies. */
export const supersedeMigration: Recorded = {
  tolerance: { passing, flickers: ['BlockDevicesReady', 'InUse'] },
  play: async (s) => {
    for (const name of ['e1', 'e2', 'e3']) {
      await machine(s, name);
    }
    await s.until('VirtualMachine', 'e2', hasAgent);
    await s.lower('VirtualMachine', 'e1', 'migration-hold-0');
    await s.lower('VirtualMachine', 'e2', 'migration-hold-0');
    for (const name of ['e1', 'e2', 'e3']) {
      await migrate(s, `${name}-migrate`, name);
    }
    await s.until('VirtualMachineOperation', 'e3-migrate', isReason('Completed', 'TargetScheduling'));
    await s.until('VirtualMachine', 'e3', hasAgent);
    await operate(s, 'e1-stop', 'e1', 'Stop');
    await s.until('VirtualMachine', 'e1', isCleared);
    await s.create('VirtualMachineOperation', 'e2-restart', { type: 'Restart', virtualMachineName: 'e2' });
    await s.until('VirtualMachine', 'e3', isPhase('Migrating'));
    await s.lower('VirtualMachine', 'e3', 'migration-hold-48');
    await s.until('VirtualMachineOperation', 'e2-restart', isPhase('Completed'));
    await s.create('VirtualMachineOperation', 'e3-stop', { type: 'Stop', virtualMachineName: 'e3', force: true });
    await failed(s, 'e3-stop', 'NotApplicableForVirtualMachinePhase');
    await s.until('VirtualMachine', 'e3', isSettled);
    await s.until('VirtualMachine', 'e2', hasAgent);
  },
};

/** Migrations that the platform begins: off a drained node, and to renew the firmware; and a machine that cannot leave. */
export const systemOperations: Recorded = {
  tolerance: { passing, flickers: ['BlockDevicesReady', 'InUse'], goesOn: ['VirtualMachine/pinned'] },
  play: async (s) => {
    const nodeOf = (name: string) => stringAt(s.object('VirtualMachine', name), 'status.nodeName') ?? '';
    await machine(s, 'guest');
    await s.until('VirtualMachine', 'guest', hasAgent);
    const first = nodeOf('guest');
    await s.drain(first, true);
    const { name, finalizers } = s.operationNamed('evacuation-', 'guest').metadata;
    assert.ok(finalizers?.includes('virtualization.deckhouse.io/vmop-protection-by-evacuation-controller'));
    await s.until('VirtualMachineOperation', name, isPhase('Completed'));
    await s.until('VirtualMachine', 'guest', isSettled);
    assert.notEqual(nodeOf('guest'), first);
    assert.deepEqual(s.object('VirtualMachineOperation', name)?.metadata.finalizers, ['virtualization.deckhouse.io/vmop-cleanup']);
    await s.drain(first, false);

    await s.create('VirtualDisk', 'oldie-root', diskSpec());
    await s.create('VirtualMachine', 'oldie', machineSpec(['oldie-root']), { metadata: { annotations: { 'embedded.dvp-tools/lower': 'firmware-update' } } });
    await s.until('VirtualMachine', 'oldie', hasAgent);
    await s.until('VirtualMachineOperation', s.operationNamed('firmware-update-', 'oldie').metadata.name, isPhase('Completed'));
    await s.until('VirtualMachine', 'oldie', isSettled);

    // Elsewhere, so that nobody else has to leave with it.
    const others = [...new Set([nodeOf('guest'), nodeOf('oldie')])];
    await cordon(s, others, true);
    await machine(s, 'pinned', 'local-rwo');
    await cordon(s, others, null);
    await s.drain(nodeOf('pinned'), true);
    await s.until('VirtualMachine', 'pinned', isReason('EvictionRequired', 'EvictionRequired'));
    await s.until('VirtualMachine', 'pinned', hasAgent);
    assert.throws(() => s.operationNamed('evacuation-', 'pinned'), /^Error: 0 operations/);
    await s.drain(nodeOf('pinned'), false);
  },
};

async function cordon(s: Scenario, nodes: readonly string[], unschedulable: true | null): Promise<void> {
  for (const node of nodes) {
    await s.patch('Node', node, { spec: { unschedulable } });
  }
}

/** A machine that runs, on a disk of its own. */
async function machine(s: Scenario, name: string, storageClass?: string): Promise<void> {
  await s.create('VirtualDisk', `${name}-root`, diskSpec('10Gi', storageClass));
  await s.create('VirtualMachine', name, machineSpec([`${name}-root`]));
  await s.until('VirtualMachine', name, isPhase('Running'));
}

function migrate(s: Scenario, name: string, machineName: string): Promise<void> {
  return s.create('VirtualMachineOperation', name, { type: 'Migrate', virtualMachineName: machineName });
}

function failed(s: Scenario, name: string, reason: string): Promise<void> {
  return s.until('VirtualMachineOperation', name, (operation) => phaseOf(operation) === 'Failed' && isReason('Completed', reason)(operation));
}

/** A machine that has its phase back, and nothing to say of migrations. */
function isSettled(object: KubeObject): boolean {
  return phaseOf(object) === 'Running' && conditionOf(object, 'Migrating') === undefined;
}
