import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

export const virtualMachineSnapshotOperationConditions: Readonly<Record<string, ConditionHelp>> = {
  Completed: {
    good: 'True',
    meaning: text('The operation has ended.'),
    reasons: {
      OperationCompleted: { meaning: text('The operation is done.') },
      CreateVirtualMachineInProgress: { meaning: text('The machine is being made from the snapshot.'), brief: text('making the machine') },
      OperationFailed: { meaning: text('The machine could not be made from the snapshot.'), next: text('Look at the result of each object: names that exist already must be replaced.'), brief: text('failed') },
      VirtualMachineSnapshotNotFound: { meaning: text('The snapshot does not exist.'), next: text('Check the name of the snapshot.'), brief: text('snapshot does not exist') },
      NotReadyToBeExecuted: { meaning: text('The operation has to wait for another one.'), next: text('Wait until that one ends, then try again.'), brief: text('older operation still working') },
      NotApplicableForVirtualMachinePhase: { meaning: text('The machine is in a phase in which this is not possible.'), next: text('Wait until the machine is Running or Stopped, then try again.'), brief: text('not possible in that phase') },
      Unknown: { meaning: text('The operation is about to begin.') },
    },
  },
};
