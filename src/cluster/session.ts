import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Event } from '../base/event';
import { sleep, systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { ClusterView, ConnectionState, ServedKind } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import { groupOf, kindId, knownKind } from '../domain/kinds/index';
import type { KubeObject } from '../domain/kubeObject';
import type { OperationRequest } from '../domain/operations';
import { KubeApi } from './api';
import type { Resource } from './api';
import { Backoff } from './backoff';
import type { Connection } from './connection';
import { discover } from './discovery';
import { ClusterError, problemOf } from './errors';
import type { ContextRef } from './kubeConfig';
import { KindWatch } from './kindWatch';
import { operate } from './operate';
import { Store } from './store';
import type { Change } from './watch';

export interface SessionOptions {
  readonly context: ContextRef;
  readonly connection: Connection;
  readonly userAgent: string;
  readonly log: (message: string) => void;
  readonly isReadOnly?: () => boolean;
  /** Where to look when the user may not list all namespaces, besides the context's own. */
  readonly namespaces?: () => readonly string[];
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** One connected context: its objects, live, and what can be done to them. Owns the connection. */
export class Session implements Disposable {
  readonly context: ContextRef;
  readonly view: ClusterView;
  readonly api: KubeApi;
  readonly #options: SessionOptions;
  readonly #clock: Clock;
  readonly #store: Store;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  readonly #changedState: Emitter<void>;
  readonly #watches = new Map<KindId, KindWatch>();
  /** How often each companion is looked at. */
  readonly #wanted = new Map<KindId, number>();
  #connection: ConnectionState = { phase: 'idle' };
  #kinds: readonly ServedKind[] | undefined;
  #wake = new AbortController();

  constructor(options: SessionOptions) {
    this.context = options.context;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const onError = (error: unknown) => options.log(`A listener failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    this.#store = this.#owned.add(new Store(onError));
    this.#changedState = this.#owned.add(new Emitter<void>(onError));
    this.api = this.#owned.add(new KubeApi({ connection: options.connection, userAgent: options.userAgent, clock: this.#clock, ...(options.isReadOnly && { isReadOnly: options.isReadOnly }) }));
    this.view = this.#createView();
  }

  /** Objects or state of a kind are different now. */
  get onDidChange(): Event<KindId> {
    return this.#store.onDidChange;
  }

  /** Connection or served kinds are different now. */
  get onDidChangeState(): Event<void> {
    return this.#changedState.event;
  }

  /** Discovers the kinds, then lists and follows each. Never throws: the state tells. */
  start(): void {
    if (this.#connection.phase === 'idle') {
      this.#setConnection({ phase: 'connecting' });
      void this.#discover();
    }
  }

  /** Tries everything that waits at once. */
  retry(): void {
    this.start();
    this.#wake.abort();
    this.#wake = new AbortController();
    for (const watch of this.#watches.values()) {
      watch.retry();
    }
  }

  /** Follows a kind that is not followed by itself (Event, Node, …) until the result is disposed. */
  watch(kind: KindId): Disposable {
    this.#wanted.set(kind, (this.#wanted.get(kind) ?? 0) + 1);
    this.#reconcile();
    let isOver = false;
    return {
      dispose: () => {
        if (isOver) {
          return;
        }
        isOver = true;
        const left = (this.#wanted.get(kind) ?? 1) - 1;
        if (left > 0) {
          this.#wanted.set(kind, left);
        } else {
          this.#wanted.delete(kind);
        }
        this.#reconcile();
      },
    };
  }

  /** Carries out an operation; answers with the object that was written. Throws `ClusterError`, or the signal's reason. */
  async operate(request: OperationRequest, signal: AbortSignal): Promise<KubeObject | undefined> {
    const { apiVersion, kind } = request.object;
    const group = groupOf(apiVersion);
    const known = this.#resource(kindId(group, kind));
    if (!known) {
      throw new ClusterError('notServed', `The cluster does not serve the kind "${kind}".`);
    }
    return operate(this.api, { ...known, version: apiVersion.slice(apiVersion.indexOf('/') + 1) }, request, signal);
  }

  dispose(): void {
    this.#ended.abort(new Error('Disposed'));
    this.#wake.abort();
    for (const watch of this.#watches.values()) {
      watch.dispose();
    }
    this.#watches.clear();
    this.#owned.dispose();
  }

  #createView(): ClusterView {
    const store = this.#store;
    const connection = () => this.#connection;
    const kinds = () => this.#kinds;
    return {
      get connection() { return connection(); },
      get kinds() { return kinds(); },
      state: (kind) => store.state(kind),
      list: (kind, namespace) => store.list(kind, namespace),
      get: (kind, name, namespace) => store.get(kind, name, namespace),
      referring: (kind, to, name, namespace) => store.referring(kind, to, name, namespace),
    };
  }

  async #discover(): Promise<void> {
    const { signal } = this.#ended;
    const backoff = new Backoff(this.#clock, this.#options.random);
    while (!signal.aborted) {
      try {
        const kinds = await discover(this.api, signal);
        if (signal.aborted) {
          return;
        }
        this.#kinds = kinds;
        this.#setConnection({ phase: 'live' });
        this.#reconcile();
        return;
      } catch (error) {
        if (signal.aborted) {
          return;
        }
        const problem = problemOf(error);
        const waitMs = backoff.nextMs();
        this.#options.log(problem.message);
        this.#setConnection({ phase: 'failed', problem, retryAtMs: this.#clock.now() + waitMs });
        await sleep(this.#clock, waitMs, AbortSignal.any([signal, this.#wake.signal])).catch(() => undefined);
      }
    }
  }

  /** Starts and stops watches so that what is wanted and served is followed. */
  #reconcile(): void {
    if (!this.#kinds || this.#ended.signal.aborted) {
      return;
    }
    const wanted = new Set<KindId>([...this.#kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch')).map(({ id }) => id), ...this.#wanted.keys()]);
    for (const [kind, watch] of this.#watches) {
      if (!wanted.has(kind)) {
        this.#watches.delete(kind);
        watch.dispose();
        this.#store.forget(kind);
      }
    }
    for (const kind of wanted) {
      const resource = this.#resource(kind);
      if (resource && !this.#watches.has(kind)) {
        const watch = new KindWatch(kind, resource, {
          api: this.api, store: this.#store, clock: this.#clock, log: this.#options.log, random: this.#options.random,
          namespaces: () => Promise.resolve([...new Set([this.context.namespace, ...(this.#options.namespaces?.() ?? [])])]),
          onChange: (change) => this.#heard(change), onNotServed: () => undefined,
        });
        this.#watches.set(kind, watch);
        watch.start();
      }
    }
  }

  #resource(kind: KindId): Resource | undefined {
    const served = this.#kinds?.find(({ id }) => id === kind);
    const known = knownKind(kind);
    return served ?? (known?.versions[0] === undefined ? undefined : { ...known, version: known.versions[0] });
  }

  #heard(change: Change): void {
    if (change.type !== 'failed') {
      this.#setConnection({ phase: 'live' });
    }
  }

  #setConnection(state: ConnectionState): void {
    if (JSON.stringify(state) !== JSON.stringify(this.#connection)) {
      this.#connection = state;
      this.#changedState.fire();
    }
  }
}
