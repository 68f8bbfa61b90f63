import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import type { Event } from '../base/event';
import type { Noticed } from '../domain/attentionRules';
import type { ClusterView, KindState } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import type { KubeObject } from '../domain/kubeObject';
import { knownKind } from '../domain/kinds/index';
import type { Problem } from '../domain/problem';
import { NoticedIndex } from './noticedIndex';
import { ObjectIndex } from './objectIndex';
import { ReferenceIndex } from './referenceIndex';
import { sharedWith } from './share';
import type { Change } from './watch';

/** All namespaces, or a kind without namespaces. */
export const everywhere = '';

interface Entry {
  readonly kind: KindId;
  readonly objects: ObjectIndex;
  readonly references: ReferenceIndex;
  readonly noticed: NoticedIndex;
  /** The scopes that are followed: `everywhere` alone, or namespaces. */
  scopes: Map<string, Scope>;
  /** Why not all namespaces are followed. */
  partial: Problem | undefined;
  state: KindState;
  /** By scope: what the list that is under way has held so far; absent where nothing was known before it, so that nothing can be gone. */
  readonly listed: Map<string, Set<KubeObject>>;
  /** The lists that are under way have brought news, which is told at their end. */
  isDifferent: boolean;
}

type Scope =
  | { readonly phase: 'loading' | 'live' }
  | { readonly phase: 'stale'; readonly problem: Problem; readonly sinceMs: number }
  | { readonly phase: 'failed'; readonly problem: Problem };

/** One object as it was written, or removed. */
export interface Written {
  readonly object: KubeObject;
  readonly isGone: boolean;
}

/** The objects of one cluster. Only watches write it. */
export class Store implements Pick<ClusterView, 'state' | 'list' | 'get' | 'referring' | 'noticed'>, Disposable {
  readonly #kinds = new Map<KindId, Entry>();
  readonly #changed: Emitter<KindId>;
  readonly #written = new Map<KindId, Emitter<Written>>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#changed = new Emitter(onError);
    this.#onError = onError;
  }

  /** Objects or state of a kind are different now. */
  get onDidChange(): Event<KindId> {
    return this.#changed.event;
  }

  /** Every single write of a kind, in order, for who must miss none: `onDidChange` folds what came together. */
  onDidWrite(kind: KindId): Event<Written> {
    const known = this.#written.get(kind) ?? new Emitter<Written>(this.#onError);
    this.#written.set(kind, known);
    return known.event;
  }

  state(kind: KindId): KindState {
    return this.#kinds.get(kind)?.state ?? { phase: 'unlisted' };
  }

  list(kind: KindId, namespace?: string): readonly KubeObject[] | undefined {
    const entry = this.#kinds.get(kind);
    return entry && isKnown(entry, namespace) ? entry.objects.list(namespace) : undefined;
  }

  get(kind: KindId, name: string, namespace?: string): KubeObject | null | undefined {
    const entry = this.#kinds.get(kind);
    if (!entry) {
      return undefined;
    }
    const object = entry.objects.get(name, namespace);
    return object ?? (isKnown(entry, namespace ?? everywhere) ? null : undefined);
  }

  referring(kind: KindId, to: KindId, name: string, namespace?: string): readonly KubeObject[] | undefined {
    const entry = this.#kinds.get(kind);
    if (!entry || !isKnown(entry, namespace)) {
      return undefined;
    }
    return entry.references.referring(to, name, namespace);
  }

  noticed(kind: KindId): readonly Noticed[] | undefined {
    const entry = this.#kinds.get(kind);
    return entry && isKnown(entry, undefined) ? entry.noticed.list() : undefined;
  }

  /** From now on these scopes are followed, `partial` being why not all; what is known of others is forgotten. */
  follow(kind: KindId, scopes: readonly string[], partial?: Problem): void {
    let entry = this.#kinds.get(kind);
    if (!entry) {
      const objects = new ObjectIndex();
      entry = { kind, objects, references: new ReferenceIndex(knownKind(kind), objects), noticed: new NoticedIndex(kind), scopes: new Map(), partial, state: { phase: 'unlisted' }, listed: new Map(), isDifferent: false };
      this.#kinds.set(kind, entry);
    }
    const old = entry.scopes;
    entry.partial = partial;
    entry.scopes = new Map(scopes.map((scope) => [scope, old.get(scope) ?? { phase: 'loading' }]));
    const gone = entry.scopes.has(everywhere) ? [] : entry.objects.outside(entry.scopes);
    for (const object of gone) {
      this.#remove(entry, object);
    }
    this.#settle(kind, entry, gone.length > 0);
  }

  /** Writes what a watch has said about one scope of a kind; nothing when that scope is no longer followed. */
  apply(kind: KindId, scope: string, change: Change): void {
    this.applyAll(kind, scope, [change]);
  }

  /** As `apply`, with one event for all objects that were set and deleted. */
  applyAll(kind: KindId, scope: string, changes: readonly Change[]): void {
    const entry = this.#kinds.get(kind);
    if (!entry?.scopes.has(scope)) {
      return;
    }
    let isDifferent = false;
    for (const change of changes) {
      switch (change.type) {
        case 'set':
          isDifferent = this.#set(entry, change.object) || isDifferent;
          break;
        case 'deleted':
          isDifferent = this.#remove(entry, change.object) || isDifferent;
          break;
        case 'page':
        case 'listed':
        case 'resumed':
        case 'failed':
          this.#applyState(kind, entry, scope, change);
          break;
      }
    }
    if (isDifferent) {
      this.#changed.fire(kind);
    }
  }

  #applyState(kind: KindId, entry: Entry, scope: string, change: Exclude<Change, { readonly type: 'set' | 'deleted' }>): void {
    switch (change.type) {
      case 'page':
        this.#take(entry, scope, change.objects, !change.isFirst);
        return;
      case 'listed':
        this.#take(entry, scope, change.objects, change.isContinued ?? false);
        this.#removeGone(entry, scope);
        entry.scopes.set(scope, { phase: 'live' });
        this.#settle(kind, entry, entry.isDifferent);
        entry.isDifferent = false;
        return;
      case 'resumed':
        entry.scopes.set(scope, { phase: 'live' });
        break;
      case 'failed': {
        const { problem, sinceMs } = change;
        entry.scopes.set(scope, sinceMs === undefined ? { phase: 'failed', problem } : { phase: 'stale', problem, sinceMs });
        break;
      }
    }
    this.#settle(kind, entry, false);
  }

  /** Nothing is known of the kind any more. */
  forget(kind: KindId): void {
    if (this.#kinds.delete(kind)) {
      this.#changed.fire(kind);
    }
  }

  dispose(): void {
    this.#changed.dispose();
    this.#written.clear();
    this.#kinds.clear();
  }

  /** Takes in a part of a list and notes which objects it holds. */
  #take(entry: Entry, scope: string, objects: readonly KubeObject[], isContinued: boolean): void {
    if (!isContinued) {
      entry.listed.delete(scope);
      if (entry.objects.size(namespaceOf(scope)) > 0) {
        entry.listed.set(scope, new Set());
      }
    }
    const listed = entry.listed.get(scope);
    for (const object of objects) {
      const { name, namespace } = object.metadata;
      const known = entry.objects.get(name, namespace);
      if (this.#set(entry, object, known)) {
        entry.isDifferent = true;
        if (known) {
          listed?.delete(known);
        }
        listed?.add(object);
      } else if (known) {
        listed?.add(known);
      }
    }
  }

  /** Removes what the list that has just ended does not hold. */
  #removeGone(entry: Entry, scope: string): void {
    const listed = entry.listed.get(scope);
    entry.listed.delete(scope);
    const namespace = namespaceOf(scope);
    if (!listed || listed.size === entry.objects.size(namespace)) {
      return;
    }
    for (const object of entry.objects.list(namespace)) {
      if (!listed.has(object)) {
        entry.isDifferent = this.#remove(entry, object) || entry.isDifferent;
      }
    }
  }

  #set(entry: Entry, object: KubeObject, known = entry.objects.get(object.metadata.name, object.metadata.namespace)): boolean {
    const { uid, resourceVersion } = object.metadata;
    if (known && resourceVersion !== undefined && known.metadata.uid === uid && known.metadata.resourceVersion === resourceVersion) {
      return false;
    }
    entry.objects.set(known ? sharedWith(known, object) : object);
    entry.references.changed(known, object);
    entry.noticed.changed(known, object);
    this.#written.get(entry.kind)?.fire({ object, isGone: false });
    return true;
  }

  #remove(entry: Entry, { metadata }: KubeObject): boolean {
    const known = entry.objects.get(metadata.name, metadata.namespace);
    if (known) {
      entry.objects.delete(metadata.name, metadata.namespace);
      entry.references.changed(known, undefined);
      entry.noticed.changed(known, undefined);
      this.#written.get(entry.kind)?.fire({ object: known, isGone: true });
    }
    return known !== undefined;
  }

  #settle(kind: KindId, entry: Entry, isDifferent: boolean): void {
    const state = stateOf(entry);
    const isSameState = JSON.stringify(state) === JSON.stringify(entry.state);
    entry.state = state;
    if (isDifferent || !isSameState) {
      this.#changed.fire(kind);
    }
  }
}

