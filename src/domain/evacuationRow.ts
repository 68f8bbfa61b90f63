import { t } from '@vscode/l10n';
import { timeOf } from './age';
import type { ClusterView } from './clusterView';
import { conditionOf, keyOf, type KubeObject } from './kubeObject';
import { whyBound } from './migration/before';
import { type Migration, migrationOf, type MigrationState, stateText } from './migration/migration';
import type { MigrationRecord } from './migration/record';
import { starterText } from './migration/starter';
import { stringAt, valueAt } from './values';

/** What people look for: what they have to see to, what goes on, what is still to come, what is done. */
export type EvacuationGroup = 'stays' | 'moving' | 'waiting' | 'left';

/** `blocked`: it cannot move. `notBegun`: it has to leave and has no migration yet. */
export type EvacuationState = MigrationState | 'blocked' | 'notBegun';

/** One machine of an evacuation. */
export interface EvacuationRow {
  /** Namespace and name of the machine. */
  readonly key: string;
  readonly namespace: string;
  readonly machine: string;
  /** Of the operation; `undefined`: there is none. */
  readonly uid: string | undefined;
  readonly state: EvacuationState;
  readonly group: EvacuationGroup;
  /** State or step in a few words. */
  readonly text: string;
  /** In a sentence: why it stays, what goes on. */
  readonly why: string;
  readonly next: string | undefined;
  /** The platform's own words, where they say more. */
  readonly message: string | undefined;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The highest so far; `undefined`: nobody reports it. */
  readonly percent: number | undefined;
  /** How long it took or has taken so far; `undefined`: not begun, or not known. */
  readonly elapsed: Migration['elapsed'];
  readonly starter: string | undefined;
  /** The platform empties the node. */
  readonly isDrain: boolean;
}

/** The row of a migration. `machine`: `null` when it is gone, `undefined` when it is not known. */
export function evacuationRow(record: MigrationRecord, operation: KubeObject, machine: KubeObject | null | undefined, nowMs: number): EvacuationRow {
  const migration = migrationOf(record, nowMs);
  const { state, meaning, next, message } = migration;
  const group = groupOf(state);
  const own = ownState(record, machine);
  return {
    key: keyOf({ name: record.machine, namespace: operation.metadata.namespace }), namespace: record.namespace, machine: record.machine, uid: record.uid,
    state, group, text: stateText(migration), why: meaning, next, message,
    // One that ended elsewhere has left its mark in the record; all others are where they were.
    from: record.source ?? stringAt(own, 'source.node') ?? (group === 'left' || !machine ? undefined : nodeOf(machine)), to: record.target ?? stringAt(own, 'target.node'),
    percent: state === 'completed' ? 100 : migration.highest,
    elapsed: group === 'waiting' ? undefined : migration.elapsed, starter: starterText(record.starter, false), isDrain: record.starter === 'evacuation',
  };
}

/** What a machine says of its last migration, where it is this one: it began after it was asked for, both by the cluster's clock. */
function ownState({ server: { createdMs } }: MigrationRecord, machine: KubeObject | null | undefined): unknown {
  const state = valueAt(machine, 'status.migrationState');
  const startedMs = timeOf(valueAt(state, 'startTimestamp'));
  return createdMs !== undefined && startedMs !== undefined && startedMs >= createdMs ? state : undefined;
}

/** The row of a machine without a migration; `undefined` when it need not leave. With `node`, also what could not leave it. */
export function stayingRow(machine: KubeObject, node: string | undefined, view: ClusterView): EvacuationRow | undefined {
  const { name, namespace = '' } = machine.metadata;
  const isLeaving = isAsked(machine);
  const base = { key: keyOf(machine.metadata), namespace, machine: name, uid: undefined, from: nodeOf(machine), to: undefined, percent: undefined, elapsed: undefined, starter: undefined, isDrain: isLeaving };
  if (conditionOf(machine, 'Migratable')?.status === 'False' && (isLeaving || node !== undefined)) {
    const found = whyBound(machine, view);
    return { ...base, state: 'blocked', group: 'stays', text: t('Cannot move'), why: found?.text ?? t('The platform says that it cannot be moved.'), next: found?.next, message: conditionOf(machine, 'Migratable')?.message };
  }
  return isLeaving ? { ...base, state: 'notBegun', group: 'waiting', text: t('Not begun'), why: t('The platform has not begun to move it yet.'), next: undefined, message: undefined } : undefined;
}

/** Whether the platform wants a machine to leave its node. */
export function isAsked(machine: KubeObject): boolean {
  return conditionOf(machine, 'EvictionRequired')?.status === 'True';
}

/** Where a machine runs. */
export function nodeOf(machine: KubeObject): string | undefined {
  return stringAt(machine, 'status.nodeName');
}

function groupOf(state: MigrationState): EvacuationGroup {
  switch (state) {
    case 'running': case 'cancelling': return 'moving';
    case 'waiting': return 'waiting';
    case 'completed': return 'left';
    case 'failed': case 'cancelled': case 'superseded': case 'gone': return 'stays';
  }
}
