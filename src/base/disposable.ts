export interface Disposable {
  dispose(): void;
}

/** Owns disposables. What is added after `dispose` is disposed at once, so that nothing created after a late `await` leaks. */
export class DisposableStore implements Disposable {
  readonly #items = new Set<Disposable>();
  #disposed = false;

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership of `item` and hands it back. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) {
      item.dispose();
    } else {
      this.#items.add(item);
    }
    return item;
  }

  /** Disposes `item` now instead of with the rest. */
  delete(item: Disposable): void {
    if (this.#items.delete(item)) {
      item.dispose();
    }
  }

  /** Disposes in reverse order of addition, each item even if others throw; then throws an `AggregateError` of what was thrown. */
  dispose(): void {
    this.#disposed = true;
    const errors: unknown[] = [];
    for (const item of [...this.#items].reverse()) {
      try {
        item.dispose();
      } catch (error) {
        errors.push(error);
      }
    }
    this.#items.clear();
    if (errors.length > 0) {
      throw new AggregateError(errors, 'Errors while disposing');
    }
  }
}

export function toDisposable(dispose: () => void): Disposable {
  return { dispose };
}
