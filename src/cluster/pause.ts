import type { Clock } from '../base/timing';

/** Waits that can all be ended early. */
export class Pause {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after `waitMs`, when `end` is called or when the signal aborts, whichever comes first. */
  wait(waitMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        timer.dispose();
        signal.removeEventListener('abort', done);
        this.#ends.delete(done);
        resolve();
      };
      const timer = this.#clock.after(waitMs, done);
      this.#ends.add(done);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) {
        done();
      }
    });
  }

  end(): void {
    for (const done of [...this.#ends]) {
      done();
    }
  }
}
