import type { ConditionHelp } from '../../kind';
import { text } from '../../text';

/** What is being done to a machine or waits to be done; these conditions exist only meanwhile. */
export const machineChangeConditions: Readonly<Record<string, ConditionHelp>> = {
  AwaitingRestartToApplyConfiguration: {
    good: 'absent',
    meaning: text('Changes wait for a restart.'),
    reasons: {
      ChangesPendingRestart: {
        meaning: text('The specification has changed in a way that takes effect only with a restart. All changes wait until then.'),
        next: text('Restart the machine when it suits, or take the changes back.'),
        brief: text('restart pending'), health: 'warning',
      },
      UnexpectedState: {
        meaning: text('The running machine differs from what the platform expects.'),
        next: text('Restart the machine when it suits.'),
        brief: text('restart pending'), health: 'warning',
      },
    },
  },
  ConfigurationApplied: {
    good: 'absent',
    meaning: text('The running guest does not have the current specification.'),
    reasons: {
      ConfigurationNotApplied: { meaning: text('The current specification is not in the running guest: it waits for a restart, for disks or other objects, or for a snapshot to end.') },
    },
  },
  CoreFractionAutoscaling: {
    good: 'True',
    meaning: text('The platform chooses the guaranteed share of the cores.'),
    reasons: {
      CoreFractionAutoscalingEnabled: { meaning: text('The platform chooses the core fraction.') },
      WaitingForRecommendation: { meaning: text('The platform is still measuring which core fraction fits.') },
      CoreFractionAutoscalingDisabled: { meaning: text('Choosing the core fraction is switched off in the platform.'), next: text('Write a fixed core fraction.') },
      InPlaceResizeDisabled: { meaning: text('The core fraction cannot follow: changing resources of running machines is switched off.'), next: text('Write a fixed core fraction.') },
      SizingPolicyHasNoSteps: { meaning: text('The class allows too few core fractions to choose from.'), next: text('Write a fixed core fraction or choose another class.') },
    },
  },
  FirmwareUpToDate: {
    good: 'absent',
    meaning: text('The machine runs on older firmware than the platform has.'),
    reasons: { FirmwareOutOfDate: { meaning: text('The machine still runs on the firmware of an older platform version.'), next: text('Migrate or restart the machine.') } },
  },
  EvictionRequired: {
    good: 'absent',
    meaning: text('The machine must leave its node.'),
    reasons: {
      EvictionRequired: {
        meaning: text('The node of the machine is being emptied and the machine is still on it.'),
        next: text('Migrate the machine; if it cannot be moved, stop or restart it.'),
        brief: text('must leave its node'), health: 'warning',
      },
    },
  },
  Snapshotting: {
    good: 'absent',
    meaning: text('A snapshot of the machine is being taken.'),
    reasons: {
      WaitingForTheSnapshotToStart: { meaning: text('The machine waits for its snapshot to begin.'), brief: text('snapshot is about to begin'), health: 'busy' },
      SnapshottingInProgress: { meaning: text('A snapshot is being taken. Until it is done the machine cannot start and changes wait.'), brief: text('snapshot being taken'), health: 'busy' },
    },
  },
  FilesystemFrozen: {
    good: 'absent',
    meaning: text('The file systems of the guest are frozen.'),
    reasons: { Frozen: { meaning: text('The file systems of the guest stand still so that a snapshot is consistent; programs that write wait.'), brief: text('file systems frozen'), health: 'busy' } },
  },
  Maintenance: {
    good: 'absent',
    meaning: text('The machine is kept off while something is done to it.'),
    reasons: { RestoreInProgress: { meaning: text('The machine is being restored from a snapshot and stays off meanwhile.'), brief: text('being restored'), health: 'busy' } },
  },
};
