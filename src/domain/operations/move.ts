import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import type { KubeObject } from '../kubeObject';
import { conditionOf, phaseOf } from '../kubeObject';
import type { Applicability, Operation } from '../operations';
import { stringAt } from '../values';
import { aboutToEnd, blockedBy, hasMigrate, machineCommand, operationRequest } from './machineOperation';
import { deletionReason } from './power';

type Behaviour = Omit<Operation, 'title' | 'icon' | 'group'>;

export const migrate: Behaviour = {
  confirm: moveConfirmation,
  applies: (machine, view) => hasMigrate(view) ? moveApplies(machine, 'Migrate', view) : { because: t('This version of the platform moves machines with "Evict".') },
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Migrate', unique, view),
  command: (machine) => machineCommand('migrate', machine),
};

/** On today's platform `Migrate` does the same, so that only one of the two is ever offered. */
export const evict: Behaviour = {
  confirm: moveConfirmation,
  applies: (machine, view) => hasMigrate(view) ? { because: t('This version of the platform moves machines with "Migrate".') } : moveApplies(machine, 'Evict', view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Evict', unique, view),
  command: (machine) => machineCommand('evict', machine),
};

function moveConfirmation(machine: KubeObject): string {
  return t('Move "{0}" to another node? It keeps running; the guest may be slow for a while.', machine.metadata.name);
}

function moveApplies(machine: KubeObject, type: 'Migrate' | 'Evict', view: ClusterView): Applicability {
  const because = deletionReason(machine) ?? moveReason(machine) ?? blockedBy(machine, type, false, view);
  return because === undefined ? true : { because };
}

function moveReason(machine: KubeObject): string | undefined {
  const { name } = machine.metadata;
  if (stringAt(machine, 'spec.runPolicy') === 'AlwaysOff') {
    return t('The run policy of "{0}" is AlwaysOff: the platform does not move it. Change "runPolicy" first.', name);
  }
  const phase = phaseOf(machine);
  if (phase === 'Migrating') {
    return t('"{0}" is migrating already.', name);
  }
  if (phase !== 'Running') {
    return t('Only a running machine can be moved; "{0}" is {1}.', name, phase ?? t('new'));
  }
  const migratable = conditionOf(machine, 'Migratable');
  if (migratable?.status === 'False') {
    return t('"{0}" cannot be moved while it runs: {1}', name, migratable.message?.trim() || migratable.reason || t('no reason given.'));
  }
  return undefined;
}
