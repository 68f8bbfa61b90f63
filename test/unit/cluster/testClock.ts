import type { Disposable } from '../../../src/base/disposable';
import type { Clock } from '../../../src/base/timing';

/** A clock that moves when told to. */
export class TestClock implements Clock {
  #nowMs: number;
  readonly #timers = new Set<{ readonly atMs: number; readonly run: () => void }>();

  constructor(nowMs = Date.parse('2026-01-01T00:00:00Z')) {
    this.#nowMs = nowMs;
  }

  /** How many timers wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** How long until each of them, soonest first. */
  get delaysMs(): readonly number[] {
    return [...this.#timers].map(({ atMs }) => atMs - this.#nowMs).sort((a, b) => a - b);
  }

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void): Disposable {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return { dispose: () => void this.#timers.delete(timer) };
  }

  /** Runs what becomes due, in order. */
  advance(byMs: number): void {
    const endMs = this.#nowMs + byMs;
    for (;;) {
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) {
        break;
      }
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = endMs;
  }

  /** The machine slept: its clock has moved, its timers have not. */
  sleepThrough(byMs: number): void {
    const timers = [...this.#timers];
    this.#timers.clear();
    for (const timer of timers) {
      this.#timers.add({ ...timer, atMs: timer.atMs + byMs });
    }
    this.#nowMs += byMs;
  }
}
