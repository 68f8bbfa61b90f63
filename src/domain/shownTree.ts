import type { TreeNode, TreeRow } from './treeNode';

/** A node that somebody looks at. The same object as long as its id is shown, because editors tell rows apart by identity. */
export interface ShownNode {
  readonly id: string;
  readonly parent: ShownNode | undefined;
  readonly node: TreeNode;
  readonly row: TreeRow;
}

/** How nodes become children and rows at the moment of asking. */
export interface TreeReader {
  childrenOf(node: TreeNode | undefined): readonly TreeNode[];
  rowOf(node: TreeNode): TreeRow;
  /** Epoch. */
  readonly nowMs: number;
}

interface Entry extends ShownNode {
  node: TreeNode;
  row: TreeRow;
  children: readonly Entry[] | undefined;
  /** It was reported as changed and nobody has asked for its children since. */
  isReported: boolean;
  /** When something below it was shown for the last time that is no more; epoch. */
  lastLossMs: number;
  /** Somebody took its row and has not asked for its children since. */
  isForgotten: boolean;
}

/** Rows that sum up are at most so far behind. */
const summaryIntervalMs = 1_000;

/** Remembers what of a tree is shown and finds the fewest nodes that have to be read again. */
export class ShownTree {
  readonly #entries = new Map<string, Entry>();
  #roots: readonly Entry[] | undefined;
  #areRootsReported = false;
  #lastLossMs = Number.NEGATIVE_INFINITY;
  #summariesDueMs = 0;
  /** When `changed` has to be asked again because it has left something for later; `undefined`: it has not. */
  postponedToMs: number | undefined;

  /** Reads the children of a node, or the roots, and remembers them as shown. */
  children(parent: ShownNode | undefined, reader: TreeReader): readonly ShownNode[] {
    const owner = parent && this.#entries.get(parent.id);
    if (parent && !owner) {
      return [];
    }
    const old = owner ? owner.children : this.#roots;
    const nodes = reader.childrenOf(owner?.node);
    const ids = new Set(nodes.map(({ id }) => id));
    for (const gone of old ?? []) {
      if (!ids.has(gone.id)) {
        this.#forget(gone);
        this.#lost(owner, reader.nowMs);
      }
    }
    const children = nodes.map((node) => this.#shown(node, owner, reader));
    if (owner) {
      owner.children = children;
      owner.isReported = false;
      owner.isForgotten = false;
    } else {
      this.#roots = children;
      this.#areRootsReported = false;
    }
    return children;
  }

  /**
   * The shown nodes whose row or children are no longer what was read; `undefined` stands for the roots. None of them is below another.
   * What rows sum up of the rows below them is looked at only now and then (`nowMs`: epoch): it takes long, and an editor reads a changed node with everything below it.
   */
  changed(reader: TreeReader, nowMs: number): readonly (ShownNode | undefined)[] {
    const withSummaries = nowMs >= this.#summariesDueMs;
    this.#summariesDueMs = withSummaries ? nowMs + summaryIntervalMs : this.#summariesDueMs;
    this.postponedToMs = undefined;
    if (!this.#roots || this.#areRootsReported) {
      return [];
    }
    const nodes = reader.childrenOf(undefined);
    if (!sameIds(this.#roots, nodes)) {
      this.#areRootsReported = true;
      return [undefined];
    }
    return this.#roots.flatMap((root, index) => [...this.#changedBelow(root, nodes[index] ?? root.node, reader, withSummaries)]);
  }

  get(id: string): ShownNode | undefined {
    return this.#entries.get(id);
  }

  /** When something was lost from among the siblings of a node, or from below them; epoch. Without any loss in the past. */
  lastLossBeside({ parent }: ShownNode): number {
    return parent ? this.#entries.get(parent.id)?.lastLossMs ?? Number.NEGATIVE_INFINITY : this.#lastLossMs;
  }

  /** The row of a node was taken: an editor forgets what is below it then and asks for that anew when it shows it. */
  taken({ id }: ShownNode): void {
    const entry = this.#entries.get(id);
    if (entry) {
      entry.isForgotten = entry.children !== undefined;
    }
  }

  /** The ids of all that an editor shows, has forgotten and has not asked for yet. */
  forgotten(isExpanded: (node: ShownNode) => boolean): ReadonlySet<string> {
    return new Set(forgottenBelow(this.#roots, this.#areRootsReported, isExpanded));
  }

  #shown(node: TreeNode, parent: Entry | undefined, reader: TreeReader): Entry {
    const known = this.#entries.get(node.id);
    if (known && known.parent === parent) {
      known.node = node;
      known.row = reader.rowOf(node);
      return known;
    }
    const entry: Entry = { id: node.id, parent, node, row: reader.rowOf(node), children: undefined, isReported: false, isForgotten: false, lastLossMs: Number.NEGATIVE_INFINITY };
    this.#entries.set(node.id, entry);
    return entry;
  }

  *#changedBelow(entry: Entry, node: TreeNode, reader: TreeReader, withSummaries: boolean): Iterable<Entry> {
    entry.node = node;
    // Who was told of new children asks for them as soon as the node is expanded; until then there is nothing to compare.
    const shown = entry.isReported ? undefined : entry.children;
    const isLater = !withSummaries && isSummary(node);
    const old = entry.row;
    if (isLater) {
      this.postponedToMs = this.#summariesDueMs;
    } else {
      entry.row = reader.rowOf(node);
    }
    const isOther = !sameRow(old, entry.row);
    const nodes = shown && !isOther ? reader.childrenOf(node) : [];
    if (isOther || (shown && !sameIds(shown, nodes))) {
      entry.row = isLater ? reader.rowOf(node) : entry.row;
      entry.isReported = entry.children !== undefined;
      yield entry;
      return;
    }
    for (const [index, child] of (shown ?? []).entries()) {
      yield* this.#changedBelow(child, nodes[index] ?? child.node, reader, withSummaries);
    }
  }

  #lost(from: Entry | undefined, nowMs: number): void {
    for (let entry = from; entry; entry = entry.parent && this.#entries.get(entry.parent.id)) {
      entry.lastLossMs = nowMs;
    }
    this.#lastLossMs = nowMs;
  }

  #forget(entry: Entry): void {
    this.#entries.delete(entry.id);
    entry.children?.forEach((child) => this.#forget(child));
  }
}

function* forgottenBelow(entries: readonly Entry[] | undefined, isForgotten: boolean, isExpanded: (node: ShownNode) => boolean): Iterable<string> {
  for (const entry of entries ?? []) {
    if (isForgotten) {
      yield entry.id;
    }
    if (isExpanded(entry)) {
      yield* forgottenBelow(entry.children, isForgotten || entry.isForgotten, isExpanded);
    }
  }
}

/** Whether the description counts what is below. */
function isSummary({ type }: TreeNode): boolean {
  return type === 'kind' || type === 'group' || type === 'more';
}

function sameIds(shown: readonly Entry[], nodes: readonly TreeNode[]): boolean {
  return shown.length === nodes.length && shown.every((entry, index) => entry.id === nodes[index]?.id);
}

function sameRow(a: TreeRow, b: TreeRow): boolean {
  return a.label === b.label && a.description === b.description && a.icon === b.icon && a.color === b.color
    && a.contextValue === b.contextValue && a.collapsible === b.collapsible && a.tooltip === b.tooltip && a.accessibleLabel === b.accessibleLabel;
}
