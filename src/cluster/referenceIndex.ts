import type { Kind, KindId, Reference } from '../domain/kind';
import { keyOf } from '../domain/kubeObject';
import type { KubeObject, ObjectMeta } from '../domain/kubeObject';
import { knownKind } from '../domain/kinds/index';
import { valueAt } from '../domain/values';
import type { ObjectIndex } from './objectIndex';

/**
 * Which objects of one kind name a given object. Kept for the kinds that somebody has asked for, from the first question on: most references
 * nobody ever follows back. Images are asked about by their rows as soon as all is listed, so they are kept from the beginning.
 */
export class ReferenceIndex {
  readonly #references: readonly Reference[];
  readonly #objects: ObjectIndex;
  readonly #images: TargetIndex;
  /** By the kind of what is named. */
  readonly #others = new Map<KindId, TargetIndex>();

  constructor(kind: Kind | undefined, objects: ObjectIndex) {
    this.#references = kind?.references ?? [];
    this.#objects = objects;
    this.#images = new TargetIndex(images, this.#references, objects);
  }

  /** To be called after every object that was set or deleted; absent is what there was not before or is not now. */
  changed(before: KubeObject | undefined, now: KubeObject | undefined): void {
    this.#images.changed(before, now);
    for (const target of this.#others.values()) {
      target.changed(before, now);
    }
  }

  /** The objects that name `to/namespace/name`. */
  referring(to: KindId, name: string, namespace: string | undefined): readonly KubeObject[] {
    return this.#indexOf(to).referring(to, name, namespace);
  }

  #indexOf(to: KindId): TargetIndex {
    if (images.includes(to)) {
      return this.#images;
    }
    let target = this.#others.get(to);
    if (!target) {
      target = new TargetIndex([to], this.#references, this.#objects);
      this.#others.set(to, target);
    }
    return target;
  }
}

/** An object of the indexed kind: its bare name when it is in the namespace of what it names, else `namespace/name`. */
type Referrer = string;

const none: readonly KubeObject[] = [];

/** Named by the same fields, so that one look at an object finds both. */
const images: readonly KindId[] = ['VirtualImage', 'ClusterVirtualImage'];

/** Which objects name an object of some kinds. */
class TargetIndex {
  /** The kinds, and whether they have namespaces: at most one of them has none. */
  readonly #to: ReadonlyMap<unknown, boolean>;
  readonly #finders: readonly Finder[];
  readonly #objects: ObjectIndex;
  /** By namespace and name of the object that is named. One referrer alone, as most are, goes without a set; names are not copied. */
  readonly #referring = new Map<string, Map<string, Referrer | Set<Referrer>>>();

  constructor(to: readonly KindId[], references: readonly Reference[], objects: ObjectIndex) {
    this.#to = new Map(to.map((kind) => [kind, knownKind(kind)?.namespaced !== false]));
    this.#finders = references.filter((reference) => (typeof reference.to === 'string' ? [reference.to] : reference.to.kinds).some((kind) => to.includes(kind))).map(finderOf);
    this.#objects = objects;
    if (this.#finders.length > 0) {
      for (const object of objects.list()) {
        this.#add(object);
      }
    }
  }

  changed(before: KubeObject | undefined, now: KubeObject | undefined): void {
    if (before && now && this.#finders.every(({ part }) => valueAt(before, part) === valueAt(now, part))) {
      return;
    }
    if (before) {
      this.#remove(before);
    }
    // Only after all were removed: one object may be named by several fields.
    if (now) {
      this.#add(now);
    }
  }

  referring(to: KindId, name: string, namespace: string | undefined): readonly KubeObject[] {
    const home = this.#to.get(to) ? namespace ?? '' : '';
    const referrers = this.#referring.get(home)?.get(name);
    // Asked several times for every row, and mostly nothing or one object names another.
    if (referrers === undefined) {
      return none;
    }
    const found: KubeObject[] = [];
    for (const referrer of typeof referrers === 'string' ? [referrers] : referrers) {
      const slash = referrer.indexOf('/');
      const object = slash < 0 ? this.#objects.get(referrer, home) : this.#objects.get(referrer.slice(slash + 1), referrer.slice(0, slash));
      if (object) {
        found.push(object);
      }
    }
    return found;
  }

