import { Emitter } from '../base/event';
import { pageSize, type TreeOptions } from '../domain/treeNode';
import type { Memory } from './memory';
import type { Report } from './report';

/** How the user wants the tree: grouping, order, filter, and how far long lists were unfolded. */
export class ViewOptions {
  readonly #memory: Memory;
  readonly #changed: Emitter<void>;
  readonly #shown = new Map<string, number>();
  #options: TreeOptions;

  constructor(memory: Memory, report: Report) {
    this.#memory = memory;
    this.#changed = new Emitter((error) => report.background('View options', error));
    this.#options = memory.get('options');
  }

  get onDidChange() {
    return this.#changed.event;
  }

  get current(): TreeOptions {
    return this.#options;
  }

  /** By id of a node: siblings shown below it. */
  get shown(): ReadonlyMap<string, number> {
    return this.#shown;
  }

  /** `isKept`: false while the user is still typing. */
  set(options: Partial<TreeOptions>, isKept = true): void {
    this.#options = { ...this.#options, ...options };
    if (isKept) {
      this.#memory.set('options', this.#options);
    }
    this.#changed.fire();
  }

  showMore(nodeId: string): void {
    this.#shown.set(nodeId, (this.#shown.get(nodeId) ?? pageSize) + pageSize);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
