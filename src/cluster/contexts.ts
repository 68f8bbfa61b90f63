import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Event } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { Problem } from '../domain/problem';
import { connect } from './connection';
import { ExecPlugins } from './execPlugin';
import { loadKubeConfig } from './kubeConfig';
import type { ContextRef, KubeConfigSource } from './kubeConfig';
import { Session } from './session';

export interface ContextsOptions {
  readonly sources: () => readonly KubeConfigSource[];
  readonly userAgent: string;
  readonly log: (message: string) => void;
  readonly isReadOnly?: (context: ContextRef) => boolean;
  /** Where to look in this context when the user may not list all namespaces. */
  readonly namespaces?: (context: ContextRef) => readonly string[];
  /** Asked before a credential plugin that nobody has approved yet is run: its full path and arguments. */
  readonly mayRun?: (command: string, args: readonly string[], signal: AbortSignal) => Promise<boolean>;
  readonly clock?: Clock;
  readonly env?: NodeJS.ProcessEnv;
  readonly execTimeoutMs?: number;
}

/** All contexts of all kubeconfigs, and the sessions of those in use. */
export class Contexts implements Disposable {
  readonly #options: ContextsOptions;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #changed: Emitter<void>;
  readonly #plugins: ExecPlugins;
  readonly #sessions = new Map<string, Session>();
  #contexts: readonly ContextRef[] = [];
  #problems: readonly Problem[] = [];

  constructor(options: ContextsOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#changed = this.#owned.add(new Emitter<void>((error) => options.log(String(error))));
    this.#plugins = this.#owned.add(new ExecPlugins({
      clock: this.#clock, log: options.log, environment: () => Promise.resolve(options.env ?? process.env), mayRun: options.mayRun ?? (() => Promise.resolve(true)),
      ...(options.execTimeoutMs !== undefined && { timeoutMs: options.execTimeoutMs }),
    }));
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

  /** Reads the kubeconfigs again. Sessions whose entries are the same go on; others are replaced. Never throws. */
  async reload(): Promise<void> {
    const { contexts, problems } = await loadKubeConfig(this.#options.sources());
    if (this.#owned.isDisposed) {
      return;
    }
    this.#contexts = contexts;
    this.#problems = problems;
    this.#changed.fire();
  }

  /** The session of a context, made and started when there is none yet; `undefined` when there is no such context. */
  session(id: string): Session | undefined {
    const existing = this.#sessions.get(id);
    const context = this.#contexts.find((candidate) => candidate.id === id);
    if (existing || !context || this.#owned.isDisposed) {
      return existing;
    }
    const session = this.#open(context);
    this.#sessions.set(id, session);
    session.start();
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

  #open(context: ContextRef): Session {
    const { userAgent, log, isReadOnly, namespaces, env } = this.#options;
    return new Session({
      context, userAgent, clock: this.#clock, log: (message) => log(`[${context.id}] ${message}`),
      connection: connect(context, { plugins: this.#plugins, clock: this.#clock, ...(env && { env }) }),
      ...(isReadOnly && { isReadOnly: () => isReadOnly(context) }), ...(namespaces && { namespaces: () => namespaces(context) }),
    });
  }
}
