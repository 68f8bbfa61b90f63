import { Emitter, type Event } from '../../../src/base/event';
import type { ApiObject } from './model';

/** One version of one object: bytes in the storage version, as etcd would keep it, and what selectors need of it. */
export interface Stored {
  /** `namespace/name`, or `/name`. */
  readonly key: string;
  readonly revision: number;
  /** Begins with `kind` and `apiVersion`, in this order. */
  readonly json: Buffer;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What happened to one object. `stored` of a deletion is the last state, with the revision of the deletion. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** `group/plural`. */
  readonly resource: string;
  readonly stored: Stored;
  readonly previous: Stored | undefined;
}

/** A collection at one revision, ordered by key. Never changes. */
export interface Snapshot { readonly revision: number; readonly items: readonly Stored[] }

/** The first revision; not 0 or 1, so that nobody confuses it with "any". */
const firstRevision = 1000;

/** All objects of the cluster in memory, under one growing revision. */
export class Storage {
  readonly #collections = new Map<string, Collection>();
  readonly #changes = new Emitter<Change>((error) => { throw error; });
  #revision = firstRevision;

  readonly onDidChange: Event<Change> = this.#changes.event;

  get revision(): number {
    return this.#revision;
  }

  /** The revision of the last change in a collection; 0 when it never had any. */
  revisionOf(resource: string): number {
    return this.#collections.get(resource)?.revision ?? 0;
  }

  get(resource: string, key: string): Stored | undefined {
    return this.#collections.get(resource)?.get(key);
  }

  /** The collection as it is now. Costs nothing until the collection changes. */
  snapshot(resource: string): Snapshot {
    return { revision: this.#revision, items: this.#collections.get(resource)?.share() ?? [] };
  }

  /** The resources that hold any object. */
  get resources(): readonly string[] {
    return [...this.#collections.keys()];
  }

  /** Stores `object` under its name with a new revision, which is also written into it. */
  put(resource: string, object: ApiObject): Stored {
    const collection = this.#collection(resource);
    const stored = this.#encode(object);
    const previous = collection.get(stored.key);
    collection.set(stored);
    this.#changes.fire({ type: previous ? 'MODIFIED' : 'ADDED', resource, stored, previous });
    return stored;
  }

  /** Removes the object; `last` is its final state, which watches receive. */
  remove(resource: string, last: ApiObject): Stored {
    const collection = this.#collection(resource);
    const stored = this.#encode(last);
    const previous = collection.get(stored.key);
    collection.delete(stored.key, stored.revision);
    this.#changes.fire({ type: 'DELETED', resource, stored, previous });
    return stored;
  }

  #collection(resource: string): Collection {
    let collection = this.#collections.get(resource);
    if (!collection) {
      collection = new Collection();
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  #encode(object: ApiObject): Stored {
    const revision = ++this.#revision;
    object.metadata.resourceVersion = String(revision);
    const { namespace = '', name, labels = {} } = object.metadata;
    const { kind, apiVersion, ...rest } = object;
    return { key: `${namespace}/${name}`, revision, json: Buffer.from(JSON.stringify({ kind, apiVersion, ...rest })), namespace, name, labels };
  }
}

/** A private copy of the stored object. */
export function decode(stored: Stored): ApiObject {
  return JSON.parse(stored.json.toString()) as ApiObject;
}

/**
 * Objects by key, and the same in order. The ordered array is copied on the first write after it was handed out, and
 * new objects are put into it only when it is asked for, so that thousands can be added one after another.
 */
class Collection {
  readonly #byKey = new Map<string, Stored>();
  readonly #added = new Map<string, Stored>();
  #ordered: Stored[] = [];
  #isShared = false;
  revision = 0;

  get(key: string): Stored | undefined {
    return this.#byKey.get(key);
  }

  share(): readonly Stored[] {
    if (this.#added.size > 0) {
      this.#ordered = merge(this.#ordered, [...this.#added.values()].sort((left, right) => (left.key < right.key ? -1 : 1)));
      this.#added.clear();
    }
    this.#isShared = true;
    return this.#ordered;
  }

  set(stored: Stored): void {
    if (!this.#byKey.has(stored.key) || this.#added.has(stored.key)) {
      this.#added.set(stored.key, stored);
    } else {
      this.#own()[lowerBound(this.#ordered, stored.key)] = stored;
    }
    this.#byKey.set(stored.key, stored);
    this.revision = stored.revision;
  }

  delete(key: string, revision: number): void {
    if (this.#byKey.delete(key) && !this.#added.delete(key)) {
      this.#own().splice(lowerBound(this.#ordered, key), 1);
    }
    this.revision = revision;
  }

  #own(): Stored[] {
    if (this.#isShared) {
      this.#ordered = this.#ordered.slice();
      this.#isShared = false;
    }
    return this.#ordered;
  }
}

/** Two ordered lists as one. */
function merge(left: readonly Stored[], right: readonly Stored[]): Stored[] {
  const result: Stored[] = [];
  let taken = 0;
  for (const item of left) {
    while (taken < right.length && right[taken]!.key < item.key) {
      result.push(right[taken++]!);
    }
    result.push(item);
  }
  return [...result, ...right.slice(taken)];
}

/** Index of the first item whose key is not below `key`. */
export function lowerBound(items: readonly Stored[], key: string): number {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (items[middle]!.key < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/** A value computed from collections, and again only after one of them changed. */
export function derived<T>(storage: Storage, resources: readonly string[], compute: () => T): () => T {
  let at = -1;
  let value: T;
  return () => {
    const now = resources.reduce((sum, resource) => sum + storage.revisionOf(resource), 0);
    if (now !== at) {
      at = now;
      value = compute();
    }
    return value;
  };
}
