import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { numberAt, stringAt, valueAt } from '../../../../src/domain/values';
import type { Context, Controller, NewEvent, Step } from '../controller';
import { isFinal } from '../dependents';
import { machineUidLabel } from '../indexes';
import { conditionsAfter, hasFinalizer, isDeleting, no, statusOf, uidOf, unknown, withFinalizer, yes, type ConditionChanges, type Fields } from '../objects';
import { migrationStep } from './migrationOperation';
import { evacuationFinalizer } from './systemOperations';
import { refusalOf, supersedes } from './operationTables';

const order = ['SignalSent', 'Completed'];

export const isMigration = (type: string) => type === 'Migrate' || type === 'Evict';
const isPower = (type: string) => type === 'Start' || type === 'Stop' || type === 'Restart';

/** Power operations and migrations: from their creation to their end. Restore and Clone are left alone. */
export const virtualMachineOperation: Controller = {
  kind: 'VirtualMachineOperation',
  reconcile(operation, context) {
    const type = stringAt(operation, 'spec.type') ?? '';
    if (!isPower(type) && !isMigration(type)) {
      return undefined;
    }
    if (isDeleting(operation)) {
      return deletion(operation, type, context);
    }
    if (isFinal(operation)) {
      if (hasFinalizer(operation, evacuationFinalizer)) {
        return { metadata: withFinalizer(operation, evacuationFinalizer, false) };
      }
      return isPower(type) && hasFinalizer(operation, 'vmop-cleanup') ? { metadata: withFinalizer(operation, 'vmop-cleanup', false) } : labelStep(operation, context);
    }
    const machine = context.known.get('VirtualMachine', stringAt(operation, 'spec.virtualMachineName') ?? '', operation.metadata.namespace);
    if (!machine) {
      return failed(operation, context, no('VirtualMachineNotFound', 'VirtualMachine not found'));
    }
    const successor = supersededBy(operation, context);
    if (successor) {
      return superseded(operation, successor, type, machine, context);
    }
    if (phaseOf(operation) === undefined) {
      if (mustWait(operation, context)) {
        return undefined;
      }
      const refusal = refusalOf(operation, machine);
      if (refusal) {
        return failed(operation, context, refusal);
      }
      return isMigration(type) ? migrationStep(operation, machine, context) : signal(operation, type, machine, context);
    }
    return isMigration(type) ? migrationStep(operation, machine, context) : powerStep(operation, type, machine, context);
  },
};

const by = (type: string) => (isMigration(type) ? 'vmop-migration-controller' : 'vmop-powerstate-controller');

/** The status of an operation after `changes`. */
export function operationStatus(operation: KubeObject, phase: string, changes: ConditionChanges, context: Context, more: Fields = {}): Fields {
  return {
    ...statusOf(operation), ...more, phase, observedGeneration: operation.metadata.generation ?? 1,
    conditions: conditionsAfter(operation, changes, isPower(stringAt(operation, 'spec.type') ?? '') ? [...order].reverse() : order, context.clock.now()),
  };
}

/** The Event with which an operation ends or goes on. */
export function operationEvent(type: string, reason: string, message: string, kind: NewEvent['type'] = 'Normal'): NewEvent {
  return { by: by(type), type: kind, reason: `VirtualMachineOperation${reason}`, message };
}

function failed(operation: KubeObject, context: Context, verdict: ReturnType<typeof no>): Step {
  const type = stringAt(operation, 'spec.type') ?? '';
  const isNew = phaseOf(operation) === undefined;
  return {
    status: operationStatus(operation, 'Failed', { ...(isMigration(type) && isNew ? { SignalSent: unknown } : {}), Completed: verdict }, context),
    events: [...(isNew ? [operationEvent(type, 'Started', 'VirtualMachineOperation started')] : []), operationEvent(type, 'Failed', verdict.message ?? '', 'Warning')],
  };
}

const past: Readonly<Record<string, string>> = { Start: 'Started', Stop: 'Stopped', Restart: 'Restarted' };

/** The first write of a power operation: the machine gets its signal with it. */
function signal(operation: KubeObject, type: string, machine: KubeObject, context: Context): Step {
  const isForced = valueAt(operation, 'spec.force') === true;
  return {
    status: operationStatus(operation, 'InProgress', { Completed: no(`${type}InProgress`, 'Waiting for the operation to complete.'), SignalSent: yes('SignalSentSuccess') }, context),
    events: [
      operationEvent(type, 'Started', 'VirtualMachineOperation started'),
      { by: by(type), type: 'Normal', reason: past[type] ?? type, message: `${type} initiated with VirtualMachineOperation`, on: machine },
      operationEvent(type, 'InProgress', `Sent signal "${type}" to VM without errors.`),
      ...(type === 'Restart' && !isForced ? [{ by: 'vm-controller', type: 'Normal' as const, reason: 'Restarted', message: `Restart initiated by VirtualMachineOparation for ${stringAt(machine, 'spec.runPolicy') ?? ''} runPolicy`, on: machine }] : []),
    ],
    then: () => {
      const { lower } = context;
      if (type === 'Start') {
        lower.want(machine, true, 'operation');
      } else if (type === 'Stop') {
        lower.want(machine, false, 'operation');
        lower.end(machine, 'stop', isForced);
      } else {
        context.memory.restarts.set(uidOf(operation), lower.machine(machine).instances);
        lower.want(machine, true, 'restart');
        lower.end(machine, 'restart', isForced);
      }
    },
  };
}

