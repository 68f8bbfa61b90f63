import { t } from '@vscode/l10n';
import type { ClusterView } from '../clusterView';
import type { KubeObject } from '../kubeObject';
import { conditionOf, phaseOf } from '../kubeObject';
import { nodesFor } from '../migration/nodes';
import { forceApplies } from '../migration/policy';
import { isMigration } from '../migration/stages';
import type { Answers, Applicability, InputChoice, Operation } from '../operations';
import { text } from '../text';
import { stringAt } from '../values';
import { deleteObject } from './delete';
import { aboutToEnd, applicability, blockedBy, hasMigrate, isActive, machineCommand, operationRequest, type Reason } from './machineOperation';
import { deletionReason } from './power';

type Behaviour = Omit<Operation, 'title' | 'icon' | 'group'>;

export const migrate: Behaviour = {
  confirm: moveConfirmation,
  applies: (machine, view) => hasMigrate(view) ? moveApplies(machine, 'Migrate', view) : { because: t('This version of the platform moves machines with "Evict".') },
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Migrate', unique, view),
  command: (machine) => machineCommand('migrate', machine),
};

/** The label that names a node; virtualization v1.5 and later, not in the Community Edition, whose webhook refuses it. */
const hostname = 'kubernetes.io/hostname';

export const migrateTo: Behaviour = {
  inputs: [{ id: 'node', title: text('Node to migrate to'), needs: ['Node'], choices: targetChoices }],
  confirm: (machine, { node = '' }) => t('Move "{0}" to the node "{1}"? It keeps running; the guest may be slow for a while. Not every edition of the platform lets a node be chosen.', machine.metadata.name, node),
  applies: migrate.applies,
  waitsFor: aboutToEnd,
  request: (machine, unique, view, { node }: Answers) => operationRequest(machine, 'Migrate', unique, view, node === undefined ? {} : { migrate: { nodeSelector: { [hostname]: node } } }),
  command: (machine) => machineCommand('migrate', machine, '--target-node-name', '<node>'),
};

export const forceMigrate: Behaviour = {
  confirm: (machine) => t('Move "{0}" to another node with force? If the guest writes memory faster than it can be copied, the platform slows its processors down, step by step and almost to a standstill, until the move succeeds.', machine.metadata.name),
  applies: (machine, view) => {
    const applies = migrate.applies(machine, view);
    return applies === true ? forceApplies(machine) : applies;
  },
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Migrate', unique, view, { force: true }),
  command: (machine) => machineCommand('migrate', machine, '--force'),
};

/** Deleting an operation that moves a machine takes the move back, wherever it is. */
export const cancelMigration: Behaviour = {
  confirm: (operation) => t('Cancel the migration of "{0}"? The machine goes on on its old node; what was copied is thrown away.', stringAt(operation, 'spec.virtualMachineName') ?? ''),
  applies: (operation) => !isMigration(operation) || !isActive(operation) ? { because: t('"{0}" is no migration that goes on.', operation.metadata.name) }
    : operation.metadata.deletionTimestamp === undefined ? true : { because: t('"{0}" is being cancelled already.', operation.metadata.name) },
  request: deleteObject.request,
  command: deleteObject.command,
};

/** On today's platform `Migrate` does the same, so that only one of the two is ever offered. */
export const evict: Behaviour = {
  confirm: moveConfirmation,
  applies: (machine, view) => hasMigrate(view) ? { because: t('This version of the platform moves machines with "Migrate".') } : moveApplies(machine, 'Evict', view),
  waitsFor: aboutToEnd,
  request: (machine, unique, view) => operationRequest(machine, 'Evict', unique, view),
  command: (machine) => machineCommand('evict', machine),
};

/** The nodes that are there, what keeps a machine away from one said with it; `undefined` when none is known. */
function targetChoices(machines: readonly KubeObject[], view: ClusterView): readonly InputChoice[] | undefined {
  const answers = machines.map((machine) => ({ name: machine.metadata.name, answer: nodesFor(machine, view) }));
  const [first] = answers;
  if (!first || first.answer.source === 'none') {
    return undefined;
  }
  return first.answer.nodes.map(({ name, hostname: value }) => {
    const against = answers.flatMap(({ name: machine, answer }) => {
      const verdict = answer.nodes.find((node) => node.name === name);
      const because = verdict?.verdict === 'current' ? t('"{0}" is there already.', machine) : verdict?.because[0];
      return because === undefined ? [] : [answers.length === 1 ? because : `${machine}: ${because}`];
    });
    const isImpossible = against.length === answers.length;
    return { value, label: name, ...(isImpossible ? { because: against.join(' ') } : { detail: against.length > 0 ? against.join(' ') : first.answer.source === 'class' ? t('Of the class of the machine; more cannot be read from here.') : t('Nothing speaks against it.') }) };
  });
}

function moveConfirmation(machine: KubeObject): string {
  return t('Move "{0}" to another node? It keeps running; the guest may be slow for a while.', machine.metadata.name);
}

function moveApplies(machine: KubeObject, type: 'Migrate' | 'Evict', view: ClusterView): Applicability {
  return applicability(deletionReason(machine) ?? moveReason(machine) ?? blockedBy(machine, type, false, view));
}

function moveReason(machine: KubeObject): Reason | undefined {
  const { name } = machine.metadata;
  if (stringAt(machine, 'spec.runPolicy') === 'AlwaysOff') {
    return () => t('The run policy of "{0}" is AlwaysOff: the platform does not move it. Change "runPolicy" first.', name);
  }
  const phase = phaseOf(machine);
  if (phase === 'Migrating') {
    return () => t('"{0}" is migrating already.', name);
  }
  if (phase !== 'Running') {
    return () => t('Only a running machine can be moved; "{0}" is {1}.', name, phase ?? t('new'));
  }
  const migratable = conditionOf(machine, 'Migratable');
  if (migratable?.status === 'False') {
    return () => t('"{0}" cannot be moved while it runs: {1}', name, migratable.message?.trim() || migratable.reason || t('no reason given.'));
  }
  return undefined;
}
