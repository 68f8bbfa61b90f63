import type { Disposable } from '../../../../src/base/disposable';
import type { Clock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { randomSuffix } from '../objects';
import { heldPercent, plays } from './annotation';
import type { FailureCause, Migration, MigrationStage } from './lower';
import type { Slots } from './slots';
import type { Timing } from './timing';
import type { StartTransfer, Transfer, TransferReport } from './transfer';

export interface CopyOptions {
  /** The machine as it is at the moment. */
  readonly machine: () => KubeObject;
  readonly operation: string;
  readonly autoConverge: boolean;
  /** Above 0 for one that is taken up again. */
  readonly fromPercent: number;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly sourceNode: string;
  /** Chosen when the target is scheduled; `undefined`: there is no other node. */
  readonly targetNode: () => string | undefined;
  readonly slots: Slots;
  readonly transfer: StartTransfer;
  readonly changed: (migration: Migration) => void;
}

const noNode = 'target pod is unschedulable: No available nodes were found to place the target VM within the timeout period';

/** One live migration, from the queue to its end. What the machine's annotation says about migrations is heard here. */
export class Copy implements Disposable {
  readonly #options: CopyOptions;
  #state: Migration;
  #timer: Disposable | undefined;
  #slot: Disposable | undefined;
  #transfer: Transfer | undefined;
  #isAborting = false;
  /** Tries again to go on; set while something keeps it where it is. */
  #gate: (() => void) | undefined;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#state = {
      operation: options.operation, stage: 'queued', sourceNode: options.sourceNode, targetNode: undefined, targetPod: undefined,
      copyStartedMs: undefined, endedMs: undefined, counters: undefined, isStuck: false, blockedBy: undefined, failure: undefined, cause: undefined,
    };
    const { podMs } = options.timing;
    if (options.fromPercent >= 10) {
      this.#state = { ...this.#state, stage: 'prepared', targetPod: this.#podName(), targetNode: options.targetNode() ?? options.sourceNode, copyStartedMs: options.clock.now() };
      this.#begin();
      return;
    }
    this.#after(podMs / 2, () => this.#unless(() => this.#isKeptInQueue(), () => this.#after(options.timing.stepMs, () => {
      // One that is held for somebody to look at takes nobody's place.
      if (heldPercent(options.machine()) !== undefined) {
        this.#schedule();
      } else {
        this.#slot = options.slots.take(options.sourceNode, () => this.#schedule());
      }
    })));
  }

  get migration(): Migration {
    return this.#state;
  }

  /** Looks again at the machine's annotation. */
  look(): void {
    this.#gate?.();
  }

  /** Ends it where it is; the guest stays on its node. */
  abort(): void {
    if (this.#state.endedMs !== undefined || this.#isAborting) {
      return;
    }
    this.#isAborting = true;
    this.#gate = undefined;
    this.#timer?.dispose();
    if (this.#transfer) {
      this.#transfer.cancel();
    } else {
      this.#slot?.dispose();
      this.#after(3 * this.#options.timing.stepMs, () => this.#end('aborted'));
    }
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#slot?.dispose();
    this.#transfer?.dispose();
    this.#gate = undefined;
  }

  #isKeptInQueue(): boolean {
    const machine = this.#options.machine();
    const blockedBy = plays(machine, 'migration-quota') ? 'quota' : plays(machine, 'migration-queued') ? 'slot' : undefined;
    if (blockedBy !== this.#state.blockedBy) {
      this.#to('queued', { blockedBy });
    }
    return blockedBy !== undefined || heldPercent(machine) === 0;
  }

  #schedule(): void {
    const { machine, timing, targetNode } = this.#options;
    this.#to('scheduling', { targetPod: this.#podName() });
    this.#after(timing.podMs, () => {
      const node = plays(machine(), 'migration-unschedulable') ? undefined : targetNode();
      if (node !== undefined) {
        this.#unlessHeld(2, () => this.#prepare(node));
        return;
      }
      this.#after(timing.podMs, () => {
        this.#to('scheduling', { blockedBy: 'node' });
        this.#after(2 * timing.podMs, () => this.#unlessHeld(2, () => this.#end('failed', noNode, 'unschedulable')));
      });
    });
  }

  #prepare(targetNode: string): void {
    const { podMs } = this.#options.timing;
    this.#to('preparing');
    this.#after(podMs / 2, () => {
      this.#to('prepared', { targetNode });
      this.#unlessHeld(3, () => {
        if (plays(this.#options.machine(), 'migration-disk-error')) {
          this.#after(podMs / 2, () => this.#end('failed', 'Error: volume attach failed on the target', 'disk'));
        } else {
          this.#begin();
        }
      });
    });
  }

  #begin(): void {
    const { machine, sourceNode, autoConverge, fromPercent, clock, timing, transfer } = this.#options;
    this.#transfer = transfer({
      machine, sourceNode, targetNode: this.#state.targetNode ?? '', autoConverge, fromPercent, clock, timing, report: (report) => this.#take(report),
    });
  }

  #take(report: TransferReport): void {
    if (this.#state.endedMs !== undefined) {
      return;
    }
    switch (report.stage) {
      case 'copying':
        this.#to('copying', {
          copyStartedMs: this.#state.copyStartedMs ?? this.#options.clock.now(), isStuck: report.isStuck ?? false,
          ...(report.counters ? { counters: report.counters } : {}),
        });
        if (plays(this.#options.machine(), 'migration-fails') && isHalf(this.#state)) {
          this.#end('failed', 'operation failed: migration out job: unexpectedly failed');
        }
        break;
      case 'resumed':
        this.#to('resumed', { isStuck: false, ...(report.counters ? { counters: report.counters } : {}) });
        break;
      case 'ready':
      case 'suspended':
        this.#to(report.stage);
        break;
      case 'failed':
        this.#end('failed', report.failure, report.cause);
        break;
      case 'succeeded':
      case 'aborted':
      default:
        this.#end(report.stage);
    }
  }

  #end(stage: 'succeeded' | 'failed' | 'aborted', failure?: string, cause?: FailureCause): void {
    this.dispose();
    this.#to(stage, { endedMs: this.#options.clock.now(), failure, cause });
  }

  #to(stage: MigrationStage, more: Partial<Migration> = {}): void {
    this.#state = { ...this.#state, blockedBy: undefined, ...more, stage };
    this.#options.changed(this.#state);
  }

  #podName(): string {
    return `d8v-vm-${this.#options.machine().metadata.name}-${randomSuffix()}`;
  }

  #unlessHeld(percent: number, next: () => void): void {
    this.#unless(() => heldPercent(this.#options.machine()) === percent, next);
  }

  /** Goes on with `next`, now or when `look` finds that nothing keeps it any more. */
  #unless(isKept: () => boolean, next: () => void): void {
    this.#gate = undefined;
    if (isKept()) {
      this.#gate = () => this.#unless(isKept, next);
    } else {
      next();
    }
  }

  #after(ms: number, run: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#options.clock.after(ms, run);
  }
}

/** A quarter of what has to be copied has been: the first copy skips empty pages, so more than half of the way. */
function isHalf({ counters }: Migration): boolean {
  return counters !== undefined && counters.processedMib >= counters.totalMib / 4;
}
