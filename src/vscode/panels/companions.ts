import type { Disposable } from '../../base/disposable';
import { DisposableStore } from '../../base/disposable';
import type { ClusterSession } from '../clusters';

/** Has further kinds of one session followed while somebody looks at a panel that speaks of them. */
export class Companions implements Disposable {
  readonly #kinds: readonly string[];
  #session: ClusterSession | undefined;
  #watches = new DisposableStore();

  constructor(kinds: readonly string[]) {
    this.#kinds = kinds;
  }

  /** Of this session from now on; `undefined`: of none. */
  follow(session: ClusterSession | undefined): void {
    if (session !== this.#session) {
      this.#watches.dispose();
      this.#watches = new DisposableStore();
      this.#session = session;
      if (session) {
        this.#kinds.forEach((kind) => this.#watches.add(session.watch(kind)));
      }
    }
  }

  dispose(): void {
    this.follow(undefined);
  }
}
