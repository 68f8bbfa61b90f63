import type { Disposable } from '../../../../src/base/disposable';
import type { Clock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { stringAt } from '../../../../src/domain/values';
import { refOf, uidOf, type Ref } from '../objects';
import { plays } from './annotation';
import type { Job, Work } from './lower';
import type { Timing } from './timing';

interface Running {
  object: KubeObject;
  readonly job: Job;
  work: Work;
  startMs: number;
  timer?: Disposable;
}

/** The importers and volumes of disks and images: one job per object and kind of job, found again by the object's uid. */
export class Jobs {
  readonly #clock: Clock;
  readonly #timing: Timing;
  readonly #changed: (ref: Ref) => void;
  readonly #running = new Map<string, Running>();

  constructor(clock: Clock, timing: Timing, changed: (ref: Ref) => void) {
    this.#clock = clock;
    this.#timing = timing;
    this.#changed = changed;
  }

  work(object: KubeObject, job: Job): Work {
    const key = `${uidOf(object)} ${job}`;
    let running = this.#running.get(key);
    if (!running) {
      running = { object, job, work: { stage: 'waiting', progress: 0 }, startMs: this.#clock.now() };
      this.#running.set(key, running);
      this.#start(running);
    }
    running.object = object;
    if (running.work.stage === 'unscheduled' && !plays(object, 'unschedulable')) {
      running.work = { stage: 'waiting', progress: 0 };
      this.#start(running);
    }
    return running.work;
  }

  forget(object: KubeObject): void {
    for (const [key, running] of this.#running) {
      if (key.startsWith(`${uidOf(object)} `)) {
        running.timer?.dispose();
        this.#running.delete(key);
      }
    }
  }

  dispose(): void {
    for (const { timer } of this.#running.values()) {
      timer?.dispose();
    }
    this.#running.clear();
  }

  #start(running: Running): void {
    if (running.job === 'claim' || running.job === 'resize') {
      this.#after(running, running.job === 'claim' ? this.#timing.claimMs : 3 * this.#timing.claimMs, { stage: 'done', progress: 1 });
      return;
    }
    const { podMs, importMs, tickMs } = this.#timing;
    this.#later(running, podMs, () => {
      if (plays(running.object, 'unschedulable')) {
        return { stage: 'unscheduled', progress: 0 };
      }
      const known = Number.parseFloat(stringAt(running.object, 'status.progress') ?? '0') / 100;
      running.startMs = this.#clock.now() - (known < 1 ? known : 0) * importMs;
      const tick = (): Work => {
        const progress = (this.#clock.now() - running.startMs) / importMs;
        if (plays(running.object, 'import-404')) {
          return { stage: 'failed', progress, failure: 'error creating data source: HTTP request failed: unexpected status 404 Not Found' };
        }
        if (progress >= 1) {
          return { stage: 'done', progress: 1 };
        }
        this.#later(running, tickMs, tick);
        return { stage: 'running', progress };
      };
      this.#later(running, tickMs, tick);
      return { stage: 'running', progress: 0 };
    });
  }

  #after(running: Running, ms: number, work: Work): void {
    this.#later(running, ms, () => work);
  }

  #later(running: Running, ms: number, next: () => Work): void {
    running.timer = this.#clock.after(ms, () => {
      running.work = next();
      this.#changed(refOf(running.object));
    });
  }
}

