import type { Disposable } from './disposable';
import type { Clock } from './timing';

export interface PacedOptions {
  /** Shortest time between two runs. */
  readonly intervalMs: number;
  /** Highest share of time that may be spent running, above 0 up to 1 (the default): an expensive run is followed by a longer rest. */
  readonly share?: number;
}

/** Runs `run` soon after `trigger`, at once when it has been quiet long enough, but never too often and never for too large a share of time. Calls in between are folded into one. */
export class Paced implements Disposable {
  readonly #clock: Clock;
  readonly #options: PacedOptions;
  readonly #run: () => void;
  #restUntilMs = Number.NEGATIVE_INFINITY;
  #timer: Disposable | undefined;

  constructor(clock: Clock, options: PacedOptions, run: () => void) {
    this.#clock = clock;
    this.#options = options;
    this.#run = run;
  }

  trigger(): void {
    this.#timer ??= this.#clock.after(Math.max(0, this.#restUntilMs - this.#clock.now()), () => {
      this.#timer = undefined;
      const startMs = this.#clock.now();
      try {
        this.#run();
      } finally {
        const costMs = this.#clock.now() - startMs;
        this.#restUntilMs = startMs + Math.max(this.#options.intervalMs, costMs / (this.#options.share ?? 1));
      }
    });
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
  }
}
