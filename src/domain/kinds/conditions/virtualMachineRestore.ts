import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

/** Conditions of restores, which modules before v1.9 have. */
export const virtualMachineRestoreConditions: Readonly<Record<string, ConditionHelp>> = {
  VirtualMachineSnapshotReadyToUse: {
    good: 'True',
    meaning: text('The snapshot can be restored.'),
    reasons: {
      VirtualMachineSnapshotReadyToUse: { meaning: text('The snapshot can be restored.') },
      VirtualMachineSnapshotNotFound: { meaning: text('The snapshot does not exist.'), next: text('Check the name of the snapshot.'), brief: text('snapshot does not exist'), health: 'warning' },
      VirtualMachineSnapshotNotReady: { meaning: text('The snapshot is not ready, or an image that it needs is missing.'), next: text('Look at the snapshot and the images of the machine.'), brief: text('snapshot is not ready'), health: 'warning' },
    },
  },
  VirtualMachineRestoreReady: {
    good: 'True',
    meaning: text('The machine has been restored.'),
    reasons: {
      VirtualMachineRestoreReady: { meaning: text('The machine has been restored.') },
      VirtualMachineSnapshotNotReadyToUse: { meaning: text('The restore waits for its snapshot.'), next: text('Look at the snapshot.'), brief: text('waits for its snapshot') },
      VirtualMachineResourcesAreNotReady: { meaning: text('The restore waits for the disks and other objects of the machine.'), brief: text('waits for its objects') },
      VirtualMachineIsNotStopped: { meaning: text('The restore waits until the machine is stopped.'), brief: text('waits for the stop') },
      VirtualMachineRestoreConflict: { meaning: text('Objects with the names to restore exist already.'), next: text('Delete or rename them, or give other names in "nameReplacements".'), brief: text('names exist already'), health: 'failed' },
      VirtualMachineRestoreFailed: { meaning: text('The restore failed.'), next: text('Read the message and create the restore again.'), brief: text('failed'), health: 'failed' },
    },
  },
};
