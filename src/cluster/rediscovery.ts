import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import type { ServedKind } from '../domain/clusterView';
import type { Problem } from '../domain/problem';
import type { KubeApi } from './api';
import { Backoff } from './backoff';
import { discover } from './discovery';
import { problemOf } from './errors';
import { Pause } from './pause';

export interface RediscoveryOptions {
  readonly api: KubeApi;
  readonly clock: Clock;
  readonly random?: (() => number) | undefined;
  readonly onKinds: (kinds: readonly ServedKind[]) => void;
  readonly onFailure: (problem: Problem, retryAtMs: number) => void;
}

/** How soon a kind that appears or vanishes is noticed. The answers are some kilobytes. */
const intervalMs = 30_000;

/** Two questions are at least this far apart, however many kinds are missed at the same time. */
const shortestMs = 2000;

/** Asks again and again which kinds the cluster serves. */
export class Rediscovery implements Disposable {
  readonly #options: RediscoveryOptions;
  readonly #ended = new AbortController();
  readonly #pause: Pause;
  #lastMs = Number.NEGATIVE_INFINITY;

  constructor(options: RediscoveryOptions) {
    this.#options = options;
    this.#pause = new Pause(options.clock);
  }

  start(): void {
    void this.#run();
  }

  /** Asks now. */
  retry(): void {
    this.#pause.end();
  }

  /** Something was not there any more. */
  hurry(): void {
    if (this.#options.clock.now() - this.#lastMs >= shortestMs) {
      this.#pause.end();
    }
  }

  dispose(): void {
    this.#ended.abort(new Error('Disposed'));
    this.#pause.end();
  }

  async #run(): Promise<void> {
    const { api, clock, random, onKinds, onFailure } = this.#options;
    const { signal } = this.#ended;
    const backoff = new Backoff(clock, random);
    while (!signal.aborted) {
      let waitMs = intervalMs;
      try {
        const kinds = await discover(api, signal);
        if (signal.aborted) {
          return;
        }
        backoff.succeeded();
        onKinds(kinds);
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        waitMs = backoff.nextMs();
        onFailure(problemOf(error), clock.now() + waitMs);
      }
      this.#lastMs = clock.now();
      await this.#pause.wait(waitMs, signal);
    }
  }
}
