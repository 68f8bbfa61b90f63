import type { ConnectionState } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import type { Problem, ProblemReason } from '../domain/problem';
import type { Change } from './watch';

/** Failures that are about the way to the cluster and not about one kind. */
const connectionReasons: readonly ProblemReason[] = ['credentials', 'unauthorized', 'tls', 'proxy', 'unreachable', 'timeout', 'configuration'];

interface Lost {
  readonly problem: Problem;
  readonly sinceMs: number | undefined;
  readonly retryAtMs: number | undefined;
}

/** Makes one state of what all the watches of a context experience: lost only when none of them gets through. */
export class ConnectionWatch {
  #state: ConnectionState = { phase: 'idle' };
  #wasLive = false;
  #contactMs = 0;
  /** By kind: its last word, `undefined` when that was a success. */
  readonly #lost = new Map<KindId, Lost | undefined>();

  get state(): ConnectionState {
    return this.#state;
  }

  /** Says whether the state is another now, as do the others. */
  connecting(): boolean {
    return this.#become({ phase: 'connecting' });
  }

  /** Discovery has answered. */
  discovered(nowMs: number): boolean {
    this.#wasLive = true;
    this.#contactMs = nowMs;
    return this.#lost.size === 0 ? this.#become({ phase: 'live' }) : this.#judge();
  }

  /** Discovery has failed; that counts while no watch says otherwise. */
  discoveryFailed(problem: Problem, retryAtMs: number): boolean {
    return this.#lost.size > 0 ? this.#judge() : this.#become(this.#wasLive ? { phase: 'lost', sinceMs: this.#contactMs, retryAtMs, problem } : { phase: 'failed', problem, retryAtMs });
  }

  /** A watch has something to say. */
  heard(kind: KindId, change: Change, nowMs: number): boolean {
    if (change.type !== 'failed') {
      this.#contactMs = nowMs;
      if (this.#state.phase === 'live' && this.#lost.has(kind) && this.#lost.get(kind) === undefined) {
        return false;
      }
      this.#lost.set(kind, undefined);
      return this.#become({ phase: 'live' });
    }
    if (connectionReasons.includes(change.problem.reason)) {
      this.#lost.set(kind, { problem: change.problem, sinceMs: change.sinceMs, retryAtMs: change.retryAtMs });
    } else {
      // It answered, if with a refusal: the way is free. A kind that may not be read says nothing about it later.
      this.#contactMs = nowMs;
      if (change.retryAtMs === undefined) {
        this.#lost.delete(kind);
      } else {
        this.#lost.set(kind, undefined);
      }
    }
    return this.#judge();
  }

  /** A kind is no longer followed. */
  forget(kind: KindId): boolean {
    return this.#lost.delete(kind) && this.#judge();
  }

  #judge(): boolean {
    const all = [...this.#lost.values()];
    const lost = all.filter((entry) => entry !== undefined);
    const [first] = lost;
    if (!first || lost.length < all.length) {
      return this.#become({ phase: 'live' });
    }
    const retries = lost.flatMap(({ retryAtMs }) => retryAtMs ?? []);
    const retry = retries.length > 0 && { retryAtMs: Math.min(...retries) };
    return this.#become(this.#wasLive ? { phase: 'lost', sinceMs: this.#contactMs, ...retry, problem: first.problem } : { phase: 'failed', ...retry, problem: first.problem });
  }

  #become(state: ConnectionState): boolean {
    const isOther = JSON.stringify(state) !== JSON.stringify(this.#state);
    this.#state = state;
    return isOther;
  }
}
