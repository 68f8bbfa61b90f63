import { conditionOf, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt, valueAt } from '../../../../src/domain/values';
import { no, type Verdict } from '../objects';

const manual = ['Manual', 'AlwaysOnUnlessStoppedManually'];
const running = ['Running', 'Degraded', 'Starting', 'Pause'];

/** Under which run policies and in which phases of its machine an operation may begin; `forced`: more phases with force (facts 7.4). */
const applicable: Readonly<Record<string, { readonly policies: readonly string[]; readonly phases: readonly string[]; readonly forced?: readonly string[] }>> = {
  Start: { policies: manual, phases: ['Stopped', 'Stopping'] },
  Stop: { policies: manual, phases: [...running, 'Pending'], forced: ['Stopping'] },
  Restart: { policies: [...manual, 'AlwaysOn'], phases: running, forced: ['Stopping'] },
  Migrate: { policies: [...manual, 'AlwaysOn'], phases: ['Running'] },
  Evict: { policies: [...manual, 'AlwaysOn'], phases: ['Running'] },
};

/** Why an operation fails as soon as it is looked at; `undefined` when it may begin. */
export function refusalOf(operation: KubeObject, machine: KubeObject): Verdict | undefined {
  const type = stringAt(operation, 'spec.type') ?? '';
  const force = valueAt(operation, 'spec.force');
  const row = applicable[type];
  if (!row) {
    return undefined;
  }
  const policy = stringAt(machine, 'spec.runPolicy') ?? 'AlwaysOnUnlessStoppedManually';
  if (!row.policies.includes(policy)) {
    return no('NotApplicableForVirtualMachineRunPolicy', `Operation type ${type} is not applicable for VirtualMachine with runPolicy ${policy}`);
  }
  const phase = phaseOf(machine) ?? '';
  if (!row.phases.includes(phase) && !(force === true && row.forced?.includes(phase))) {
    return no('NotApplicableForVirtualMachinePhase', `Operation type ${type} is not applicable for VirtualMachine in phase ${phase}`);
  }
  if (type !== 'Migrate' && type !== 'Evict') {
    return undefined;
  }
  const live = stringAt(machine, 'spec.liveMigrationPolicy') ?? 'PreferSafe';
  if ((live === 'AlwaysSafe' && force === true) || (live === 'AlwaysForced' && force === false)) {
    return no('NotApplicableForLiveMigrationPolicy', `Operation is invalid: force=${String(force)} is not applicable for VM liveMigrationPolicy ${live}`);
  }
  const migratable = conditionOf(machine, 'Migratable');
  return migratable?.status === 'False' ? no('OperationFailed', `VirtualMachine is not migratable: ${migratable.message ?? ''}`) : undefined;
}

/** Whether an operation may take the place of an unfinished older one (facts 7.4, all pairs recorded). */
export function supersedes(younger: KubeObject, older: KubeObject): boolean {
  const type = stringAt(younger, 'spec.type') ?? '';
  const force = valueAt(younger, 'spec.force') === true;
  const olderForce = valueAt(older, 'spec.force') === true;
  switch (stringAt(older, 'spec.type') ?? '') {
    case 'Start':
      return type === 'Stop';
    case 'Stop':
    case 'Restart':
      return !olderForce && force && (type === 'Stop' || type === 'Restart');
    case 'Migrate':
    case 'Evict':
      return type === 'Stop' || type === 'Restart';
    default:
      return false;
  }
}

/** Whether AutoConverge is on for a migration (facts 5.5). */
export function autoConverges(operation: KubeObject, machine: KubeObject): boolean {
  const force = valueAt(operation, 'spec.force');
  const byPolicy = ['AlwaysForced', 'PreferForced'].includes(stringAt(machine, 'spec.liveMigrationPolicy') ?? '');
  return typeof force === 'boolean' ? force : byPolicy;
}
