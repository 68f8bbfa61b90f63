import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import { fetchOpenApi, type OpenApi } from './openApi';
import type { Session } from './session';

/** What is needed of a session. */
export type DescribedCluster = Pick<Session, 'api' | 'view'>;

export interface SchemaWatchOptions {
  readonly clock: Clock;
  /** Another description of the kinds is known now. */
  readonly onDidChange: () => void;
  readonly onFailure: (error: unknown) => void;
}

/** How soon another release of the platform, or a changed definition, is noticed while manifests are open. */
const intervalMs = 30_000;

/** What the connected cluster says about its kinds, asked again and again while manifests are looked at. */
export class SchemaWatch implements Disposable {
  readonly #options: SchemaWatchOptions;
  readonly #known = new WeakMap<DescribedCluster, OpenApi>();
  #followed: { readonly session: DescribedCluster; readonly ended: AbortController; timer?: Disposable; hasFailed?: boolean } | undefined;

  constructor(options: SchemaWatchOptions) {
    this.#options = options;
  }

  /** `undefined` while the cluster has not told, or may not. */
  of(session: DescribedCluster | undefined): OpenApi | undefined {
    return session && this.#known.get(session);
  }

  /** Asks this cluster, once it is connected, until another one is followed. */
  follow(session: DescribedCluster | undefined): void {
    const wanted = session?.view.kinds ? session : undefined;
    if (wanted === this.#followed?.session) {
      return;
    }
    this.dispose();
    this.#followed = wanted && { session: wanted, ended: new AbortController() };
    void this.#ask();
  }

  dispose(): void {
    this.#followed?.ended.abort(new Error('Disposed'));
    this.#followed?.timer?.dispose();
    this.#followed = undefined;
  }

  async #ask(): Promise<void> {
    const followed = this.#followed;
    if (!followed) {
      return;
    }
    const { session, ended } = followed;
    const known = this.#known.get(session);
    try {
      const described = await fetchOpenApi(session.api, known, ended.signal);
      if (!ended.signal.aborted && described !== known) {
        if (described) {
          this.#known.set(session, described);
        } else {
          this.#known.delete(session);
        }
        this.#options.onDidChange();
      }
    } catch (error) {
      // Whoever may not ask keeps what is bundled.
      if (!ended.signal.aborted && !followed.hasFailed) {
        followed.hasFailed = true;
        this.#options.onFailure(error);
      }
    }
    if (!ended.signal.aborted) {
      followed.timer = this.#options.clock.after(intervalMs, () => void this.#ask());
    }
  }
}
