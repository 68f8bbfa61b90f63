import { isDeepStrictEqual } from 'node:util';
import { isRecord, type KubeObject } from '../../../../src/domain/kubeObject';
import { valueAt } from '../../../../src/domain/values';
import type { InternalMachine } from '../lower/lower';
import { no, yes, type ConditionChanges, type Fields } from '../objects';

/** Fields of a machine's spec that only a restart applies (facts 8), sorted as the platform lists them. */
const paths = [
  'affinity', 'bootloader', 'cpu.coreFraction', 'cpu.cores', 'enableParavirtualization', 'memory.size', 'nodeSelector', 'osType', 'priorityClassName',
  'provisioning', 'terminationGracePeriodSeconds', 'tolerations', 'topologySpreadConstraints', 'virtualMachineClassName',
];

/**
 * What a restart would change: the entries of `status.restartAwaitingChanges`. Empty without an instance; `undefined`
 * when it is not known what the instance was made of.
 */
export function pendingChanges(machine: KubeObject, internal: InternalMachine): readonly Fields[] | undefined {
  const { instance, applied } = internal;
  if (!instance || instance.stage === 'finished') {
    return [];
  }
  if (!applied) {
    return undefined;
  }
  const changed = paths.filter((path) => !isDeepStrictEqual(valueAt(applied, path), valueAt(machine.spec, path)));
  const isWholeCpu = changed.includes('cpu.cores') && changed.includes('cpu.coreFraction');
  const shown = isWholeCpu ? ['cpu', ...changed.filter((path) => !path.startsWith('cpu.'))].sort() : changed;
  return shown.map((path) => entry(path, valueAt(applied, path), valueAt(machine.spec, path)));
}

function entry(path: string, currentValue: unknown, desiredValue: unknown): Fields {
  return {
    operation: currentValue === undefined ? 'add' : desiredValue === undefined ? 'remove' : 'replace', path,
    ...(currentValue === undefined ? {} : { currentValue }), ...(desiredValue === undefined ? {} : { desiredValue }),
  };
}

const waiting = 'Waiting for the user to restart in order to apply the configuration changes.';

/** The conditions that go with pending changes; the platform's second message ends with a space. */
export function changeConditions(changes: readonly Fields[] | undefined): ConditionChanges {
  if (changes === undefined) {
    return {};
  }
  return changes.length > 0
    ? { ConfigurationApplied: no('ConfigurationNotApplied', waiting), AwaitingRestartToApplyConfiguration: yes('ChangesPendingRestart', `${waiting} `) }
    : { ConfigurationApplied: null, AwaitingRestartToApplyConfiguration: null };
}

/** Whether the machine restarts by itself to apply changes. */
export function restartsItself(machine: KubeObject): boolean {
  return isRecord(machine.spec) && valueAt(machine.spec, 'disruptions.restartApprovalMode') === 'Automatic';
}
