import { t } from '@vscode/l10n';
import { conditionOf, phaseOf, type KubeObject } from '../../domain/kubeObject';
import { powerPhases } from '../../domain/operations/power';
import { entryOf, listAt, stringAt, valueAt } from '../../domain/values';
import type { Check, Remark, Subject } from '../check';
import { setScalar } from '../edits';
import { nodeAt } from '../places';

const byHand = ['Manual', 'AlwaysOnUnlessStoppedManually'];

/** Run policies under which the platform carries an operation out; any for those that are not here. */
const policies: Readonly<Record<string, readonly string[]>> = {
  Start: byHand, Stop: byHand, Restart: [...byHand, 'AlwaysOn'], Evict: [...byHand, 'AlwaysOn'], Migrate: [...byHand, 'AlwaysOn'],
};

const phases: Readonly<Record<string, readonly string[]>> = {
  ...powerPhases,
  Evict: ['Running'], Migrate: ['Running'],
  Restore: ['Running', 'Stopped', 'Pending'],
  Clone: ['Running', 'Stopped'],
};

/** The platform accepts an operation whatever the machine is like, looks then, and lets it fail for good. */
export const operationFails: Check = {
  code: 'advice/operation-fails',
  severity: 'warning',
  *check(subject) {
    const machine = subject.identity.id === 'VirtualMachineOperation' && !isStored(subject) ? namedMachine(subject, stringAt(subject.object, 'spec.virtualMachineName')) : undefined;
    const because = machine && (policyReason(subject, machine) ?? forceReason(subject, machine) ?? phaseReason(subject, machine));
    if (because) {
      yield because;
    }
  },
};

function policyReason({ object }: Subject, machine: KubeObject): Remark | undefined {
  const type = stringAt(object, 'spec.type') ?? '';
  // The schema's default.
  const policy = stringAt(machine, 'spec.runPolicy') ?? 'AlwaysOnUnlessStoppedManually';
  return entryOf(policies, type)?.includes(policy) === false
    ? { path: ['spec', 'type'], message: t('"{0}" fails: the run policy of the machine "{1}" is {2}. Change its "runPolicy" first.', type, machine.metadata.name, policy) } : undefined;
}

function forceReason({ object, manifest }: Subject, machine: KubeObject): Remark | undefined {
  const [type = '', policy] = [stringAt(object, 'spec.type'), stringAt(machine, 'spec.liveMigrationPolicy')];
  const force = valueAt(object, 'spec.force');
  const isRefused = (policy === 'AlwaysSafe' && force === true) || (policy === 'AlwaysForced' && force === false);
  return (type === 'Migrate' || type === 'Evict') && isRefused ? {
    path: ['spec', 'force'], message: t('"{0}" fails: "force: {1}" goes against the live migration policy of the machine "{2}", which is {3}.', type, String(force), machine.metadata.name, policy ?? ''),
    fixes: () => [{ title: t('Change to "{0}"', String(!force)), changes: [setScalar(manifest, ['spec', 'force'], String(!force))] }],
  } : undefined;
}

function phaseReason({ object }: Subject, machine: KubeObject): Remark | undefined {
  const type = stringAt(object, 'spec.type') ?? '';
  const phase = phaseOf(machine);
  const isForced = valueAt(object, 'spec.force') === true && phase === 'Stopping' && (type === 'Stop' || type === 'Restart');
  return phase !== undefined && !isForced && entryOf(phases, type)?.includes(phase) === false
    ? { path: ['spec', 'type'], message: t('"{0}" fails as long as the machine "{1}" is {2}.', type, machine.metadata.name, phase) } : undefined;
}

/** A snapshot that cannot be taken fails for good: the platform does not try again. */
export const snapshotFails: Check = {
  code: 'advice/snapshot-fails',
  severity: 'warning',
  *check(subject) {
    const { id } = subject.identity;
    if ((id !== 'VirtualMachineSnapshot' && id !== 'VirtualDiskSnapshot') || isStored(subject)) {
      return;
    }
    const ofDisk = id === 'VirtualDiskSnapshot';
    const path = ['spec', ofDisk ? 'virtualDiskName' : 'virtualMachineName'];
    const name = stringAt(subject.object, path.join('.')) ?? '';
    const source = ofDisk ? subject.facts.get('VirtualDisk', name, subject.namespace) ?? undefined : namedMachine(subject, name);
    const phase = source && phaseOf(source);
    if (!source || phase === undefined) {
      return;
    }
    if (!(ofDisk ? ['Ready'] : ['Running', 'Stopped']).includes(phase)) {
      yield { path, message: ofDisk ? t('The snapshot fails as long as the disk "{0}" is {1}.', name, phase) : t('The snapshot fails as long as the machine "{0}" is {1}.', name, phase) };
      return;
    }
    const machine = ofDisk ? namedMachine(subject, holderOf(source)) : source;
    if (machine && isConsistencyOutOfReach(subject, machine)) {
      const switchPath = ['spec', 'requiredConsistency'];
      const isWritten = nodeAt(subject.manifest, switchPath) !== undefined;
      yield {
        path: isWritten ? switchPath : path,
        message: t('The snapshot fails: it has to be consistent, and the guest agent of the machine "{0}" does not answer. Start the agent, stop the machine, or set "requiredConsistency" to false.', machine.metadata.name),
        ...(isWritten && { fixes: () => [{ title: t('Change to "{0}"', 'false'), changes: [setScalar(subject.manifest, switchPath, 'false')] }] }),
      };
    }
  },
};

function isConsistencyOutOfReach({ object }: Subject, machine: KubeObject): boolean {
  return valueAt(object, 'spec.requiredConsistency') !== false && phaseOf(machine) === 'Running' && conditionOf(machine, 'AgentReady')?.status === 'False';
}

function holderOf(disk: KubeObject): string | undefined {
  return stringAt(listAt(disk, 'status.attachedToVirtualMachines')[0], 'name');
}

function namedMachine({ facts, namespace }: Subject, name: string | undefined): KubeObject | undefined {
  return name === undefined ? undefined : facts.get('VirtualMachine', name, namespace) ?? undefined;
}

/** What is in the cluster has had its outcome. */
function isStored({ identity, facts, namespace }: Subject): boolean {
  return identity.name !== undefined && (facts.get(identity.id, identity.name, namespace) ?? undefined) !== undefined;
}