/** What follows the signal, one write each: label, second message, finalizer, and the end. */
function powerStep(operation: KubeObject, type: string, machine: KubeObject, context: Context): Step | undefined {
  const label = labelStep(operation, context);
  if (label) {
    return label;
  }
  const isDone = type === 'Stop' ? phaseOf(machine) === 'Stopped'
    : phaseOf(machine) === 'Running' && (type === 'Start' || context.lower.machine(machine).instances > (context.memory.restarts.get(uidOf(operation)) ?? 0));
  if (isDone) {
    context.memory.restarts.delete(uidOf(operation));
    return {
      status: operationStatus(operation, 'Completed', { Completed: yes('OperationCompleted') }, context),
      events: [operationEvent(type, 'Succeeded', 'VirtualMachineOperation succeeded')],
    };
  }
  if (conditionOf(operation, 'Completed')?.message === 'Waiting for the operation to complete.') {
    return { status: operationStatus(operation, 'InProgress', { Completed: no(`${type}InProgress`, 'Wait until operation completed') }, context) };
  }
  return hasFinalizer(operation, 'vmop-cleanup') ? undefined : { metadata: withFinalizer(operation, 'vmop-cleanup', true) };
}

function labelStep(operation: KubeObject, context: Context): Step | undefined {
  const machine = context.known.get('VirtualMachine', stringAt(operation, 'spec.virtualMachineName') ?? '', operation.metadata.namespace);
  if (!machine || operation.metadata.labels?.[machineUidLabel] !== undefined) {
    return undefined;
  }
  return { metadata: { labels: { [machineUidLabel]: uidOf(machine) } } };
}

/** The new operation of the same machine that takes this one's place. */
function supersededBy(operation: KubeObject, context: Context): KubeObject | undefined {
  return othersOf(operation, context).find((other) => phaseOf(other) === undefined && !isDeleting(other) && supersedes(other, operation));
}

/** A new operation waits until those whose place it takes have noticed. */
function mustWait(operation: KubeObject, context: Context): boolean {
  return othersOf(operation, context).some((other) => !isFinal(other) && supersedes(operation, other));
}

function othersOf(operation: KubeObject, context: Context): readonly KubeObject[] {
  const machine = `${operation.metadata.namespace}/${stringAt(operation, 'spec.virtualMachineName')}`;
  return [...context.known.by(`operation of machine:${machine}`)].filter((other) => uidOf(other) !== uidOf(operation));
}

function superseded(operation: KubeObject, successor: KubeObject, type: string, machine: KubeObject, context: Context): Step {
  return {
    status: operationStatus(operation, 'Superseded', { Completed: yes('Superseded', `Superseded by ${successor.metadata.name} with type ${stringAt(successor, 'spec.type')}`) }, context),
    then: () => {
      if (isMigration(type)) {
        context.lower.abortMigration(machine);
      }
    },
  };
}

/** A power operation goes at once, and what it signalled goes on; a migration is aborted first, and with an evacuation the wish to move the machine. */
function deletion(operation: KubeObject, type: string, context: Context): Step | undefined {
  const isEvacuation = hasFinalizer(operation, evacuationFinalizer);
  if (!hasFinalizer(operation, 'vmop-cleanup') && !isEvacuation) {
    return undefined;
  }
  if (phaseOf(operation) !== 'Terminating' && !isFinal(operation)) {
    return { status: { ...statusOf(operation), phase: 'Terminating', observedGeneration: numberAt(operation, 'metadata.generation') } };
  }
  const machine = context.known.get('VirtualMachine', stringAt(operation, 'spec.virtualMachineName') ?? '', operation.metadata.namespace);
  if (isEvacuation) {
    return { metadata: withFinalizer(operation, evacuationFinalizer, false), then: () => machine && !isFinal(operation) && context.lower.spare(machine) };
  }
  const migration = machine && isMigration(type) ? context.lower.machine(machine).instance?.migration : undefined;
  if (machine && migration?.operation === uidOf(operation) && migration.endedMs === undefined) {
    return { then: () => context.lower.abortMigration(machine) };
  }
  return { metadata: withFinalizer(operation, 'vmop-cleanup', false) };
}

