import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Step } from '../controller';
import { machineUidLabel } from '../indexes';
import type { Counters, Migration, MigrationStage } from '../lower/lower';
import { hasFinalizer, no, uidOf, unknown, withFinalizer, yes, type Verdict } from '../objects';
import { autoConverges } from './operationTables';
import { operationEvent, operationStatus } from './virtualMachineOperation';

const queued = 'The VirtualMachineOperation for migrating the virtual machine has been queued. Waiting for the queue to be processed and for this operation to be executed.';
const syncing = 'Source and target are being synchronized';

/** One step of a migration: what the operation says about the stage that the layer below has reached. */
export function migrationStep(operation: KubeObject, machine: KubeObject, context: Context): Step | undefined {
  const type = stringAt(operation, 'spec.type') ?? '';
  if (phaseOf(operation) === undefined) {
    return {
      status: operationStatus(operation, 'Pending', { SignalSent: unknown, Completed: no('WaitingForVirtualMachineToBeReadyToMigrate') }, context),
      events: [operationEvent(type, 'Started', 'VirtualMachineOperation started')],
    };
  }
  if (!hasFinalizer(operation, 'vmop-cleanup')) {
    return { metadata: { ...withFinalizer(operation, 'vmop-cleanup', true), labels: { [machineUidLabel]: uidOf(machine) } } };
  }
  const migration = context.lower.machine(machine).instance?.migration;
  if (migration?.operation !== uidOf(operation)) {
    return conditionOf(operation, 'SignalSent')?.status === 'True' ? lost(operation, machine, context) : send(operation, type, machine, context);
  }
  return follow(operation, type, migration, context);
}

/** The signal: the migration is queued below. */
function send(operation: KubeObject, type: string, machine: KubeObject, context: Context): Step | undefined {
  if (conditionOf(machine, 'Migrating')?.reason !== 'ReadyToMigrate') {
    return undefined;
  }
  const autoConverge = autoConverges(operation, machine);
  return {
    status: operationStatus(operation, 'Pending', { SignalSent: yes('SignalSentSuccess'), Completed: no('MigrationPending', queued) }, context, progress(0, context)),
    events: [
      operationEvent(type, 'Started', `Migration settings for operation type ${type}: liveMigrationPolicy ${stringAt(machine, 'spec.liveMigrationPolicy') ?? 'PreferSafe'}, autoConverge ${autoConverge}`),
      { by: 'vmop-migration-controller', type: 'Normal', reason: type === 'Evict' ? 'Evicted' : 'Migrated', message: `${type} initiated with VirtualMachineOperation`, on: machine },
      operationEvent(type, 'InProgress', `Sent signal "${type}" to VM without errors.`),
    ],
    then: () => context.lower.migrate(machine, uidOf(operation), { autoConverge }),
  };
}

/** The layer below does not know the migration: it was on its way when the platform half began. It is taken up again. */
function lost(operation: KubeObject, machine: KubeObject, context: Context): Step | undefined {
  if (context.lower.machine(machine).instance?.stage !== 'running') {
    return end(operation, context, no('Failed', 'Migration failed: the virtual machine is not running'));
  }
  return { then: () => context.lower.migrate(machine, uidOf(operation), { autoConverge: autoConverges(operation, machine) }) };
}

function follow(operation: KubeObject, type: string, migration: Migration, context: Context): Step | undefined {
  switch (migration.stage) {
    case 'succeeded':
      return {
        status: operationStatus(operation, 'Completed', { Completed: yes('Completed') }, context, progress(100, context)),
        events: [operationEvent(type, 'Succeeded', 'VirtualMachineOperation succeeded')],
      };
    case 'failed':
      return end(operation, context, no(migration.failure?.includes('unschedulable') ? 'TargetUnschedulable' : 'Failed', `Migration failed: ${migration.failure ?? ''}`));
    case 'aborted':
      return end(operation, context, no('Aborted', 'Migration aborted'));
    case 'queued':
    case 'scheduling':
    case 'preparing':
    case 'prepared':
    case 'ready':
    case 'copying':
    case 'resumed':
    case 'suspended':
    default: {
      const now = stages[migration.stage];
      if (!now) {
        return undefined;
      }
      const { verdict, percent } = now(migration.counters);
      return { status: operationStatus(operation, 'InProgress', { Completed: verdict }, context, progress(climb(operation, percent, migration.stage), context)) };
    }
  }
}

function end(operation: KubeObject, context: Context, verdict: Verdict): Step {
  return {
    status: operationStatus(operation, 'Failed', { Completed: verdict }, context),
    events: [operationEvent(stringAt(operation, 'spec.type') ?? '', 'Failed', 'VirtualMachineOperation failed', 'Warning')],
  };
}

type Shown = { readonly verdict: Verdict; readonly percent: number };

const stages: Partial<Record<MigrationStage, (counters: Counters | undefined) => Shown>> = {
  scheduling: () => ({ verdict: no('TargetScheduling', 'Scheduling the migration target'), percent: 2 }),
  preparing: () => ({ verdict: no('TargetPreparing', 'Preparing the migration target'), percent: 3 }),
  prepared: () => ({ verdict: no('TargetPreparing', 'Preparing the migration target'), percent: 3 }),
  ready: () => ({ verdict: no('Syncing', syncing), percent: 10 }),
  copying: (counters) => (counters ? { verdict: no('Syncing', `${syncing}. ${text(counters)}`), percent: copied(counters) } : { verdict: no('Syncing', syncing), percent: 10 }),
  resumed: (counters) => ({ verdict: no('TargetResumed', `The virtual machine has resumed on the target. ${counters ? text(counters) : ''}`.trim()), percent: 92 }),
  suspended: (counters) => ({ verdict: no('SourceSuspended', `The virtual machine has been suspended on the source. ${counters ? text(counters) : ''}`.trim()), percent: 91 }),
};

/** 10 to 45 % for the first copy of all memory, 45 to 90 % for what was written meanwhile. */
function copied(counters: Counters): number {
  const share = counters.remainingMib / counters.totalMib;
  return Math.round(counters.iteration === 0 ? 10 + 35 * Math.min(1, counters.processedMib / counters.totalMib) : 45 + 45 * (1 - Math.min(1, share)));
}

/** Each write of the status adds at most five points; the next look adds the next five. */
function climb(operation: KubeObject, percent: number, stage: MigrationStage): number {
  const old = Number.parseInt(stringAt(operation, 'status.progress') ?? '0', 10);
  return stage === 'copying' ? Math.max(old, Math.min(percent, old + 5)) : percent;
}

function text({ elapsedS, processedMib, remainingMib, totalMib, iteration, throttle }: Counters): string {
  const counters = `TimeElapsed:${elapsedS}s DataProcessed:${processedMib}MiB DataRemaining:${remainingMib}MiB DataTotal:${totalMib}MiB Iteration:${iteration} AutoConvergeThrottleSet:${throttle !== undefined}`;
  return throttle === undefined ? counters : `${counters} AutoConvergeThrottle:${throttle}`;
}

/** Module 0.17 has no progress. */
function progress(percent: number, context: Context): { readonly progress?: string } {
  return context.module === '0.17' ? {} : { progress: `${percent}%` };
}
