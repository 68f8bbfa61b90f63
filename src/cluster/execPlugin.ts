import path from 'node:path';
import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import { isRecord } from '../domain/kubeObject';
import type { Credential } from './credentials';
import { ClusterError } from './errors';
import { runPlugin } from './execProcess';
import { textOf } from './kubeConfigFile';

type Entry = Readonly<Record<string, unknown>>;

/** `exec` of a user entry. */
export interface ExecSpec {
  /** As written, or absolute when it was written with a folder. */
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly apiVersion: string;
  readonly interactiveMode: 'Never' | 'IfAvailable' | 'Always';
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly user: string;
}

export interface ExecOptions {
  readonly clock: Clock;
  readonly log: (message: string) => void;
  /** The environment that plugins start from. */
  readonly environment: () => Promise<NodeJS.ProcessEnv>;
  /** Asked before a program runs, `command` being its full path; must remember its own answers. */
  readonly mayRun: (command: string, args: readonly string[], env: NodeJS.ProcessEnv, signal: AbortSignal) => Promise<boolean>;
  readonly timeoutMs?: number;
}

interface Held {
  credential: Promise<Credential>;
  /** Known once the plugin has answered. */
  value?: Credential;
  expiresAtMs: number;
  /** Callers that wait for it: when the last of them gives up, the plugin is ended. */
  waiting: number;
  readonly ended: AbortController;
}

/** Signing in may open a browser and wait for a person. */
const defaultTimeoutMs = 120_000;

/** A credential is renewed this much before it expires, so that a slow request does not arrive too late. */
const expirySkewMs = 10_000;

/** Runs credential plugins and keeps what they give, shared by all contexts that name the same plugin, environment and cluster. */
export class ExecPlugins implements Disposable {
  readonly #options: ExecOptions;
  readonly #held = new Map<string, Held>();

  constructor(options: ExecOptions) {
    this.#options = options;
  }

  /** A valid credential, from memory or by running the plugin once, however many ask at the same time. Throws `ClusterError`. */
  async credential(spec: ExecSpec, clusterInfo: Entry, signal: AbortSignal): Promise<Credential> {
    signal.throwIfAborted();
    const key = JSON.stringify([spec.command, spec.args, spec.env, spec.apiVersion, clusterInfo]);
    let held = this.#held.get(key);
    if (!held || held.ended.signal.aborted || held.expiresAtMs - expirySkewMs <= this.#options.clock.now()) {
      held = this.#run(key, spec, clusterInfo);
    }
    return this.#wait(held, signal);
  }

  /** Forgets a credential that a server refused, so that the next request runs the plugin again. */
  drop(rejected: Credential): void {
    for (const [key, { value }] of this.#held) {
      if (value && (value.token !== undefined ? value.token === rejected.token : value.certificate?.cert === rejected.certificate?.cert)) {
        this.#held.delete(key);
      }
    }
  }

  /** Ends plugins that still run. */
  dispose(): void {
    for (const held of this.#held.values()) {
      held.ended.abort(new Error('Disposed'));
    }
    this.#held.clear();
  }

  #run(key: string, spec: ExecSpec, clusterInfo: Entry): Held {
    const { timeoutMs = defaultTimeoutMs } = this.#options;
    const ended = new AbortController();
    const credential = runPlugin(spec, clusterInfo, { ...this.#options, timeoutMs }, ended.signal).then((result) => {
      held.value = result.credential;
      held.expiresAtMs = result.expiresAtMs ?? Number.POSITIVE_INFINITY;
      return result.credential;
    });
    const held: Held = { credential, expiresAtMs: Number.POSITIVE_INFINITY, waiting: 0, ended };
    credential.catch(() => {
      if (this.#held.get(key) === held) {
        this.#held.delete(key);
      }
    });
    this.#held.set(key, held);
    return held;
  }

  async #wait(held: Held, signal: AbortSignal): Promise<Credential> {
    held.waiting++;
    let onAbort = () => undefined as void;
    const cancelled = new Promise<never>((_, reject) => {
      onAbort = () => reject(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([held.credential, cancelled]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      held.waiting--;
      if (held.waiting === 0 && signal.aborted && !held.value) {
        held.ended.abort(new Error('Nobody waits for it'));
      }
    }
  }
}

/** Reads the `exec` part of the user `user` in `file`. Throws a `ClusterError` when it cannot be run as it stands. */
export function execSpecOf(exec: unknown, file: string, user: string): ExecSpec {
  const wrong = (message: string) => new ClusterError('configuration', message, { hint: t('Correct the kubeconfig "{0}".', file) });
  const entry = isRecord(exec) ? exec : {};
  const command = textOf(entry, 'command');
  if (command === undefined) {
    throw wrong(t('The credential plugin of user "{0}" has no "command".', user));
  }
  const args = entry['args'] ?? [];
  const env = entry['env'] ?? [];
  if (!Array.isArray(args) || !Array.isArray(env)) {
    throw wrong(t('"args" and "env" of the credential plugin of user "{0}" must be lists.', user));
  }
  const apiVersion = textOf(entry, 'apiVersion') ?? '';
  if (!['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'].includes(apiVersion)) {
    throw wrong(t('The credential plugin of user "{0}" has the version "{1}", which is not supported.', user, apiVersion));
  }
  const mode = textOf(entry, 'interactiveMode') ?? 'IfAvailable';
  if (mode !== 'Never' && mode !== 'IfAvailable' && mode !== 'Always') {
    throw wrong(t('"interactiveMode" of the credential plugin of user "{0}" is "{1}", which is not known.', user, mode));
  }
  return {
    command: /[/\\]/.test(command) ? path.resolve(path.dirname(file), command) : command,
    args: args.map(String),
    env: Object.fromEntries(env.filter(isRecord).map((pair) => [textOf(pair, 'name') ?? '', textOf(pair, 'value') ?? '']).filter(([name]) => name !== '')) as Record<string, string>,
    apiVersion, interactiveMode: mode, user,
    installHint: textOf(entry, 'installHint'),
    provideClusterInfo: entry['provideClusterInfo'] === true,
  };
}
