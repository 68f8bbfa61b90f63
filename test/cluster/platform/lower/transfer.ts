import type { Disposable } from '../../../../src/base/disposable';
import type { Clock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import type { Counters, FailureCause } from './lower';
import type { Timing } from './timing';

/**
 * A running guest on its way to another node. A guest that can really move brings its own transfer (`Guest.transfer`);
 * the others' are played from a measured series (`simulatedTransfer.ts`). What comes before it, from the queue to the
 * target's disks, is the same for both (`copy.ts`).
 */
export interface Transfer extends Disposable {
  /** Ends it where it is; the guest stays where it was. Reports `aborted` as soon as that is done. */
  cancel(): void;
  /** Ends it at once and reports nothing more. */
  dispose(): void;
}

export interface TransferOptions {
  /** The machine as it is at the moment; its annotations may change on the way. */
  readonly machine: () => KubeObject;
  readonly sourceNode: string;
  readonly targetNode: string;
  readonly autoConverge: boolean;
  /** How far a transfer that is taken up again had come, in percent as reported; 0: it begins. Only a played one can begin in the middle. */
  readonly fromPercent: number;
  readonly clock: Clock;
  readonly timing: Timing;
  /** To be called with what happens, in the order of `TransferReport`; after an ending nothing more counts. */
  readonly report: (report: TransferReport) => void;
}

export type StartTransfer = (options: TransferOptions) => Transfer;

/**
 * `ready`: the target side is up and waits. `copying`: repeated, at every change of the counters; `isStuck`: at full
 * throttle the rest does not shrink. `resumed`: the guest runs on the target. `suspended`: its source is off.
 * From `succeeded` on, `Lower.guest` gives the guest on the target.
 */
export type TransferReport =
  | { readonly stage: 'ready' | 'suspended' | 'succeeded' | 'aborted' }
  | { readonly stage: 'copying'; readonly counters?: Counters; readonly isStuck?: boolean }
  | { readonly stage: 'resumed'; readonly counters?: Counters }
  | { readonly stage: 'failed'; readonly failure: string; readonly cause?: FailureCause };
