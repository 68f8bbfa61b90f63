import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Event } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { ClusterView, ServedKind } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import { groupOf, kindId, knownKind } from '../domain/kinds/index';
import type { KubeObject } from '../domain/kubeObject';
import type { OperationRequest } from '../domain/operations';
import { KubeApi } from './api';
import type { Resource } from './api';
import type { Connection } from './connection';
import { ConnectionWatch } from './connectionWatch';
import { ClusterError } from './errors';
import type { ContextRef } from './kubeConfig';
import { KindWatch } from './kindWatch';
import { operate } from './operate';
import { Rediscovery } from './rediscovery';
import { Store } from './store';
import type { Written } from './store';

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

/** Following more namespaces one by one would cost the cluster more than it tells the user. */
const mostNamespaces = 50;
const namespacesAgeMs = 60_000;

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
  readonly #watches = new Map<KindId, { readonly watch: KindWatch; readonly resource: Resource }>();
  /** How often each companion is looked at. */
  readonly #wanted = new Map<KindId, number>();
  readonly #connection = new ConnectionWatch();
  readonly #rediscovery: Rediscovery;
  #kinds: readonly ServedKind[] | undefined;
  #namespaces: { readonly atMs: number; readonly names: Promise<readonly string[]> } | undefined;

  constructor(options: SessionOptions) {
    this.context = options.context;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const onError = (error: unknown) => options.log(`A listener failed: ${error instanceof Error ? error.stack ?? error.message : String(error)}`);
    this.#store = this.#owned.add(new Store(onError));
    this.#changedState = this.#owned.add(new Emitter<void>(onError));
    this.api = this.#owned.add(new KubeApi({ connection: options.connection, userAgent: options.userAgent, clock: this.#clock, ...(options.isReadOnly && { isReadOnly: options.isReadOnly }) }));
    this.#rediscovery = this.#owned.add(new Rediscovery({
      api: this.api, clock: this.#clock, random: options.random,
      onKinds: (kinds) => this.#served(kinds),
      onFailure: (problem, retryAtMs) => {
        options.log(problem.message);
        this.#tell(this.#connection.discoveryFailed(problem, retryAtMs));
      },
    }));
    this.view = this.#createView();
  }

  /** Objects or state of a kind are different now. */
  get onDidChange(): Event<KindId> {
    return this.#store.onDidChange;
  }

  /** Every single write of a kind, see `Store.onDidWrite`. */
  onDidWrite(kind: KindId): Event<Written> {
    return this.#store.onDidWrite(kind);
  }

  /** Connection or served kinds are different now. */
  get onDidChangeState(): Event<void> {
    return this.#changedState.event;
  }

  /** Discovers the kinds, then lists and follows each. Never throws: the state tells. */
  start(): void {
    if (this.#connection.state.phase === 'idle' && !this.#owned.isDisposed) {
      this.#tell(this.#connection.connecting());
      this.#rediscovery.start();
    }
  }

  /** Tries everything that waits at once. */
  retry(): void {
    this.start();
    this.#namespaces = undefined;
    this.#rediscovery.retry();
    for (const { watch } of this.#watches.values()) {
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
      throw new ClusterError('notServed', t('The cluster does not serve the kind "{0}".', kind), { hint: t('Check that the virtualization module is enabled and that its version has this kind.') });
    }
    return operate(this.api, { ...known, version: apiVersion.slice(apiVersion.indexOf('/') + 1) }, request, signal);
  }

  dispose(): void {
    this.#ended.abort(new Error('Disposed'));
    for (const { watch } of this.#watches.values()) {
      watch.dispose();
    }
    this.#watches.clear();
    this.#owned.dispose();
  }

  #createView(): ClusterView {
    const store = this.#store;
    const connection = () => this.#connection.state;
    const kinds = () => this.#kinds;
    return {
      get connection() { return connection(); },
      get kinds() { return kinds(); },
      state: (kind) => store.state(kind),
      list: (kind, namespace) => store.list(kind, namespace),
      get: (kind, name, namespace) => store.get(kind, name, namespace),
      referring: (kind, to, name, namespace) => store.referring(kind, to, name, namespace),
      noticed: (kind) => store.noticed(kind),
    };
  }

  #served(kinds: readonly ServedKind[]): void {
    const isOther = JSON.stringify(kinds) !== JSON.stringify(this.#kinds);
    if (isOther) {
      this.#kinds = kinds;
    }
    const isOtherState = this.#connection.discovered(this.#clock.now());
    this.#reconcile();
    this.#tell(isOther || isOtherState);
  }

  /** Starts and stops watches so that what is wanted and served is followed. */
  #reconcile(): void {
    if (!this.#kinds || this.#ended.signal.aborted) {
      return;
    }
    const wanted = new Set<KindId>([...this.#kinds.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch')).map(({ id }) => id), ...this.#wanted.keys()]);
    for (const [kind, { watch, resource }] of this.#watches) {
      if (!wanted.has(kind) || resource.version !== this.#resource(kind)?.version) {
        this.#watches.delete(kind);
        watch.dispose();
        this.#store.forget(kind);
        this.#tell(this.#connection.forget(kind));
      }
    }
    for (const kind of wanted) {
      const resource = this.#resource(kind);
      if (resource && !this.#watches.has(kind)) {
        const watch = new KindWatch(kind, resource, {
          api: this.api, store: this.#store, clock: this.#clock, log: this.#options.log, random: this.#options.random,
          namespaces: (signal) => this.#candidates(signal),
          onChange: (change) => this.#tell(this.#connection.heard(kind, change, this.#clock.now())),
          onNotServed: () => this.#rediscovery.hurry(),
        });
        this.#watches.set(kind, { watch, resource });
        watch.start();
      }
    }
  }

  /** Where to look without the right to list all namespaces: the context's, the configured ones, then those that can be listed. */
  async #candidates(signal: AbortSignal): Promise<readonly string[]> {
    const likely = [this.context.namespace, ...(this.#options.namespaces?.() ?? [])];
    const nowMs = this.#clock.now();
    if (!this.#namespaces || nowMs - this.#namespaces.atMs > namespacesAgeMs) {
      const page = this.api.listPage({ group: '', version: 'v1', plural: 'namespaces', namespaced: false }, { limit: mostNamespaces, signal: this.#ended.signal });
      this.#namespaces = { atMs: nowMs, names: page.then(({ items }) => items.map(({ metadata }) => metadata.name), () => []) };
    }
    const listed = await this.#namespaces.names;
    signal.throwIfAborted();
    return [...new Set([...likely, ...listed])].slice(0, mostNamespaces);
  }

  #resource(kind: KindId): Resource | undefined {
    const served = this.#kinds?.find(({ id }) => id === kind);
    const known = knownKind(kind);
    return served ?? (known?.versions[0] === undefined ? undefined : { ...known, version: known.versions[0] });
  }

  #tell(isOther: boolean): void {
    if (isOther) {
      this.#changedState.fire();
    }
  }
}
