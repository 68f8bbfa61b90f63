import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import type { Context, Step } from '../controller';
import { machineUidLabel } from '../indexes';
import type { Counters, FailureCause, Migration, MigrationStage } from '../lower/lower';
import { copyPercent } from '../migrationPercent';
import { hasFinalizer, no, uidOf, unknown, withFinalizer, yes, type Verdict } from '../objects';
import { autoConverges } from './operationTables';
import { operationEvent, operationStatus } from './virtualMachineOperation';

const queued = 'The VirtualMachineOperation for migrating the virtual machine has been queued. Waiting for the queue to be processed and for this operation to be executed.';
const noSlot = 'Target node has no free inbound migration slots.';
const noQuota = 'Project quota exceeded';
const stuck = 'Migration is not converging: data remaining is not decreasing at maximum throttle';
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
  return { then: () => context.lower.migrate(machine, uidOf(operation), { autoConverge: autoConverges(operation, machine), fromPercent: percentOf(operation) }) };
}

function follow(operation: KubeObject, type: string, migration: Migration, context: Context): Step | undefined {
  switch (migration.stage) {
    case 'succeeded':
      return {
        status: operationStatus(operation, 'Completed', { Completed: yes('Completed') }, context, progress(100, context)),
        events: [operationEvent(type, 'Succeeded', 'VirtualMachineOperation succeeded')],
      };
    case 'failed':
      return end(operation, context, failureOf(migration));
    case 'aborted':
      return end(operation, context, no('Aborted', 'Migration aborted'));
    case 'queued':
      return waiting(operation, type, migration, context);
    case 'scheduling':
    case 'preparing':
    case 'prepared':
    case 'ready':
    case 'copying':
    case 'resumed':
    case 'suspended':
    default: {
      const { verdict, percent } = stages[migration.stage](migration, operation);
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

/** In the queue; one that had been under way when the platform half began says again what it last said. */
function waiting(operation: KubeObject, type: string, { blockedBy }: Migration, context: Context): Step | undefined {
  if (phaseOf(operation) !== 'Pending') {
    return undefined;
  }
  const verdict = blockedBy === 'quota' ? no('QuotaExceeded', noQuota) : no('MigrationPending', blockedBy === 'slot' ? noSlot : queued);
  const isNews = blockedBy === 'quota' && conditionOf(operation, 'Completed')?.reason !== 'QuotaExceeded';
  return {
    status: operationStatus(operation, 'Pending', { Completed: verdict }, context),
    events: isNews ? [operationEvent(type, 'Pending', noQuota, 'Warning')] : [],
  };
}

const failures: Readonly<Record<FailureCause, readonly [reason: string, prefix: string]>> = {
  unschedulable: ['TargetUnschedulable', 'Migration failed: '],
  disk: ['TargetDiskError', 'Migration failed: target disk attach error: '],
  convergence: ['NotConverging', 'Migration did not converge: '],
};

function failureOf({ cause, failure = '' }: Migration): Verdict {
  const [reason, prefix] = cause ? failures[cause] : ['Failed', 'Migration failed: '];
  return no(reason, `${prefix}${failure}`);
}

type Shown = { readonly verdict: Verdict; readonly percent: number };
type Underway = Exclude<MigrationStage, 'queued' | 'succeeded' | 'failed' | 'aborted'>;

const stages: Readonly<Record<Underway, (migration: Migration, operation: KubeObject) => Shown>> = {
  scheduling: ({ blockedBy, targetPod }, { metadata }) => ({
    verdict: blockedBy === 'node' ? no('TargetUnschedulable', `Target pod "${metadata.namespace}/${targetPod}" is unschedulable`) : no('TargetScheduling', 'Scheduling the migration target'),
    percent: 2,
  }),
  preparing: () => ({ verdict: no('TargetPreparing', 'Preparing the migration target'), percent: 3 }),
  prepared: () => ({ verdict: no('TargetPreparing', 'Preparing the migration target'), percent: 3 }),
  ready: () => ({ verdict: no('Syncing', syncing), percent: 10 }),
  copying: ({ counters, isStuck }) => ({
    verdict: isStuck ? no('NotConverging', stuck) : no('Syncing', counters ? `${syncing}. ${text(counters)}` : syncing),
    percent: counters ? copyPercent(counters) : 10,
  }),
  resumed: ({ counters }) => ({ verdict: no('TargetResumed', `The virtual machine has resumed on the target. ${counters ? text(counters) : ''}`.trim()), percent: 92 }),
  suspended: ({ counters }) => ({ verdict: no('SourceSuspended', `The virtual machine has been suspended on the source. ${counters ? text(counters) : ''}`.trim()), percent: 91 }),
};

/** Each write of the status adds at most five points; the next look adds the next five. */
function climb(operation: KubeObject, percent: number, stage: MigrationStage): number {
  const old = percentOf(operation);
  return stage === 'copying' ? Math.max(old, Math.min(percent, old + 5)) : percent;
}

function percentOf(operation: KubeObject): number {
  return Number.parseInt(stringAt(operation, 'status.progress') ?? '0', 10);
}

/** The counters as they stand at the end of the message; the time in whole tens of seconds. */
function text({ elapsedS, processedMib, remainingMib, totalMib, iteration, throttle }: Counters): string {
  const counters = `TimeElapsed:${Math.floor(elapsedS / 10) * 10}s DataProcessed:${processedMib}MiB DataRemaining:${remainingMib}MiB DataTotal:${totalMib}MiB Iteration:${iteration} AutoConvergeThrottleSet:${throttle !== undefined}`;
  return throttle === undefined ? counters : `${counters} AutoConvergeThrottle:${throttle}`;
}

/** Module 0.17 has no progress. */
function progress(percent: number, context: Context): { readonly progress?: string } {
  return context.module === '0.17' ? {} : { progress: `${percent}%` };
}
