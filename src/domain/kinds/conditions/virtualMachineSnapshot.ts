import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { snapshotStages } from './snapshotStages';

export const virtualMachineSnapshotConditions: Readonly<Record<string, ConditionHelp>> = {
  VirtualMachineReady: {
    good: 'True',
    meaning: text('A snapshot can be taken of the machine.'),
    reasons: {
      VirtualMachineReady: { meaning: text('A snapshot can be taken of the machine.') },
      VirtualMachineNotReadyForSnapshotting: { meaning: text('The machine is missing, being deleted, or neither running nor stopped.'), next: text('Look at the machine, then take the snapshot again.'), brief: text('machine is not ready') },
    },
  },
  VirtualMachineSnapshotReady: {
    good: 'True',
    meaning: text('The machine can be restored from the snapshot.'),
    reasons: {
      ...snapshotStages,
      VirtualMachineSnapshotReady: { meaning: text('The machine can be restored from the snapshot.') },
      VirtualMachineReady: { meaning: text('The machine can be restored from the snapshot.') },
      WaitingForTheVirtualMachine: { meaning: text('The machine is missing or in a phase without snapshots.'), next: text('Look at the machine, then take the snapshot again.'), brief: text('machine is not ready') },
      BlockDevicesNotReady: { meaning: text('A disk of the machine is not ready.'), next: text('Look at the disks of the machine, then take the snapshot again.'), brief: text('disks are not ready') },
      VirtualDiskSnapshotLost: { meaning: text('A disk snapshot that belongs to this snapshot is gone.'), next: text('Delete the snapshot and take a new one.'), brief: text('a disk snapshot is lost'), health: 'failed' },
      VirtualMachineSnapshotFailed: { meaning: text('The snapshot failed.'), next: text('Read the message and take the snapshot again.'), brief: text('failed'), health: 'failed' },
    },
  },
};
