import type { ReasonHelp } from '../../kind';
import { text } from '../../text';

/** What snapshots of disks and of machines go through alike. */
export const snapshotStages: Readonly<Record<string, ReasonHelp>> = {
  FileSystemFreezing: { meaning: text('The file systems of the guest are being frozen.'), brief: text('freezing file systems') },
  Snapshotting: { meaning: text('The storage is taking the snapshot.'), brief: text('being taken') },
  FileSystemUnfreezing: { meaning: text('The file systems of the guest are being released.'), brief: text('releasing file systems') },
  PotentiallyInconsistent: {
    meaning: text('The guest cannot be frozen because its agent does not answer, and the snapshot must be consistent.'),
    next: text('Start the guest agent, stop the machine, or set "requiredConsistency" to false; then take the snapshot again.'),
    brief: text('guest cannot be frozen'), health: 'failed',
  },
};
