import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import type { KubeObject } from '../kubeObject';
import { phaseOf } from '../kubeObject';
import type { Applicability, Operation } from '../operations';
import { numberAt, stringAt } from '../values';
import { aboutToEnd, applicability, blockedBy, machineCommand, operationRequest, type Reason } from './machineOperation';

type Behaviour = Omit<Operation, 'title' | 'icon' | 'group'>;

/** Grace period of a machine that names none (schema default, virtualization v1.10). */
const defaultGraceSeconds = 60;

export const start: Behaviour = {
  applies: (machine, view) => powerApplies(machine, 'Start', false, view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Start', unique, view),
  command: (machine) => machineCommand('start', machine),
};

export const stop: Behaviour = {
  // Recorded: a stop of what never ran stays InProgress, because it waits for a Stopped that does not come.
  confirm: (machine) => phaseOf(machine) === 'Pending'
    ? t('Stop "{0}"? It has not started yet, so the operation may never end; it can be deleted then.', machine.metadata.name)
    : t('Stop "{0}"? The guest is asked to shut down; after {1} s it is switched off.', machine.metadata.name, graceSeconds(machine)),
  applies: (machine, view) => powerApplies(machine, 'Stop', false, view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Stop', unique, view),
  command: (machine) => machineCommand('stop', machine),
};

export const restart: Behaviour = {
  confirm: (machine) => t('Restart "{0}"? The guest is asked to shut down; after {1} s it is switched off. Then the machine starts again.', machine.metadata.name, graceSeconds(machine)),
  applies: (machine, view) => powerApplies(machine, 'Restart', false, view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Restart', unique, view),
  command: (machine) => machineCommand('restart', machine),
};

export const forceStop: Behaviour = {
  confirm: (machine) => t('Switch off "{0}" at once? The guest is not asked: what it has not written to its disks is lost.', machine.metadata.name),
  applies: (machine, view) => powerApplies(machine, 'Stop', true, view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Stop', unique, view, { force: true }),
  command: (machine) => machineCommand('stop', machine, '--force'),
};

export const forceRestart: Behaviour = {
  confirm: (machine) => t('Reset "{0}" at once? The guest is not asked: what it has not written to its disks is lost. Then the machine starts again.', machine.metadata.name),
  applies: (machine, view) => powerApplies(machine, 'Restart', true, view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Restart', unique, view, { force: true }),
  command: (machine) => machineCommand('restart', machine, '--force'),
};

type PowerType = 'Start' | 'Stop' | 'Restart';

/** Phases in which the platform carries an operation out (virtualization v1.10); in any other it fails at once. With force it stops and restarts what is stopping, too. */
export const powerPhases: Readonly<Record<PowerType, readonly string[]>> = {
  Start: ['Stopped', 'Stopping'],
  Stop: ['Running', 'Degraded', 'Starting', 'Pause', 'Pending'],
  Restart: ['Running', 'Degraded', 'Starting', 'Pause'],
};

function powerApplies(machine: KubeObject, type: PowerType, force: boolean, view: ClusterView): Applicability {
  return applicability(deletionReason(machine) ?? policyReason(machine, type) ?? phaseReason(machine, type, force) ?? blockedBy(machine, type, force, view));
}

/** Why nothing can be done to a machine that is going away. */
export function deletionReason(machine: KubeObject): Reason | undefined {
  return machine.metadata.deletionTimestamp === undefined ? undefined : () => t('"{0}" is being deleted.', machine.metadata.name);
}

function policyReason(machine: KubeObject, type: PowerType): Reason | undefined {
  const { name } = machine.metadata;
  const policy = stringAt(machine, 'spec.runPolicy');
  if (policy === 'AlwaysOff') {
    return () => t('The run policy of "{0}" is AlwaysOff: the platform keeps it off. Change "runPolicy" first.', name);
  }
  if (policy === 'AlwaysOn' && type !== 'Restart') {
    return type === 'Start'
      ? () => t('The run policy of "{0}" is AlwaysOn: the platform starts it by itself.', name)
      : () => t('The run policy of "{0}" is AlwaysOn: the platform would start it again. Change "runPolicy" first.', name);
  }
  return undefined;
}

function phaseReason(machine: KubeObject, type: PowerType, force: boolean): Reason | undefined {
  const { name } = machine.metadata;
  const phase = phaseOf(machine);
  if (phase === undefined) {
    return () => t('The platform has not looked at "{0}" yet.', name);
  }
  if (powerPhases[type].includes(phase) || (phase === 'Stopping' && force && type !== 'Start')) {
    return undefined;
  }
  switch (phase) {
    case 'Migrating': return () => t('"{0}" is migrating: the platform would cancel the migration and then refuse. Wait until it is Running.', name);
    case 'Stopped': return () => t('"{0}" is stopped already.', name);
    case 'Stopping': return () => t('"{0}" is stopping already. Use force to switch it off at once.', name);
    case 'Pending': return type === 'Start' ? () => t('"{0}" is about to start: it waits for what it needs.', name) : () => t('"{0}" has not started yet.', name);
    case 'Running':
    case 'Degraded':
    case 'Starting': return () => t('"{0}" is {1} already.', name, phase);
    case 'Pause': return () => t('"{0}" is paused, not stopped.', name);
    default: return () => t('This is not possible while "{0}" is {1}.', name, phase);
  }
}

function graceSeconds(machine: KubeObject): number {
  return numberAt(machine, 'spec.terminationGracePeriodSeconds') ?? defaultGraceSeconds;
}
