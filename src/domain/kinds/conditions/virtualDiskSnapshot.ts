import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { snapshotStages } from './snapshotStages';

export const virtualDiskSnapshotConditions: Readonly<Record<string, ConditionHelp>> = {
  VirtualDiskReady: {
    good: 'True',
    meaning: text('A snapshot can be taken of the disk.'),
    reasons: {
      VirtualDiskReady: { meaning: text('A snapshot can be taken of the disk.') },
      VirtualDiskNotReadyForSnapshotting: { meaning: text('The disk is missing, being deleted, or busy.'), next: text('Look at the disk, then take the snapshot again.'), brief: text('disk is not ready') },
    },
  },
  VirtualDiskSnapshotReady: {
    good: 'True',
    meaning: text('The disk can be restored from the snapshot.'),
    reasons: {
      ...snapshotStages,
      VirtualDiskSnapshotReady: { meaning: text('The disk can be restored from the snapshot.') },
      WaitingForTheVirtualDisk: { meaning: text('The disk is missing or not ready.'), next: text('Look at the disk, then take the snapshot again.'), brief: text('disk is not ready') },
      Lost: { meaning: text('The data of the snapshot is gone.'), next: text('Delete the snapshot and take a new one.'), brief: text('its data is lost'), health: 'failed' },
      VirtualDiskSnapshotFailed: { meaning: text('The storage could not take the snapshot.'), next: text('Read the message; check that the storage class supports snapshots.'), brief: text('storage refused'), health: 'failed' },
    },
  },
};
