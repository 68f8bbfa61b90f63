import type { ReasonHelp } from '../../kind';
import { text } from '../../text';

/** How an operation on a machine can end or be refused, and what to do then. */
export const operationEndings: Readonly<Record<string, ReasonHelp>> = {
  OperationCompleted: { meaning: text('The operation is done.') },
  Completed: { meaning: text('The machine has moved.') },
  Superseded: { meaning: text('A later operation took the place of this one.'), brief: text('replaced by a later one') },
  VirtualMachineNotFound: { meaning: text('The machine does not exist, or was deleted meanwhile.'), next: text('Check the name of the machine.'), brief: text('machine does not exist') },
  NotApplicableForVirtualMachineRunPolicy: { meaning: text('The run policy of the machine does not allow this.'), next: text('Change "runPolicy" of the machine, then try again.'), brief: text('run policy forbids it') },
  NotApplicableForVirtualMachinePhase: { meaning: text('The machine was in a phase in which this is not possible. During a migration this happens even when the operation was accepted.'), next: text('Wait until the machine is Running or Stopped, then try again.'), brief: text('not possible in that phase') },
  NotApplicableForLiveMigrationPolicy: { meaning: text('The live migration policy of the machine contradicts "force".'), next: text('Leave "force" out, or change "liveMigrationPolicy".'), brief: text('migration policy forbids it') },
  NotReadyToBeExecuted: { meaning: text('An older operation on the machine is still working.'), next: text('Wait until it ends or delete it, then try again.'), brief: text('older operation still working') },
  OtherMigrationInProgress: { meaning: text('The machine is being moved already.'), next: text('Wait until that move ends.'), brief: text('is being moved already') },
  MigrationNetworkUnavailable: { meaning: text('The network for migrations is not available.'), next: text('Ask the administrator of the cluster.'), brief: text('migration network missing') },
  HotplugDisksNotShared: { meaning: text('An attached disk can be used on one node only.'), next: text('Detach the disk or move it to shared storage, then try again.'), brief: text('a disk is not shared') },
  OperationFailed: { meaning: text('The operation failed.'), next: text('Read the message and, for a restore or copy, the result of each object.'), brief: text('failed') },
  Failed: { meaning: text('The move failed; the machine goes on on its old node.'), next: text('Read the message and try again.'), brief: text('move failed') },
  Aborted: { meaning: text('The move was cancelled; the machine goes on on its old node.'), brief: text('cancelled') },
  NotConverging: { meaning: text('The guest changes its memory faster than it can be copied.'), next: text('Try again when it is quieter, or migrate with force so that the guest is slowed down.'), brief: text('memory changes too fast') },
  TargetUnschedulable: { meaning: text('No other node can take the machine.'), next: text('Free resources on another node, or loosen node selector, affinity or class.'), brief: text('no node can take it') },
  TargetDiskError: { meaning: text('A disk cannot be attached on the new node; the machine goes on on its old one.'), next: text('Look at the storage of the disks, then try again.'), brief: text('disk not attached there') },
};
