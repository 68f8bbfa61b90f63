import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';

/** Aborts when the server has had enough time. Stands still while it is not the server's turn, as while a person signs in. */
export class TimeLimit implements Disposable {
  readonly #clock: Clock;
  readonly #controller = new AbortController();
  #leftMs: number;
  #running: { readonly timer: Disposable; readonly sinceMs: number } | undefined;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#leftMs = limitMs;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  start(): void {
    this.#running ??= { timer: this.#clock.after(this.#leftMs, () => this.#controller.abort(new Error('Time is up'))), sinceMs: this.#clock.now() };
  }

  stop(): void {
    if (this.#running) {
      this.#running.timer.dispose();
      this.#leftMs -= this.#clock.now() - this.#running.sinceMs;
      this.#running = undefined;
    }
  }

  dispose(): void {
    this.stop();
  }
}
