import type { ClusterView } from './clusterView';
import type { Health, KindId } from './kind';

/** What a tree is made of: everything that decides how it looks, as plain values. */
export interface TreeInput {
  readonly contexts: readonly TreeContext[];
  readonly options: TreeOptions;
  /** Epoch; ages and time limits are counted from it. */
  readonly nowMs: number;
  /** Siblings shown below a node, by its id; absent: the first page. "Load more" adds `pageSize`. */
  readonly shown?: ReadonlyMap<string, number>;
}

export interface TreeContext {
  /** Stable; part of the ids of all nodes below. */
  readonly id: string;
  readonly label: string;
  /** `undefined` while nobody has connected to it. */
  readonly view: ClusterView | undefined;
  /** Objects of other namespaces are left out; absent or empty: all. Cluster-scoped objects always stay. */
  readonly namespaces?: readonly string[];
}

export interface TreeOptions {
  /** How machines are grouped. */
  readonly groupBy: Grouping;
  readonly sort: TreeSort;
  /** Kept: objects whose name, node, address, class, phase or labels contain every word, ignoring case; empty: all. */
  readonly filter: string;
}

export type Grouping = 'none' | 'namespace' | 'node' | 'class' | 'phase' | { readonly label: string };

/** `health`: what is unwell first, then by name. `age`: newest first. */
export type TreeSort = 'health' | 'name' | 'age' | 'node';

/** How many siblings are shown before "Load more". */
export const pageSize = 500;

/** A place in the tree. Holds names, never objects, so that it stays valid while objects change; `id` says the same after a reload. */
export type TreeNode = ContextNode | KindNode | MoreNode | GroupNode | ObjectNode | LoadMoreNode | NoteNode | AttentionNode | AttentionItemNode;

export interface ContextNode extends Place { readonly type: 'context' }
export interface KindNode extends Place { readonly type: 'kind'; readonly kind: KindId }
/** Further kinds, folded. */
export interface MoreNode extends Place { readonly type: 'more' }
/** Machines with the same value of what they are grouped by; `''` when they have none. */
export interface GroupNode extends Place { readonly type: 'group'; readonly kind: KindId; readonly value: string }
export interface ObjectNode extends Place, ObjectRef { readonly type: 'object' }
/** "Load more": so many siblings are hidden. */
export interface LoadMoreNode extends Place { readonly type: 'loadMore'; readonly hidden: number }
/** A line instead of children: loading, empty, not allowed, not reachable. */
export interface NoteNode extends Place { readonly type: 'note'; readonly note: Note }
/** Root of "Needs attention". */
export interface AttentionNode extends Place { readonly type: 'attention' }
/** One thing that needs a person; `code` says what, see `attention.ts`. */
export interface AttentionItemNode extends Place, ObjectRef { readonly type: 'attentionItem'; readonly code: string }

interface Place {
  readonly id: string;
  /** `undefined` for roots. */
  readonly parent: TreeNode | undefined;
  /** Id of the context; `''` for the root of "Needs attention". */
  readonly context: string;
}

export interface ObjectRef {
  readonly kind: KindId;
  readonly name: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string | undefined;
}

export interface Note {
  readonly kind: 'loading' | 'empty' | 'info' | 'problem' | 'partial';
  readonly text: string;
  /** When the next try begins by itself; epoch. */
  readonly retryAtMs?: number;
  /** Longer explanation for the tooltip. */
  readonly detail?: string;
  /** The door out: a click on the row does it. */
  readonly action?: NoteAction;
}

/** What the skin offers on a note: `create` opens the picker or snippet of a kind. */
export type NoteAction = { readonly title: string; readonly do: 'connect' | 'retry' | 'clearFilter' | 'create' };

/** What one line of the tree shows. Everything a `TreeItem` needs except the tooltip of objects, which is made on demand. */
export interface TreeRow {
  readonly id: string;
  readonly label: string;
  readonly description: string;
  /** Codicon id; `''`: none. */
  readonly icon: string;
  /** Theme colour id; absent: plain. */
  readonly color?: string;
  readonly health: Health;
  readonly collapsible: 'none' | 'collapsed' | 'expanded';
  /** Words for `when` clauses: type of the node or kind of the object, then the operations that apply, e.g. `VirtualMachine vm.start`. */
  readonly contextValue: string;
  /** Plain text; objects have none here (see `tooltip.ts`). */
  readonly tooltip?: string;
  readonly accessibleLabel?: string;
  readonly action?: NoteAction;
}
