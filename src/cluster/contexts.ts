import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Event } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { Problem } from '../domain/problem';
import { connect } from './connection';
import { ExecPlugins } from './execPlugin';
import { FileWatch } from './fileWatch';
import { loadKubeConfig } from './kubeConfig';
import type { ContextRef, KubeConfigSource } from './kubeConfig';
import { isAllowed, pluginRules } from './kuberc';
import { loginEnvironment } from './loginShell';
import { findProgram } from './program';
import { Session } from './session';

export interface ContextsOptions {
  readonly sources: () => readonly KubeConfigSource[];
  readonly userAgent: string;
  readonly log: (message: string) => void;
  readonly isReadOnly?: (context: ContextRef) => boolean;
  /** Where to look in this context when the user may not list all namespaces. */
  readonly namespaces?: (context: ContextRef) => readonly string[];
  /** Asked before a credential plugin is run of which the user's kuberc says nothing: full path and arguments. Absent: none is run. */
  readonly mayRun?: (command: string, args: readonly string[], signal: AbortSignal) => Promise<boolean>;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  readonly execTimeoutMs?: number;
  /** Where `.kube/kuberc` is looked for; default: the user's home. */
  readonly home?: string;
  /** The environment of credential plugins; default: with the `PATH` of the login shell. */
  readonly environment?: (env: NodeJS.ProcessEnv, clock: Clock) => Promise<NodeJS.ProcessEnv>;
}

/** All contexts of all kubeconfigs, and the sessions of those in use. */
export class Contexts implements Disposable {
  readonly #options: ContextsOptions;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #changed: Emitter<void>;
  readonly #plugins: ExecPlugins;
  readonly #files: FileWatch;
  #isWatching = false;
  /** One load after the other, so that the last to begin has the last word. */
  #loading: Promise<void> = Promise.resolve();
  readonly #sessions = new Map<string, Session>();
  #environment: Promise<NodeJS.ProcessEnv> | undefined;
  #contexts: readonly ContextRef[] = [];
  #problems: readonly Problem[] = [];

  constructor(options: ContextsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    const env = options.env ?? process.env;
    this.#changed = this.#owned.add(new Emitter<void>((error) => options.log(String(error))));
    this.#plugins = this.#owned.add(new ExecPlugins({
      clock: this.#clock, log: options.log, environment: () => this.#environment ??= (options.environment ?? loginEnvironment)(env, this.#clock),
      mayRun: (command, args, pluginEnv, signal) => this.#mayRun(command, args, pluginEnv, signal),
      ...(options.execTimeoutMs !== undefined && { timeoutMs: options.execTimeoutMs }),
    }));
    this.#files = this.#owned.add(new FileWatch(this.#clock, () => options.sources().flatMap(({ files }) => files), () => void this.reload()));
  }

  /** Contexts, problems or sessions are different now. */
  get onDidChange(): Event<void> {
    return this.#changed.event;
  }

  /** Empty until `reload` has answered for the first time. */
  get contexts(): readonly ContextRef[] {
    return this.#contexts;
  }

  /** What is wrong with the kubeconfigs. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The sessions in use. */
  get sessions(): readonly Session[] {
    return [...this.#sessions.values()];
  }

  /**
   * Reads the kubeconfigs, and from then on whenever they change. Sessions whose entries are the same go on, others are replaced.
   * What a file held that cannot be read any more stays. Never throws.
   */
  reload(): Promise<void> {
    return this.#loading = this.#loading.then(() => this.#load());
  }

  /** The session of a context, made and started when there is none yet; `undefined` when there is no such context. */
  session(id: string): Session | undefined {
    const existing = this.#sessions.get(id);
    const context = this.#contexts.find((candidate) => candidate.id === id);
    if (existing || !context || this.#owned.isDisposed) {
      return existing;
    }
    const session = this.#start(context);
    this.#changed.fire();
    return session;
  }

  /** Ends the session of a context, if it has one. */
  disconnect(id: string): void {
    const session = this.#sessions.get(id);
    if (this.#sessions.delete(id)) {
      session?.dispose();
      this.#changed.fire();
    }
  }

  dispose(): void {
    for (const session of this.#sessions.values()) {
      session.dispose();
    }
    this.#sessions.clear();
    this.#owned.dispose();
  }

  async #load(): Promise<void> {
    if (!this.#isWatching) {
      this.#isWatching = true;
      await this.#files.start();
    }
    const { contexts, problems, brokenFiles } = await loadKubeConfig(this.#options.sources());
    if (this.#owned.isDisposed) {
      return;
    }
    const ids = new Set(contexts.map(({ id }) => id));
    const kept = this.#contexts.filter(({ id, file }) => brokenFiles.includes(file) && !ids.has(id));
    this.#contexts = [...contexts, ...kept];
    this.#problems = problems;
    for (const [id, session] of [...this.#sessions]) {
      const context = this.#contexts.find((candidate) => candidate.id === id);
      if (context?.revision !== session.context.revision) {
        this.#options.log(`The context "${id}" ${context ? 'has changed' : 'is gone'}`);
        this.#sessions.delete(id);
        session.dispose();
        if (context) {
          this.#start(context);
        }
      }
    }
    this.#changed.fire();
  }

  #start(context: ContextRef): Session {
    const { userAgent, log, isReadOnly, namespaces, env } = this.#options;
    const session = new Session({
      context, userAgent, clock: this.#clock, log: (message) => log(`[${context.id}] ${message}`),
      connection: connect(context, { plugins: this.#plugins, clock: this.#clock, ...(env && { env }) }),
      ...(isReadOnly && { isReadOnly: () => isReadOnly(context) }), ...(namespaces && { namespaces: () => namespaces(context) }),
    });
    this.#sessions.set(context.id, session);
    session.start();
    return session;
  }

  /** The user's kuberc decides; what it leaves open is asked. */
  async #mayRun(command: string, args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
    const rules = await pluginRules(this.#options.env ?? process.env, this.#options.home);
    return await isAllowed(rules, command, (name) => findProgram(name, env)) ?? await this.#options.mayRun?.(command, args, signal) ?? false;
  }
}
