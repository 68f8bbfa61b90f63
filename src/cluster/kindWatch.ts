import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import type { KindId } from '../domain/kind';
import type { Problem } from '../domain/problem';
import type { KubeApi, Resource } from './api';
import { everywhere } from './store';
import type { Store } from './store';
import type { Change } from './watch';
import { follow } from './watch';

export interface KindWatchOptions {
  readonly api: KubeApi;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: (message: string) => void;
  readonly random?: (() => number) | undefined;
  /** Where to look when the user may not list all namespaces, most likely first. */
  readonly namespaces: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Every sign of life or failure of a watch. */
  readonly onChange: (change: Change) => void;
  /** The kind is not served any more. */
  readonly onNotServed: () => void;
}

/** After a refusal it is worth asking again: rights are given while people wait for them. */
const refusedRetryMs = 5 * 60_000;

/** Keeps one kind of the store in step with the cluster: everywhere, or, without the right to that, in the namespaces that can be had. */
export class KindWatch implements Disposable {
  readonly #kind: KindId;
  readonly #resource: Resource;
  readonly #options: KindWatchOptions;
  readonly #ended = new AbortController();
  /** Ends the waits of all scopes early. */
  #wake = new AbortController();

  constructor(kind: KindId, resource: Resource, options: KindWatchOptions) {
    this.#kind = kind;
    this.#resource = resource;
    this.#options = options;
  }

  start(): void {
    void this.#run();
  }

  /** Tries again now instead of at the end of the wait. */
  retry(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  dispose(): void {
    this.#ended.abort(new Error('Disposed'));
    this.#wake.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    const { store } = this.#options;
    while (!signal.aborted) {
      store.follow(this.#kind, [everywhere]);
      const end = await this.#scope(everywhere);
      if (signal.aborted) {
        return;
      }
      if (end?.reason === 'notServed') {
        this.#options.onNotServed();
      } else if (end?.reason === 'forbidden' && this.#resource.namespaced) {
        await this.#inNamespaces(signal);
      }
      await this.#wait(refusedRetryMs, signal);
    }
  }

  async #inNamespaces(signal: AbortSignal): Promise<void> {
    const namespaces = await this.#options.namespaces(signal).catch(() => []);
    if (signal.aborted || namespaces.length === 0) {
      return;
    }
    this.#options.store.follow(this.#kind, namespaces);
    await Promise.all(namespaces.map((namespace) => this.#scope(namespace)));
  }

  /** Follows one scope to its end; says what ended it. */
  async #scope(scope: string): Promise<Problem | undefined> {
    const { api, store, clock, log, random, onChange } = this.#options;
    const { signal } = this.#ended;
    let last: Problem | undefined;
    const wait = (waitMs: number) => this.#wait(waitMs, signal);
    for await (const change of follow(api, this.#resource, { clock, signal, log, wait, ...(random && { random }), ...(scope !== everywhere && { namespace: scope }) })) {
      if (signal.aborted) {
        return undefined;
      }
      last = change.type === 'failed' ? change.problem : undefined;
      if (change.type === 'failed') {
        log(`${this.#kind}: ${change.problem.message}`);
      }
      store.apply(this.#kind, scope, change);
      onChange(change);
    }
    return last;
  }

  #wait(waitMs: number, signal: AbortSignal): Promise<void> {
    const wake = this.#wake.signal;
    return new Promise((resolve) => {
      const done = () => {
        timer.dispose();
        signal.removeEventListener('abort', done);
        wake.removeEventListener('abort', done);
        resolve();
      };
      const timer = this.#options.clock.after(waitMs, done);
      signal.addEventListener('abort', done, { once: true });
      wake.addEventListener('abort', done, { once: true });
    });
  }
}
