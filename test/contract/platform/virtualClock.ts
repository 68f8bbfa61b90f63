import type { Disposable } from '../../../src/base/disposable';
import type { Clock } from '../../../src/base/timing';

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

/** Time that passes only when it is told to: from one timer to the next. */
export class VirtualClock implements Clock {
  #nowMs: number;
  #timers: Timer[] = [];

  constructor(nowMs = Date.now()) {
    this.#nowMs = nowMs;
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return { dispose: () => void (this.#timers = this.#timers.filter((one) => one !== timer)) };
  }

  /** When the next timer is due; `undefined` when nothing waits. */
  get nextMs(): number | undefined {
    return this.#timers.reduce<number | undefined>((least, { atMs }) => (least === undefined || atMs < least ? atMs : least), undefined);
  }

  /** Lets the time pass to the next timer and runs it. */
  step(): void {
    const timer = this.#timers.reduce<Timer | undefined>((least, one) => (least === undefined || one.atMs < least.atMs ? one : least), undefined);
    if (timer) {
      this.#timers = this.#timers.filter((one) => one !== timer);
      this.#nowMs = Math.max(this.#nowMs, timer.atMs);
      timer.run();
    }
  }

  /** Lets `ms` pass without running anything that is due later. */
  skip(ms: number): void {
    this.#nowMs += ms;
  }
}