/** As `ObjectIndex` calls a scope; `undefined`: all namespaces. */
function namespaceOf(scope: string): string | undefined {
  return scope === everywhere ? undefined : scope;
}

/** Whether absence means "does not exist": everything, or the one namespace, has been listed. */
function isKnown({ scopes }: Entry, namespace: string | undefined): boolean {
  if (scopes.has(everywhere)) {
    return isListed(scopes.get(everywhere));
  }
  return namespace === undefined ? [...scopes.values()].some(isListed) : isListed(scopes.get(namespace));
}

function isListed(scope: Scope | undefined): boolean {
  return scope?.phase === 'live' || scope?.phase === 'stale';
}

function stateOf({ scopes, partial }: Entry): KindState {
  const named = scopes.has(everywhere) ? undefined : { namespaces: [...scopes].filter(([, { phase }]) => phase === 'live' || phase === 'stale').map(([name]) => name) };
  const all = [...scopes.values()];
  const stale = all.filter((scope) => scope.phase === 'stale');
  const failed = all.filter((scope) => scope.phase === 'failed');
  if (stale[0]) {
    return { phase: 'stale', sinceMs: Math.min(...stale.map(({ sinceMs }) => sinceMs)), problem: stale[0].problem, ...named };
  }
  if (all.some(({ phase }) => phase === 'live')) {
    // A namespace that may not be read is no news where most may not.
    const missing = failed.find(({ problem }) => problem.reason !== 'forbidden')?.problem ?? partial;
    return { phase: 'live', ...named, ...(missing && { partial: missing }) };
  }
  return failed[0] && failed.length === all.length ? { phase: 'failed', problem: partial ?? failed[0].problem } : { phase: 'loading' };
}
