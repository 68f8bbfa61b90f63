import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { machineChangeConditions } from './machineChange';

/** How a machine that has all it needs is doing. */
const running: Readonly<Record<string, ConditionHelp>> = {
  Running: {
    good: 'True',
    meaning: text('The guest runs.'),
    reasons: {
      Running: { meaning: text('The guest runs.') },
      NotRunning: { meaning: text('The machine is off.') },
      PodNotFound: { meaning: text('The machine is starting: its pod is about to be created.') },
      GuestNotRunning: { meaning: text('The pod of the machine is there; the guest is about to boot.') },
      PodTerminating: { meaning: text('The machine is stopping: its pod is going away.') },
      PodConditionMissing: { meaning: text('The state of the machine\'s pod is not known yet.') },
      PodNotStarted: {
        meaning: text('The pod of the machine cannot start: no node fits, a quota is used up, or a volume cannot be attached.'),
        next: text('Read the message: free resources or quota, or change what the machine asks for. It starts by itself as soon as that is possible.'),
        brief: text('cannot be placed or started'), health: 'warning',
      },
      NoBootableDevice: {
        meaning: text('The machine runs, but nothing on its disks can boot.'),
        next: text('Check that the image suits the bootloader and that the first device holds an operating system.'),
        brief: text('nothing to boot from'), health: 'failed',
      },
      InternalVirtualMachineError: {
        meaning: text('The layer below reports an error about the machine.'),
        next: text('Read the message and the Events; a restart often helps, else ask the administrator of the cluster.'),
        brief: text('internal error'), health: 'failed',
      },
    },
  },
  AgentReady: {
    good: 'True',
    meaning: text('The guest agent answers.'),
    reasons: {
      AgentReady: { meaning: text('The guest agent answers: guest facts and consistent snapshots are available.') },
      AgentNotReady: {
        meaning: text('The guest agent does not answer: no facts about the guest, no consistent snapshots.'),
        next: text('Install and start "qemu-guest-agent" in the guest.'),
      },
    },
  },
  AgentVersionNotSupported: {
    good: 'absent',
    meaning: text('The guest agent is too old or too new.'),
    reasons: { AgentVersionNotSupported: { meaning: text('The platform does not support this version of the guest agent.'), next: text('Update the guest agent.') } },
  },
  Migratable: {
    good: 'True',
    meaning: text('The machine can move to another node while it runs.'),
    reasons: {
      VirtualMachineMigratable: { meaning: text('The machine can move to another node while it runs.') },
      VirtualMachineDisksShouldBeMigrating: { meaning: text('The machine can move; its local disks are copied along.') },
      VirtualMachineDisksNotMigratable: {
        meaning: text('The machine cannot move while it runs: a disk can be used on one node only.'),
        next: text('Use a storage class with ReadWriteMany volumes, or stop the machine before the node is drained.'),
      },
      VirtualMachineHostDevicesNotMigratable: {
        meaning: text('The machine cannot move while it runs: a device of its node is passed through to it.'),
        next: text('Remove the device, or stop the machine before the node is drained.'),
      },
      VirtualMachineNonMigratable: { meaning: text('The machine cannot move now: it is not running yet, or something in it forbids that.') },
    },
  },
  Migrating: {
    good: 'absent',
    meaning: text('The machine is moving to another node.'),
    reasons: {
      ReadyToMigrate: { meaning: text('The machine is ready to be moved.') },
      Pending: { meaning: text('The move is being prepared.') },
      InProgress: { meaning: text('The machine is being moved, or waits for a node that can take it.') },
    },
  },
};

export const machineRuntimeConditions: Readonly<Record<string, ConditionHelp>> = { ...running, ...machineChangeConditions };
