import type { Disposable } from '../base/disposable';
import { systemClock } from '../base/timing';
import { when } from '../base/when';
import type { ClusterSession } from './clusters';

/** How long Events of a cluster are followed after somebody looked at them last. */
const keptMs = 120_000;

interface Look {
  readonly watch: Disposable;
  timer: Disposable;
}

/** Has the Events of a cluster followed while somebody looks at them, and a little longer. */
export class RecentEvents {
  readonly #looks = new Map<ClusterSession, Look>();

  /** Resolves when the Events are known, at the latest after `waitMs`. */
  async look(session: ClusterSession, waitMs: number): Promise<void> {
    const look = this.#looks.get(session);
    if (look) {
      look.timer.dispose();
      look.timer = this.#endLater(session);
    } else {
      this.#looks.set(session, { watch: session.watch('Event'), timer: this.#endLater(session) });
    }
    const isKnown = () => (session.view.state('Event').phase === 'live' ? true : undefined);
    await when(session.onDidChange, isKnown, AbortSignal.timeout(waitMs)).catch(() => undefined);
  }

  dispose(): void {
    for (const session of [...this.#looks.keys()]) {
      this.#end(session);
    }
  }

  #endLater(session: ClusterSession): Disposable {
    return systemClock.after(keptMs, () => this.#end(session));
  }

  #end(session: ClusterSession): void {
    const look = this.#looks.get(session);
    this.#looks.delete(session);
    look?.timer.dispose();
    look?.watch.dispose();
  }
}
