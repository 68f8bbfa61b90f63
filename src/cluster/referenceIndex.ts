import type { Kind, KindId, Reference } from '../domain/kind';
import { isRecord, keyOf } from '../domain/kubeObject';
import type { KubeObject, ObjectMeta } from '../domain/kubeObject';
import { knownKind } from '../domain/kinds/index';

/** An object of the indexed kind: its bare name when it is in the namespace of what it names, else `namespace/name`. */
type Referrer = string;

const none: readonly KubeObject[] = [];

/** Which objects of one kind name a given object. Brought up to date when asked or in idle time, not at every change. */
export class ReferenceIndex {
  readonly #finders: readonly Finder[];
  /** The parts of an object, as `spec`, that may name others: while they are the same values, nothing has to be looked at. */
  readonly #parts: readonly ((object: KubeObject) => unknown)[];
  /** By kind, namespace and name of the object that is named. One referrer alone, as most are, goes without a set; names are not copied. */
  readonly #referring = new Map<KindId, Map<string, Map<string, Referrer | Set<Referrer>>>>();
  /** What was new and has not been looked at yet; everything in `#before` came later. */
  #unseen: KubeObject[] = [];
  /** What has changed since the index was last asked: by key, the object as it was then; `undefined`: there was none. */
  readonly #before = new Map<string, KubeObject | undefined>();

  constructor(kind: Kind | undefined) {
    const references = kind?.references ?? [];
    this.#finders = references.map(finderOf);
    this.#parts = [...new Set(references.map(({ path }) => partOf(path)))].map((part) => part.startsWith(inMetadata) ? ({ metadata }) => field(metadata, part.slice(inMetadata.length)) : (object) => object[part]);
  }

  /** To be called for every object that was set or deleted; absent is what there was not before or is not now. */
  changed(before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (this.#finders.length === 0) {
      return;
    }
    if (!before && now && this.#before.size === 0) {
      this.#unseen.push(now);
      return;
    }
    const { metadata } = before ?? now ?? {};
    if (metadata && this.#parts.some((part) => !before || !now || part(before) !== part(now))) {
      const key = keyOf(metadata);
      if (!this.#before.has(key)) {
        this.#before.set(key, before);
      }
    }
  }

  /** The objects that name `to/namespace/name`; `get` finds the current objects of the indexed kind. */
  referring(to: KindId, name: string, namespace: string | undefined, get: (name: string, namespace: string) => KubeObject | undefined): readonly KubeObject[] {
    if (this.#unseen.length > 0 || this.#before.size > 0) {
      this.catchUp(get);
    }
    const home = homeOf(to, namespace);
    const referrers = this.#referring.get(to)?.get(home)?.get(name);
    // Asked several times for every row, and mostly nothing or one object names another.
    if (referrers === undefined) {
      return none;
    }
    const found: KubeObject[] = [];
    for (const referrer of typeof referrers === 'string' ? [referrers] : referrers) {
      const slash = referrer.indexOf('/');
      const object = slash < 0 ? get(referrer, home) : get(referrer.slice(slash + 1), referrer.slice(0, slash));
      if (object) {
        found.push(object);
      }
    }
    return found;
  }

  /** Takes in what has changed since it was last asked, or up to `limit` of it. `true`: all is taken in. */
  catchUp(get: (name: string, namespace: string) => KubeObject | undefined, limit = Number.POSITIVE_INFINITY): boolean {
    for (const object of this.#unseen.splice(0, limit)) {
      this.#update(undefined, object);
    }
    if (this.#unseen.length > 0) {
      return false;
    }
    for (const [key, before] of this.#before) {
      const slash = key.indexOf('/');
      this.#update(before, get(key.slice(slash + 1), key.slice(0, slash)));
    }
    this.#before.clear();
    return true;
  }

  #update(before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (before) {
      this.#report(before, (to, home, name) => this.#remove(to, home, name, referrerOf(before.metadata, home)));
    }
    // Only after all were removed: one object may be named by several fields.
    if (now) {
      this.#report(now, (to, home, name) => this.#add(to, home, name, referrerOf(now.metadata, home)));
    }
  }

  #report(object: KubeObject, report: Report): void {
    for (const finder of this.#finders) {
      find(finder, object, 0, object, report);
    }
  }

  #add(to: KindId, home: string, name: string, referrer: Referrer): void {
    const names = entryOf(entryOf(this.#referring, to), home);
    const referrers = names.get(name);
    if (referrers === undefined) {
      names.set(name, referrer);
    } else if (typeof referrers !== 'string') {
      referrers.add(referrer);
    } else if (referrers !== referrer) {
      names.set(name, new Set([referrers, referrer]));
    }
  }

  #remove(to: KindId, home: string, name: string, referrer: Referrer): void {
    const names = this.#referring.get(to)?.get(home);
    const referrers = names?.get(name);
    if (referrers === referrer || (typeof referrers === 'object' && referrers.delete(referrer) && referrers.size === 0)) {
      names?.delete(name);
    }
  }
}

const inMetadata = 'metadata.';

/** The first step of a path; of `metadata`, in which every change shows, the second as well. */
function partOf(path: string): string {
  return (/^(metadata\.)?\w+/.exec(path) ?? [''])[0];
}

type Report = (to: KindId, home: string, name: string) => void;

/** How to find everything that one reference of an object names. Asked for tens of thousands of objects at once. */
interface Finder extends Reference {
  /** To what holds the name, because a sibling field says the kind or the namespace; `[]` stands for every element of a list. */
  readonly steps: readonly string[];
  /** The field with the name; absent when the elements of a list are names. */
  readonly leaf?: string;
}

function finderOf(reference: Reference): Finder {
  const steps = reference.path.replaceAll('[]', '.[]').split('.');
  return steps.at(-1) === '[]' ? { ...reference, steps } : { ...reference, steps: steps.slice(0, -1), leaf: steps.at(-1) ?? '' };
}

/** Reports what the steps from `at` on reach from `value`, a part of the object. */
function find(finder: Finder, value: unknown, at: number, object: KubeObject, report: Report): void {
  const { steps, leaf, to, namespaceField } = finder;
  let holder = value;
  for (let index = at; index < steps.length; index++) {
    const step = steps[index] ?? '';
    if (step === '[]') {
      for (const item of Array.isArray(holder) ? (holder as readonly unknown[]) : []) {
        find(finder, item, index + 1, object, report);
      }
      return;
    }
    holder = field(holder, step);
    if (holder === undefined) {
      return;
    }
  }
  const name = leaf === undefined ? holder : field(holder, leaf);
  if (typeof name !== 'string' || name === '') {
    return;
  }
  const kind = typeof to === 'string' ? to : field(holder, to.field);
  if (typeof kind !== 'string' || (typeof to !== 'string' && !to.kinds.includes(kind))) {
    return;
  }
  const given = namespaceField === undefined ? undefined : field(holder, namespaceField);
  report(kind, homeOf(kind, typeof given === 'string' && given !== '' ? given : object.metadata.namespace), name);
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The namespace of an object that is named; `''` for kinds without namespaces. */
function homeOf(kind: KindId, namespace: string | undefined): string {
  return knownKind(kind)?.namespaced === false ? '' : (namespace ?? '');
}

function referrerOf(metadata: ObjectMeta, home: string): Referrer {
  return (metadata.namespace ?? '') === home ? metadata.name : keyOf(metadata);
}

function entryOf<K, A, B>(map: Map<K, Map<A, B>>, key: K): Map<A, B> {
  let entry = map.get(key);
  if (!entry) {
    entry = new Map();
    map.set(key, entry);
  }
  return entry;
}
