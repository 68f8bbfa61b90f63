import { t } from '@vscode/l10n';
import { workspace } from 'vscode';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import { when } from '../base/when';
import type { Contexts } from '../cluster/contexts';
import type { ContextRef } from '../cluster/kubeConfig';
import type { Session } from '../cluster/session';
import type { KindId } from '../domain/kind';
import type { Problem } from '../domain/problem';
import type { TreeContext } from '../domain/treeNode';
import type { Log } from './log';
import type { Memory } from './memory';
import type { PluginPolicy } from './pluginPolicy';
import type { Report } from './report';
import { UserError } from './report';
import { changes, contextSettings, setting } from './settings';

export type ClusterSession = Session;

export interface ClustersOptions {
  readonly memory: Memory;
  readonly policy: PluginPolicy;
  readonly report: Report;
  readonly log: Log;
  readonly userAgent: string;
}

/** What happened to the objects of one kind in one connected context. */
export interface ObjectsChange {
  readonly context: string;
  readonly kind: KindId;
}

/**
 * The contexts of all kubeconfigs and the sessions of those that are connected. Nothing of the cluster client is loaded
 * before `load` is called in a trusted workspace.
 */
export class Clusters {
  readonly #options: ClustersOptions;
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<void>;
  readonly #objectsChanged: Emitter<ObjectsChange>;
  /** By id of the context. */
  readonly #followed = new Map<string, Followed>();
  #contexts: Contexts | undefined;
  #areContextsRead = false;
  #isShown = false;
  #loading: Promise<void> | undefined;

