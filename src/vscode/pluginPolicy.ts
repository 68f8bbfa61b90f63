import { t } from '@vscode/l10n';
import { programDigest } from '../cluster/programDigest';
import type { Memory } from './memory';
import type { Report } from './report';
import { setting } from './settings';

/** How long after the user connected something a question about it may still come. */
const askingPeriodMs = 60_000;

/** Decides whether a program that a kubeconfig names may run. Asks once per program and arguments, and only on behalf of the user. */
export class PluginPolicy {
  readonly #memory: Memory;
  readonly #report: Report;
  readonly #allowedOnce = new Set<string>();
  readonly #asking = new Map<string, Promise<boolean>>();
  /** Turned away since the user last started something. */
  readonly #denied = new Set<string>();
  #mayAskUntilMs = 0;

  constructor(memory: Memory, report: Report) {
    this.#memory = memory;
    this.#report = report;
  }

  /** The user connects something, so that for a while a question is no surprise. */
  userActed(): void {
    this.#denied.clear();
    this.#mayAskUntilMs = Date.now() + askingPeriodMs;
  }

  async mayRun(command: string, args: readonly string[]): Promise<boolean> {
    const policy = setting('credentialPlugins');
    const key = programDigest(command, args);
    if (policy !== 'ask' || this.#allowedOnce.has(key) || this.#memory.get('allowedPlugins').includes(key)) {
      return policy !== 'deny';
    }
    if (this.#denied.has(key) || Date.now() > this.#mayAskUntilMs) {
      return false;
    }
    // Several contexts may name the same program at the same time.
    const asked = this.#asking.get(key) ?? this.#ask(command, args, key).finally(() => this.#asking.delete(key));
    this.#asking.set(key, asked);
    return asked;
  }

  /** What may run without asking, for programs that cannot ask: digests of `programDigest`. `once`: until the editor is restarted. */
  get allowed(): { readonly policy: 'ask' | 'allow' | 'deny'; readonly always: readonly string[]; readonly once: readonly string[] } {
    return { policy: setting('credentialPlugins'), always: this.#memory.get('allowedPlugins'), once: [...this.#allowedOnce] };
  }

  forget(): void {
    this.#allowedOnce.clear();
    this.#memory.set('allowedPlugins', []);
  }

  async #ask(command: string, args: readonly string[], key: string): Promise<boolean> {
    const always = t('Allow');
    const once = t('Allow until restart');
    const answer = await this.#report.choose(
      t('Run "{0}" to sign in?', command),
      [t('The kubeconfig names this program to get credentials:'), [command, ...args].join(' '), t('Allow it only if you know it.')].join('\n\n'),
      always, once,
    );
    if (answer === always) {
      this.#memory.set('allowedPlugins', [...this.#memory.get('allowedPlugins'), key]);
    } else if (answer === once) {
      this.#allowedOnce.add(key);
    } else {
      this.#denied.add(key);
    }
    return answer !== undefined;
  }
}
