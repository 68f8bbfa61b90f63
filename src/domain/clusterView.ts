import type { Noticed } from './attentionRules';
import type { Kind, KindId } from './kind';
import type { KubeObject } from './kubeObject';
import type { Problem } from './problem';

/**
 * Read-only picture of one cluster as one user may see it. Tree, language service and operations see nothing else of it.
 * Synchronous and in memory.
 */
export interface ClusterView {
  readonly connection: ConnectionState;

  /** The kinds that the cluster serves, platform first in the order of `kinds/index.ts`; `undefined` until discovery has answered. */
  readonly kinds: readonly ServedKind[] | undefined;

  /** How well the objects of a kind are known. */
  state(kind: KindId): KindState;

  /** `undefined` while the kind has never been listed: "not known" must never read as "does not exist". Do not mutate. */
  list(kind: KindId, namespace?: string): readonly KubeObject[] | undefined;

  /** `null` when the kind is listed there and has no such object, `undefined` while that is not known. Constant time. */
  get(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined;

  /** Objects of `kind` whose references (see `Kind.references`) name the object `to/namespace/name`. Constant time; `undefined` as in `list`. */
  referring(kind: KindId, to: KindId, name: string, namespace?: string): readonly KubeObject[] | undefined;

  /** The objects of a kind that are or with time will be worth a look, in no particular order; `undefined` as in `list`. The same array as long as it says the same. */
  noticed(kind: KindId): readonly Noticed[] | undefined;
}

export interface ServedKind extends Kind {
  /** The version that is read and written here, e.g. `v1alpha2`. */
  readonly version: string;
  /** As in discovery: `get`, `list`, `watch`, `create`, … */
  readonly verbs: readonly string[];
}

export type KindState =
  /** Nobody has asked for it yet, or the cluster does not serve it. */
  | { readonly phase: 'unlisted' }
  | { readonly phase: 'loading' }
  /** `namespaces`: the ones that were listed when the user may not list all; absent: all. `partial`: why others are missing. */
  | { readonly phase: 'live'; readonly namespaces?: readonly string[]; readonly partial?: Problem }
  /** The objects are the last known ones; `sinceMs` is when they were last known to be true (epoch). */
  | { readonly phase: 'stale'; readonly sinceMs: number; readonly problem: Problem; readonly namespaces?: readonly string[] }
  /** Never listed, and why. */
  | { readonly phase: 'failed'; readonly problem: Problem };

export type ConnectionState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'connecting' }
  | { readonly phase: 'live' }
  /** Was live. `sinceMs`: last contact; `retryAtMs`: when the next try begins; both epoch. */
  | { readonly phase: 'lost'; readonly sinceMs: number; readonly retryAtMs?: number; readonly problem: Problem }
  /** Never was live. */
  | { readonly phase: 'failed'; readonly retryAtMs?: number; readonly problem: Problem };
