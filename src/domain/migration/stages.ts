import { t } from '@vscode/l10n';
import { type KubeObject, conditionOf, phaseOf } from '../kubeObject';
import { entryOf } from '../values';

/** The steps that people tell apart. `other`: a reason that nobody has heard of. */
export type StageId = 'waiting' | 'scheduling' | 'preparing' | 'copying' | 'switching' | 'cancelling' | 'other' | 'ended';

/** Reasons of the condition `Completed` while a migration goes on (v1.10.2; the three older names are of versions before v1.8). */
const stages: Readonly<Record<string, StageId>> = {
  WaitingForVirtualMachineToBeReadyToMigrate: 'waiting', MigrationPending: 'waiting', QuotaExceeded: 'waiting',
  TargetScheduling: 'scheduling', TargetUnschedulable: 'scheduling',
  TargetPreparing: 'preparing', TargetDiskError: 'preparing', WaitingForSyncSlot: 'preparing', MigrationPrepareTarget: 'preparing', MigrationTargetReady: 'preparing',
  Syncing: 'copying', NotConverging: 'copying', MigrationRunning: 'copying',
  TargetResumed: 'switching', SourceSuspended: 'switching',
};

/** The order in which steps follow one another, for those that have not come yet. */
export const usualStages: readonly StageId[] = ['waiting', 'scheduling', 'preparing', 'copying', 'switching'];

/** The step that an operation has reached. */
export function stageOf(phase: string | undefined, reason: string | undefined): StageId {
  switch (phase) {
    case 'Completed': case 'Failed': case 'Superseded': return 'ended';
    case 'Terminating': return 'cancelling';
    case undefined: default: {
      const stage = reason === undefined || reason === '' || reason === 'Unknown' ? undefined : entryOf(stages, reason) ?? 'other';
      return stage ?? (phase === undefined || phase === 'Pending' ? 'waiting' : phase === 'InProgress' ? 'preparing' : 'other');
    }
  }
}

/** The step in words; a reason that nobody has heard of as it is. */
export function stageText(stage: StageId, reason: string | undefined): string {
  switch (stage) {
    case 'waiting': return t('Waiting');
    case 'scheduling': return t('Choosing a node');
    case 'preparing': return t('Preparing the node');
    case 'copying': return t('Copying memory');
    case 'switching': return t('Switching over');
    case 'cancelling': return t('Cancelling');
    case 'ended': return t('Ended');
    case 'other': return reason ?? t('Unknown step');
  }
}

/** Whether an operation moves a machine, by its type. */
export function isMigration(operation: KubeObject): boolean {
  const type = (operation.spec as { readonly type?: unknown } | undefined)?.type;
  return type === 'Migrate' || type === 'Evict';
}

/** Reason and message of the condition that tells how far a migration is. */
export function completedOf(operation: KubeObject): { readonly reason: string | undefined; readonly message: string; readonly changedAt: string | undefined } {
  const completed = conditionOf(operation, 'Completed');
  return { reason: completed?.reason, message: completed?.message?.trim() ?? '', changedAt: completed?.lastTransitionTime };
}

/** The phase, deletion included: from the moment it is asked for the migration is being cancelled, whatever the phase still says. */
export function effectivePhase(operation: KubeObject): string | undefined {
  const phase = phaseOf(operation);
  return operation.metadata.deletionTimestamp !== undefined && stageOf(phase, undefined) !== 'ended' ? 'Terminating' : phase;
}
