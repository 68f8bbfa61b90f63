import { isRecord, phaseOf, type KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt, valueAt } from '../../../../src/domain/values';
import type { Known } from '../known';
import type { Instance, Migration, MigrationStage } from '../lower/lower';
import { no, timestamp, yes, type Fields, type Verdict } from '../objects';

const hasEnded = (stage: MigrationStage) => stage === 'succeeded' || stage === 'failed' || stage === 'aborted';

/** What the condition says while the copy has not begun. */
const waiting: Partial<Record<MigrationStage, string>> = {
  queued: 'Migration is awaiting start.',
  scheduling: 'Migration is in progress: target pod is being scheduled.',
  preparing: 'Migration is in progress: preparing the migration target.',
  prepared: 'Migration is in progress: preparing the migration target.',
  ready: 'Migration is in progress: source and target are being synchronized.',
};

/** The condition `Migrating` of a machine: there only while an operation wants to move it. */
export function migratingVerdict(machine: KubeObject, instance: Instance | undefined, known: Known): Verdict | null {
  const migration = instance?.migration;
  if (!migration || hasEnded(migration.stage)) {
    const { namespace = '', name } = machine.metadata;
    const isAsked = [...known.by(`operation of machine:${namespace}/${name}`)].some((operation) => phaseOf(operation) === 'Pending' && ['Migrate', 'Evict'].includes(stringAt(operation, 'spec.type') ?? ''));
    return isAsked && instance?.stage === 'running' ? no('ReadyToMigrate') : null;
  }
  if (migration.stage === 'scheduling' && migration.blockedBy === 'node') {
    return no('InProgress', `Wait until operation is completed; VirtualMachineOperation: ${nameOf(migration.operation, machine, known)}.`);
  }
  const message = migration.blockedBy === 'quota' ? 'Migration is pending: Project quota exceeded.' : waiting[migration.stage];
  return message === undefined ? yes('InProgress') : no('Pending', message);
}

function nameOf(uid: string, machine: KubeObject, known: Known): string {
  const operations = [...known.by(`operation of machine:${machine.metadata.namespace}/${machine.metadata.name}`)];
  return operations.find(({ metadata }) => metadata.uid === uid)?.metadata.name ?? '';
}

/** `status.migrationState`: from the moment the target is known, kept after the end until the next migration or stop. */
export function migrationState(machine: KubeObject, instance: Instance | undefined): Fields | undefined {
  const old = valueAt(machine, 'status.migrationState');
  if (!instance || instance.stage !== 'running') {
    return undefined;
  }
  const { migration } = instance;
  return migration?.targetNode ? stateOf(migration) : isRecord(old) ? old : undefined;
}

function stateOf(migration: Migration): Fields {
  return {
    source: { node: migration.sourceNode },
    target: { node: migration.targetNode, pod: migration.targetPod },
    ...(migration.copyStartedMs === undefined ? {} : { startTimestamp: timestamp(migration.copyStartedMs) }),
    ...(migration.endedMs === undefined ? {} : { endTimestamp: timestamp(migration.endedMs), result: migration.stage === 'succeeded' ? 'Succeeded' : 'Failed' }),
  };
}
