import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import type { KindId } from '../domain/kind';
import type { KubeApi, Resource } from './api';
import { Pause } from './pause';
import { everywhere } from './store';
import type { Store } from './store';
import type { Change } from './watch';
import { followInBatches } from './watch';

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

type Failed = Extract<Change, { readonly type: 'failed' }>;

/** After a refusal it is worth asking again: rights are given while people wait for them. */
const refusedRetryMs = 5 * 60_000;

/** A kind that was taken away and put back; one that stays away is no longer followed once discovery has noticed. */
const notServedRetryMs = 15_000;

/** Keeps one kind of the store in step with the cluster: everywhere, or, without the right to that, in the namespaces that can be had. */
export class KindWatch implements Disposable {
  readonly #kind: KindId;
  readonly #resource: Resource;
  readonly #options: KindWatchOptions;
  readonly #ended = new AbortController();
  readonly #pause: Pause;

  constructor(kind: KindId, resource: Resource, options: KindWatchOptions) {
    this.#kind = kind;
    this.#resource = resource;
    this.#options = options;
    this.#pause = new Pause(options.clock);
  }

  start(): void {
    void this.#run();
  }

  /** Tries again now instead of at the end of the wait. */
  retry(): void {
    this.#pause.end();
  }

  dispose(): void {
    this.#ended.abort(new Error('Disposed'));
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    const { store } = this.#options;
    while (!signal.aborted) {
      store.follow(this.#kind, [everywhere]);
      const end = await this.#scope(everywhere, signal);
      if (signal.aborted) {
        return;
      }
      if (end?.problem.reason === 'notServed') {
        this.#options.onNotServed();
      }
      if (end?.problem.reason === 'forbidden' && this.#resource.namespaced) {
        await this.#inNamespaces(end, signal);
      } else {
        await this.#pause.wait(end?.problem.reason === 'forbidden' ? refusedRetryMs : notServedRetryMs, signal);
      }
    }
  }

  /** Follows the namespaces that can be had until all of them may be listed at once. The refusal is told when it is known that there are none. */
  async #inNamespaces(refusal: Failed, signal: AbortSignal): Promise<void> {
    const scopes = new Map<string, AbortController>();
    do {
      const namespaces = await this.#options.namespaces(signal).catch(() => [...scopes.keys()]);
      if (signal.aborted) {
        break;
      }
      if (namespaces.length > 0) {
        this.#options.store.follow(this.#kind, namespaces, refusal.problem);
      } else {
        this.#options.store.apply(this.#kind, everywhere, refusal);
      }
      for (const [namespace, ended] of scopes) {
        if (!namespaces.includes(namespace)) {
          ended.abort(new Error('No longer wanted'));
          scopes.delete(namespace);
        }
      }
      for (const namespace of namespaces) {
        if (!scopes.has(namespace)) {
          const ended = new AbortController();
          scopes.set(namespace, ended);
          void this.#scope(namespace, AbortSignal.any([signal, ended.signal])).finally(() => scopes.get(namespace) === ended && scopes.delete(namespace));
        }
      }
      await this.#pause.wait(refusedRetryMs, signal);
    } while (!signal.aborted && !await this.#mayListAll(signal));
    for (const ended of scopes.values()) {
      ended.abort(new Error('No longer wanted'));
    }
  }

  async #mayListAll(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#options.api.listPage(this.#resource, { limit: 1, signal });
      return true;
    } catch {
      return false;
    }
  }

  /** Follows one scope to its end; says what ended it. */
  async #scope(scope: string, signal: AbortSignal): Promise<Failed | undefined> {
    const { api, store, clock, log, random, onChange } = this.#options;
    let last: Failed | undefined;
    const wait = (waitMs: number) => this.#pause.wait(waitMs, signal);
    for await (const changes of followInBatches(api, this.#resource, { clock, signal, wait, byPage: true, ...(random && { random }), ...(scope !== everywhere && { namespace: scope }) })) {
      if (signal.aborted) {
        return undefined;
      }
      const [first] = changes;
      last = first?.type === 'failed' ? first : undefined;
      if (last) {
        log(`${this.#kind}${scope === everywhere ? '' : ` in ${scope}`}: ${last.problem.message}`);
      }
      if (!(last?.problem.reason === 'forbidden' && scope === everywhere && this.#resource.namespaced)) {
        store.applyAll(this.#kind, scope, changes);
      }
      // Only events come several at a time, and all of them are the same sign of life.
      if (first) {
        onChange(first);
      }
    }
    return last;
  }
}
