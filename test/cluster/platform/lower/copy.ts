import type { Disposable } from '../../../../src/base/disposable';
import type { Clock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import { mibOf } from '../quantity';
import { randomSuffix } from '../objects';
import { plays } from './annotation';
import type { Counters, Migration, MigrationStage } from './lower';
import type { Timing } from './timing';

export interface CopyOptions {
  readonly object: KubeObject;
  readonly operation: string;
  readonly autoConverge: boolean;
  readonly clock: Clock;
  readonly timing: Timing;
  readonly sourceNode: string;
  /** `undefined`: there is no other node. */
  readonly targetNode: string | undefined;
  readonly changed: (migration: Migration) => void;
}

/** One live migration: its stages one after the other, and the counters while memory is copied. */
export class Copy implements Disposable {
  readonly #options: CopyOptions;
  #state: Migration;
  #timer: Disposable | undefined;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#state = {
      operation: options.operation, stage: 'queued', sourceNode: options.sourceNode, targetNode: undefined, targetPod: undefined,
      copyStartedMs: undefined, endedMs: undefined, counters: undefined, failure: undefined,
    };
    const { podMs } = options.timing;
    this.#after(podMs / 2, () => {
      this.#to('scheduling', { targetPod: `d8v-vm-${options.object.metadata.name}-${randomSuffix()}` });
      this.#after(podMs, () => {
        if (options.targetNode === undefined) {
          this.#end('failed', 'target pod is unschedulable: No available nodes were found to place the target VM within the timeout period');
          return;
        }
        this.#to('preparing');
        this.#after(podMs / 2, () => {
          this.#to('prepared', { targetNode: options.targetNode });
          this.#after(podMs / 2, () => {
            this.#to('ready');
            this.#after(podMs / 2, () => this.#copy());
          });
        });
      });
    });
  }

  /** Ends it where it is; the guest stays on its node. */
  abort(): void {
    if (this.#state.endedMs !== undefined) {
      return;
    }
    this.#after(3 * this.#options.timing.stepMs, () => this.#end('aborted'));
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #copy(): void {
    const { clock, timing, object } = this.#options;
    const startMs = clock.now();
    this.#to('copying', { copyStartedMs: startMs });
    const tick = () => {
      const done = Math.min(1, (clock.now() - startMs) / timing.copyMs);
      if (done >= 0.5 && plays(object, 'migration-fails')) {
        this.#end('failed', 'operation failed: migration out job: unexpectedly failed');
      } else if (done < 1) {
        this.#to('copying', { counters: countersAt(done, timing.copyMs, this.#totalMib(), this.#options.autoConverge) });
        this.#after(timing.copyTickMs, tick);
      } else {
        this.#to('resumed', { counters: countersAt(1, timing.copyMs, this.#totalMib(), this.#options.autoConverge) });
        this.#after(timing.podMs / 2, () => {
          this.#to('suspended');
          this.#after(timing.podMs / 2, () => this.#end('succeeded'));
        });
      }
    };
    this.#after(timing.copyTickMs, tick);
  }

  #totalMib(): number {
    return mibOf(stringAt(this.#options.object, 'spec.memory.size') ?? '1Gi');
  }

  #end(stage: 'succeeded' | 'failed' | 'aborted', failure?: string): void {
    this.#timer?.dispose();
    this.#to(stage, { endedMs: this.#options.clock.now(), failure });
  }

  #to(stage: MigrationStage, more: Partial<Migration> = {}): void {
    this.#state = { ...this.#state, ...more, stage };
    this.#options.changed(this.#state);
  }

  #after(ms: number, run: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#options.clock.after(ms, run);
  }
}

/** Two thirds of the time pass with the first copy of all memory, the rest with what was written meanwhile. */
function countersAt(done: number, copyMs: number, totalMib: number, autoConverge: boolean): Counters {
  const bulk = Math.min(1, done * 1.5);
  const rest = Math.max(0, done - 2 / 3) * 3;
  return {
    elapsedS: Math.floor((done * copyMs) / 10_000) * 10,
    processedMib: Math.round(totalMib * 1.5 * done),
    remainingMib: Math.round(bulk < 1 ? totalMib * (1 - bulk * 0.8) : totalMib * 0.2 * (1 - rest)),
    totalMib,
    iteration: (autoConverge ? 1 : 0) + (rest === 0 ? 0 : 1 + Math.floor(rest * 4)),
    throttle: autoConverge ? Math.min(99, Math.round(done * 150)) : undefined,
  };
}
