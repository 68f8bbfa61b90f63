import type { Disposable } from '../../../../src/base/disposable';
import { stringAt } from '../../../../src/domain/values';
import { copyPercent, countersAt } from '../migrationPercent';
import { mibOf } from '../quantity';
import { heldPercent, plays } from './annotation';
import type { Counters } from './lower';
import { endless, plain, throttled, type Series } from './series';
import type { Transfer, TransferOptions, TransferReport } from './transfer';

/** A migration played from a measured one, scaled to the machine's memory. */
export function simulatedTransfer(options: TransferOptions): Transfer {
  return new SimulatedTransfer(options);
}

class SimulatedTransfer implements Transfer {
  readonly #options: TransferOptions;
  readonly #series: Series;
  readonly #totalMib: number;
  readonly #copyMs: number;
  #startMs = 0;
  #timer: Disposable | undefined;

  constructor(options: TransferOptions) {
    this.#options = options;
    const machine = options.machine();
    this.#series = plays(machine, 'migration-not-converging') ? endless : options.autoConverge ? throttled : plain;
    this.#totalMib = mibOf(stringAt(machine, 'spec.memory.size') ?? '1Gi');
    this.#copyMs = Math.round(options.timing.copyMs * durationFactor(this.#totalMib) * (this.#series === plain ? 1 : 2));
    const { podMs } = options.timing;
    if (options.fromPercent > 90) {
      this.#startMs = options.clock.now() - this.#copyMs;
      this.#finish(this.#countersAt(1));
    } else if (options.fromPercent > 10) {
      this.#copy(this.#shareAt(options.fromPercent));
    } else {
      this.#after(podMs / 2, () => {
        this.#report({ stage: 'ready' });
        this.#unlessHeld(10, podMs / 2, () => this.#copy(0));
      });
    }
  }

  cancel(): void {
    this.#after(3 * this.#options.timing.stepMs, () => this.#report({ stage: 'aborted' }));
  }

  dispose(): void {
    this.#timer?.dispose();
  }

  #copy(share: number): void {
    const { clock, timing } = this.#options;
    this.#startMs = clock.now() - share * this.#copyMs;
    this.#report({ stage: 'copying' });
    const tick = () => {
      const done = Math.min(1, (clock.now() - this.#startMs) / this.#copyMs);
      const counters = this.#countersAt(done);
      const held = heldPercent(this.#options.machine());
      if (held !== undefined && held > 10 && held < 91 && copyPercent(counters) >= held) {
        // The time stands still; what it says is exactly the percent asked for.
        this.#startMs += timing.copyTickMs;
        this.#report({ stage: 'copying', counters: countersAt(held, counters) });
      } else if (done < 1 || this.#series === endless) {
        const isStuck = this.#series === endless && done > 0.5;
        this.#report({ stage: 'copying', counters: isStuck ? { ...counters, throttle: 99 } : counters, isStuck });
        if (done === 1) {
          this.#report({ stage: 'failed', failure: 'Live migration is not converging: progress stuck', cause: 'convergence' });
          return;
        }
      } else {
        this.#finish(counters);
        return;
      }
      this.#after(timing.copyTickMs, tick);
    };
    this.#after(timing.copyTickMs, tick);
  }

  #finish(counters: Counters): void {
    const { podMs } = this.#options.timing;
    this.#report({ stage: 'resumed', counters });
    this.#unlessHeld(92, podMs / 2, () => {
      this.#report({ stage: 'suspended' });
      this.#unlessHeld(91, podMs / 2, () => this.#report({ stage: 'succeeded' }));
    });
  }

  /** After `ms`, and not before the machine's annotation has stopped to hold it at `percent`. */
  #unlessHeld(percent: number, ms: number, run: () => void): void {
    this.#after(ms, () => (heldPercent(this.#options.machine()) === percent ? this.#unlessHeld(percent, ms, run) : run()));
  }

  #countersAt(done: number): Counters {
    const point = this.#series.findLast(([at]) => at <= done) ?? this.#series[0]!;
    const [, processed, remaining, syncs, throttle] = point;
    const { autoConverge, clock } = this.#options;
    return {
      elapsedS: Math.floor((clock.now() - this.#startMs) / 1000),
      processedMib: Math.round(processed * this.#totalMib), remainingMib: Math.round(remaining * this.#totalMib), totalMib: this.#totalMib,
      // The platform has been seen to count from 0 and from 1; here from 0 without auto-converge, from 1 with it.
      iteration: autoConverge ? syncs : syncs - 1,
      throttle: autoConverge ? throttle : undefined,
    };
  }

  #shareAt(percent: number): number {
    return this.#series.find(([at]) => copyPercent(this.#countersAt(at)) >= percent)?.[0] ?? 0.9;
  }

  #report(report: TransferReport): void {
    this.#options.report(report);
  }

  #after(ms: number, run: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#options.clock.after(ms, run);
  }
}

/** More memory takes longer, though not in proportion: people look on. 1 GiB takes the plain time, 16 GiB twice that. */
function durationFactor(totalMib: number): number {
  return 1 + Math.max(0, Math.log2(totalMib / 1024)) / 4;
}