  #add(object: KubeObject): void {
    this.#forNamed(object, (home, name) => {
      let names = this.#referring.get(home);
      if (!names) {
        names = new Map();
        this.#referring.set(home, names);
      }
      const referrer = referrerOf(object.metadata, home);
      const referrers = names.get(name);
      if (referrers === undefined) {
        names.set(name, referrer);
      } else if (typeof referrers !== 'string') {
        referrers.add(referrer);
      } else if (referrers !== referrer) {
        names.set(name, new Set([referrers, referrer]));
      }
    });
  }

  #remove(object: KubeObject): void {
    this.#forNamed(object, (home, name) => {
      const names = this.#referring.get(home);
      const referrers = names?.get(name);
      const referrer = referrerOf(object.metadata, home);
      if (referrers === referrer || (typeof referrers === 'object' && referrers.delete(referrer) && referrers.size === 0)) {
        names?.delete(name);
      }
    });
  }

  /** Calls `tell` with the namespace and the name of everything of this kind that an object names. */
  #forNamed(object: KubeObject, tell: (home: string, name: string) => void): void {
    for (const finder of this.#finders) {
      forHolders(object, finder.steps, 0, (holder) => {
        const { leaf, to, namespaceField } = finder;
        const name = leaf === undefined ? holder : field(holder, leaf);
        const isNamespaced = this.#to.get(typeof to === 'string' ? to : field(holder, to.field));
        if (typeof name !== 'string' || name === '' || isNamespaced === undefined) {
          return;
        }
        const given = namespaceField === undefined ? undefined : field(holder, namespaceField);
        const home = !isNamespaced ? '' : typeof given === 'string' && given !== '' ? given : object.metadata.namespace;
        if (home !== undefined) {
          tell(home, name);
        }
      });
    }
  }
}

/** How to find everything that one reference of an object names. Asked for tens of thousands of objects at once. */
interface Finder extends Reference {
  /** To what holds the name, because a sibling field says the kind or the namespace; `[]` stands for every element of a list. */
  readonly steps: readonly string[];
  /** The field with the name; absent when the elements of a list are names. */
  readonly leaf?: string;
  /** To the part of the object in which all of it is. Versions of an object share what is the same: while it is the same value, nothing has to be looked at. */
  readonly part: string;
}

function finderOf(reference: Reference): Finder {
  const { path, to, namespaceField } = reference;
  const all = path.replaceAll('[]', '.[]').split('.');
  const holder = all.slice(0, -1);
  const list = path.indexOf('[]');
  const part = list >= 0 ? path.slice(0, list) : typeof to === 'string' && namespaceField === undefined ? path : holder.join('.');
  return all.at(-1) === '[]' ? { ...reference, part, steps: all } : { ...reference, part, steps: holder, leaf: all.at(-1) ?? '' };
}

/** Calls `tell` with everything that the steps from `at` on reach from `value`. */
function forHolders(value: unknown, steps: readonly string[], at: number, tell: (holder: unknown) => void): void {
  let holder = value;
  for (let index = at; index < steps.length; index++) {
    const step = steps[index] ?? '';
    if (step === '[]') {
      for (const item of Array.isArray(holder) ? (holder as readonly unknown[]) : []) {
        forHolders(item, steps, index + 1, tell);
      }
      return;
    }
    holder = field(holder, step);
    if (holder === undefined) {
      return;
    }
  }
  tell(holder);
}

/** Names of fields come from the kinds' own references: none is a property that every object has. */
function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;
}

function referrerOf(metadata: ObjectMeta, home: string): Referrer {
  return (metadata.namespace ?? '') === home ? metadata.name : keyOf(metadata);
}