  constructor(options: ClustersOptions) {
    this.#options = options;
    const onError = (error: unknown) => options.report.background('Clusters', error);
    this.#changed = this.#store.add(new Emitter<void>(onError));
    this.#objectsChanged = this.#store.add(new Emitter<ObjectsChange>(onError));
    this.#store.add(workspace.onDidGrantWorkspaceTrust(() => void this.load()));
    this.#store.add(workspace.onDidChangeConfiguration((event) => {
      if (changes(event, 'kubeconfig')) {
        void this.#contexts?.reload();
      }
      if (changes(event, 'contexts') || changes(event, 'readOnly')) {
        this.#changed.fire();
      }
    }));
  }

  /** Contexts, connections, or what the user chose among them. */
  get onDidChange() {
    return this.#changed.event;
  }

  get onDidChangeObjects() {
    return this.#objectsChanged.event;
  }

  /** `undefined` until the kubeconfigs have been read. */
  get contexts(): readonly ContextRef[] | undefined {
    return this.#areContextsRead ? this.#contexts?.contexts : undefined;
  }

  /** What is wrong with the kubeconfigs. */
  get problems(): readonly Problem[] {
    return this.#contexts?.problems ?? [];
  }

  /** The context that manifests and the palette speak to. */
  get current(): ContextRef | undefined {
    const { contexts } = this;
    const chosen = this.#options.memory.get('current');
    return contexts?.find(({ id }) => id === chosen) ?? contexts?.find(({ isCurrent }) => isCurrent) ?? contexts?.[0];
  }

  /** The connected ones, the current first. */
  get sessions(): readonly ClusterSession[] {
    const current = this.current?.id;
    return [...this.#followed.values()].map(({ session }) => session).sort((a, b) => Number(b.context.id === current) - Number(a.context.id === current));
  }

  /** `undefined` while the context is not connected. */
  session(id: string): ClusterSession | undefined {
    return this.#followed.get(id)?.session;
  }

  treeContexts(): readonly TreeContext[] {
    return (this.contexts ?? []).map(({ id, name }) => ({
      id, label: contextSettings(name).label ?? name, view: this.session(id)?.view, namespaces: this.namespacesShown(id),
    }));
  }

  /** Reads the kubeconfigs once and connects what was connected last time. Does nothing in an untrusted workspace. */
  async load(): Promise<void> {
    if (workspace.isTrusted) {
      await (this.#loading ??= this.#load());
    }
  }

  /** Somebody looks at a view: the very first time the context that its kubeconfig calls current is connected by itself. */
  shown(): void {
    if (!this.#isShown) {
      this.#isShown = true;
      this.#connectFirst();
    }
  }

  /** For the user, who may be asked on the way. Does nothing for a context that is connected or does not exist. */
  connect(id: string): void {
    this.#options.policy.userActed();
    if (this.#contexts?.session(id)) {
      const { memory } = this.#options;
      memory.set('connected', [...(memory.get('connected') ?? []).filter((known) => known !== id), id]);
    }
  }

  disconnect(id: string): void {
    const { memory } = this.#options;
    memory.set('connected', (memory.get('connected') ?? []).filter((known) => known !== id));
    this.#contexts?.disconnect(id);
  }

  /** Makes a context the current one and connects it. */
  use(id: string): void {
    this.#options.memory.set('current', id);
    this.connect(id);
    this.#changed.fire();
  }

  /** Tries at once what waits for its next attempt; `undefined`: in all contexts. */
  retry(id: string | undefined): void {
    this.#options.policy.userActed();
    for (const session of this.sessions) {
      if (id === undefined || session.context.id === id) {
        session.retry();
      }
    }
    if (id !== undefined) {
      this.connect(id);
    }
  }

  /** The session of a context that may not be connected yet, which begins to connect. Throws what keeps it from that. */
  async begun(id: string): Promise<ClusterSession> {
    await this.load();
    const session = this.#contexts?.session(id);
    if (!session) {
      throw new UserError(workspace.isTrusted ? t('The context "{0}" is in no kubeconfig any more.', id) : t('No cluster is contacted in Restricted Mode.'));
    }
    return session;
  }

  /** As `begun`, as soon as its kinds are known. */
  async ready(id: string): Promise<ClusterSession> {
    const session = await this.begun(id);
    await when(session.onDidChangeState, () => {
      const { connection, kinds } = session.view;
      if (!kinds && (connection.phase === 'failed' || connection.phase === 'lost')) {
        throw new UserError(connection.problem.message);
      }
      return kinds;
    }, AbortSignal.timeout(readyTimeoutMs));
    return session;
  }

  /** Namespaces the tree is narrowed to; empty: all. */
  namespacesShown(id: string): readonly string[] {
    return this.#options.memory.get('namespaces')[id] ?? [];
  }

  showNamespaces(id: string, namespaces: readonly string[]): void {
    const { memory } = this.#options;
    memory.set('namespaces', { ...memory.get('namespaces'), [id]: namespaces });
    // Where listing everything is not allowed, these are the namespaces to look into.
    this.session(id)?.retry();
    this.#changed.fire();
  }

  /** Reads one more kubeconfig, now and from now on; the contexts it brought. */
  async addKubeconfig(file: string): Promise<readonly ContextRef[]> {
    const { memory } = this.#options;
    memory.set('kubeconfigs', [...memory.get('kubeconfigs').filter((known) => known !== file), file]);
    await this.#contexts?.reload();
    return (this.contexts ?? []).filter((context) => context.file === file);
  }

  dispose(): void {
    for (const { listeners } of this.#followed.values()) {
      listeners.dispose();
    }
    this.#followed.clear();
    this.#store.dispose();
  }

  async #load(): Promise<void> {
    const [{ Contexts }, { kubeConfigSources }] = await Promise.all([import('../cluster/contexts'), import('../cluster/kubeConfig')]);
    if (this.#store.isDisposed) {
      return;
    }
    const { memory, policy, log, userAgent } = this.#options;
    const contexts = this.#store.add(new Contexts({
      userAgent,
      sources: () => kubeConfigSources({ setting: setting('kubeconfig'), picked: memory.get('kubeconfigs') }),
      log: (message) => log.info(message),
      isReadOnly: ({ name }) => contextSettings(name).readOnly === true,
      namespaces: ({ id, name }) => [...(contextSettings(name).namespaces ?? []), ...this.namespacesShown(id)],
      mayRun: (command, args) => policy.mayRun(command, args),
    }));
    this.#contexts = contexts;
    this.#store.add(contexts.onDidChange(() => this.#follow(contexts)));
    this.#store.add(contexts.onDidChange(logged(contexts, log)));
    await contexts.reload();
    this.#areContextsRead = true;
    for (const id of memory.get('connected') ?? []) {
      contexts.session(id);
    }
    this.#follow(contexts);
  }

  /** Listens to exactly the sessions there are. */
  #follow({ sessions }: Contexts): void {
    for (const [id, { session, listeners }] of this.#followed) {
      if (!sessions.includes(session)) {
        listeners.dispose();
        this.#followed.delete(id);
      }
    }
    for (const session of sessions) {
      const { id } = session.context;
      if (!this.#followed.has(id)) {
        const listeners = new DisposableStore();
        listeners.add(session.onDidChange((kind) => this.#objectsChanged.fire({ context: id, kind })));
        listeners.add(session.onDidChangeState(() => this.#changed.fire()));
        this.#followed.set(id, { session, listeners });
      }
    }
    this.#connectFirst();
    this.#changed.fire();
  }

  /** A program that a kubeconfig names is for the user to allow, which they are asked only for what they connect themselves. */
  #connectFirst(): void {
    const { memory } = this.#options;
    const first = this.contexts?.find(({ isCurrent, problem }) => isCurrent && !problem);
    if (first && this.#isShown && memory.get('connected') === undefined && (!first.runsProgram || setting('credentialPlugins') === 'allow')) {
      memory.set('connected', [first.id]);
      this.#contexts?.session(first.id);
    }
  }
}

/** Writes what is wrong with the kubeconfigs to the log, whenever that is something else than before. */
function logged(contexts: Contexts, log: Log): () => void {
  let before = '';
  return () => {
    const now = contexts.problems.map(({ message, hint }) => [message, hint].filter(Boolean).join(' ')).join('\n');
    if (now !== before && now !== '') {
      log.warn(now);
    }
    before = now;
  };
}

interface Followed {
  readonly session: ClusterSession;
  readonly listeners: Disposable;
}

/** How long a document that is opened waits for its cluster. */
const readyTimeoutMs = 30_000;
