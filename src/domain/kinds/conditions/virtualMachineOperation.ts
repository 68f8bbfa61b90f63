import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { operationEndings } from './operationEndings';

export const virtualMachineOperationConditions: Readonly<Record<string, ConditionHelp>> = {
  Completed: {
    good: 'True',
    meaning: text('The operation has ended.'),
    reasons: {
      ...operationEndings,
      StartInProgress: { meaning: text('The machine is being started. If it needs something that is not ready, this lasts until it is.'), brief: text('starting') },
      StopInProgress: { meaning: text('The guest is shutting down.'), brief: text('stopping') },
      RestartInProgress: { meaning: text('The machine is being restarted.'), brief: text('restarting') },
      RestoreInProgress: { meaning: text('The machine is being restored from its snapshot.'), brief: text('restoring') },
      CloneInProgress: { meaning: text('The machine is being copied.'), brief: text('copying') },
      WaitingForVirtualMachineToBeReadyToMigrate: { meaning: text('The disks of the machine are being prepared for the move.'), brief: text('preparing disks') },
      MigrationPending: { meaning: text('The move waits its turn: only so many moves run at once.'), brief: text('waits its turn') },
      TargetScheduling: { meaning: text('A node for the machine is being chosen.'), brief: text('choosing a node') },
      TargetPreparing: { meaning: text('The new node is being prepared.'), brief: text('preparing the node') },
      WaitingForSyncSlot: { meaning: text('The new node is ready; copying waits its turn.'), brief: text('copying waits its turn') },
      Syncing: { meaning: text('Memory is being copied while the guest runs.'), brief: text('copying memory') },
      TargetResumed: { meaning: text('The guest runs on the new node.'), brief: text('running on new node') },
      SourceSuspended: { meaning: text('The guest has stopped on the old node.'), brief: text('old node suspended') },
      MigrationPrepareTarget: { meaning: text('The new node is being prepared.'), brief: text('preparing the node') },
      MigrationTargetReady: { meaning: text('The new node is ready.'), brief: text('node is ready') },
      MigrationRunning: { meaning: text('Memory is being copied while the guest runs.'), brief: text('copying memory') },
      QuotaExceeded: { meaning: text('A quota of the namespace leaves no room for a second copy of the machine during the move.'), next: text('Free resources or ask for a larger quota; the move goes on by itself.'), brief: text('quota is used up'), health: 'warning' },
    },
  },
  SignalSent: {
    good: 'True',
    meaning: text('The machine has been told what to do.'),
    reasons: {
      SignalSentSuccess: { meaning: text('The machine has been told what to do.') },
      SignalSentError: { meaning: text('The machine could not be told what to do.'), next: text('Read the message and try again.'), brief: text('machine not reached') },
    },
  },
  MaintenanceMode: {
    good: 'any',
    meaning: text('Whether the machine is kept off for a restore.'),
    reasons: {
      MaintenanceModeEnabled: { meaning: text('The machine is kept off until the restore is done.') },
      MaintenanceModeDisabled: { meaning: text('The machine may run again.') },
      MaintenanceModeFailure: { meaning: text('The machine could not be kept off for the restore.'), next: text('Read the message and try again.') },
    },
  },
  SnapshotReady: {
    good: 'any',
    meaning: text('How far the temporary snapshot for a copy is.'),
    reasons: {
      SnapshotInProgress: { meaning: text('The temporary snapshot is being taken.') },
      SnapshotReady: { meaning: text('The temporary snapshot is there.') },
      SnapshotCleanedUp: { meaning: text('The temporary snapshot has been removed.') },
      SnapshotFailed: { meaning: text('The temporary snapshot failed.'), next: text('Read the message of the snapshot.') },
    },
  },
};
