import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Paced, type PacedOptions } from '../../../src/base/paced';
import type { Clock } from '../../../src/base/timing';

/** Time that passes only when told to; a timer runs when its time has come. */
class ManualClock implements Clock {
  #nowMs = 0;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  now(): number {
    return this.#nowMs;
  }

  after(delayMs: number, run: () => void) {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return { dispose: () => void (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  /** Time that a run takes. */
  spend(costMs: number): void {
    this.#nowMs += costMs;
  }

  pass(durationMs: number): void {
    const endMs = this.#nowMs + durationMs;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = Math.max(this.#nowMs, endMs);
  }

  #next(endMs: number) {
    return this.#timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

function paced(costMs: number, options: PacedOptions = { intervalMs: 100, share: 0.2 }) {
  const clock = new ManualClock();
  const runsAtMs: number[] = [];
  const subject = new Paced(clock, options, () => {
    runsAtMs.push(clock.now());
    clock.spend(costMs);
  });
  return { clock, runsAtMs, subject };
}

test('the first call runs at once, those that follow once per interval', () => {
  const { clock, runsAtMs, subject } = paced(0);
  for (let ms = 0; ms < 990; ms += 10) {
    subject.trigger();
    clock.pass(10);
  }
  assert.equal(runsAtMs[0], 0);
  assert.equal(runsAtMs.length, 10);
});

test('an expensive run is followed by a rest in proportion', () => {
  const { clock, runsAtMs, subject } = paced(50);
  for (let ms = 0; ms < 3000; ms += 10) {
    subject.trigger();
    clock.pass(10);
  }
  const gaps = runsAtMs.slice(1).map((atMs, index) => atMs - (runsAtMs[index] ?? 0));
  assert.ok(gaps.every((gap) => gap >= 250), gaps.join());
});

test('without a share only the interval counts', () => {
  const { clock, runsAtMs, subject } = paced(50, { intervalMs: 100 });
  for (let ms = 0; ms < 1000; ms += 10) {
    subject.trigger();
    clock.pass(10);
  }
  const gaps = runsAtMs.slice(1).map((atMs, index) => atMs - (runsAtMs[index] ?? 0));
  assert.ok(gaps.length > 5 && gaps.every((gap) => gap >= 100 && gap <= 110), gaps.join());
});

test('without a call nothing runs, after disposal neither', () => {
  const { clock, runsAtMs, subject } = paced(0);
  clock.pass(1000);
  assert.deepEqual(runsAtMs, []);
  subject.trigger();
  subject.dispose();
  clock.pass(1000);
  assert.deepEqual(runsAtMs, []);
});
