import type { Disposable } from '../../../src/base/disposable';
import type { Change, Storage } from './storage';

/** How many changes of one resource are kept for watches that resume; kube-apiserver keeps 100 to 102,400. */
const defaultWindow = 10_000;

interface History {
  changes: Change[];
  /** Changes up to and including this revision are gone. */
  floor: number;
  readonly listeners: Set<(change: Change) => void>;
}

/** The recent changes of every resource, and who wants to hear the next ones. */
export class WatchHub implements Disposable {
  readonly #histories = new Map<string, History>();
  readonly #subscription: Disposable;
  readonly #storage: Storage;
  readonly #window: number;
  /** Nothing is known of what happened up to here. */
  #floor: number;

  constructor(storage: Storage, window = defaultWindow) {
    this.#storage = storage;
    this.#window = window;
    this.#floor = storage.revision;
    this.#subscription = storage.onDidChange((change) => this.#record(change));
  }

  /** Changes after `revision`; or, when they are no longer all known, the revision from which on they are. */
  since(resource: string, revision: number): readonly Change[] | { readonly tooOld: number } {
    const history = this.#history(resource);
    if (revision < history.floor) {
      return { tooOld: history.floor };
    }
    let first = history.changes.length;
    while (first > 0 && history.changes[first - 1]!.stored.revision > revision) {
      first--;
    }
    return history.changes.slice(first);
  }

  listen(resource: string, listener: (change: Change) => void): Disposable {
    const { listeners } = this.#history(resource);
    listeners.add(listener);
    return { dispose: () => void listeners.delete(listener) };
  }

  /** Forgets the past, so that watches from before now are too old. */
  compact(): void {
    this.#floor = this.#storage.revision;
    for (const history of this.#histories.values()) {
      history.changes = [];
      history.floor = this.#floor;
    }
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#histories.clear();
  }

  #record(change: Change): void {
    const history = this.#history(change.resource);
    history.changes.push(change);
    // Cut in halves, so that each change is moved at most once.
    if (history.changes.length > this.#window * 2) {
      history.floor = history.changes[history.changes.length - this.#window - 1]!.stored.revision;
      history.changes = history.changes.slice(-this.#window);
    }
    for (const listener of [...history.listeners]) {
      listener(change);
    }
  }

  #history(resource: string): History {
    let history = this.#histories.get(resource);
    if (!history) {
      history = { changes: [], floor: this.#floor, listeners: new Set() };
      this.#histories.set(resource, history);
    }
    return history;
  }
}
