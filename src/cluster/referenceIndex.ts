import type { Kind, KindId, Reference } from '../domain/kind';
import { keyOf } from '../domain/kubeObject';
import type { KubeObject } from '../domain/kubeObject';
import { knownKind } from '../domain/kinds/index';
import { valueAt, valuesAt } from '../domain/values';

/** Which objects of one kind name a given object. Brought up to date when asked, not at every change. */
export class ReferenceIndex {
  readonly #references: readonly Reference[];
  /** By the object that is named: the keys of those that name it. */
  readonly #referring = new Map<string, Set<string>>();
  /** By the key of the referring object: what it names. */
  readonly #targets = new Map<string, readonly string[]>();
  readonly #changed = new Set<string>();

  constructor(kind: Kind | undefined) {
    this.#references = kind?.references ?? [];
  }

  /** To be called for every object that was set or deleted. */
  changed(key: string): void {
    if (this.#references.length > 0) {
      this.#changed.add(key);
    }
  }

  /** Keys of the objects that name `to/namespace/name`. `get` gives the current object of a key. */
  referring(to: KindId, name: string, namespace: string | undefined, get: (key: string) => KubeObject | undefined): Iterable<string> {
    for (const key of this.#changed) {
      this.#update(key, get(key));
    }
    this.#changed.clear();
    return this.#referring.get(targetKey(to, name, namespace)) ?? [];
  }

  #update(key: string, object: KubeObject | undefined): void {
    for (const target of this.#targets.get(key) ?? []) {
      const keys = this.#referring.get(target);
      keys?.delete(key);
      if (keys?.size === 0) {
        this.#referring.delete(target);
      }
    }
    const targets = object ? [...new Set(this.#references.flatMap((reference) => [...targetsOf(object, reference)]))] : [];
    if (targets.length === 0) {
      this.#targets.delete(key);
      return;
    }
    this.#targets.set(key, targets);
    for (const target of targets) {
      const keys = this.#referring.get(target);
      if (keys) {
        keys.add(key);
      } else {
        this.#referring.set(target, new Set([key]));
      }
    }
  }
}

function* targetsOf(object: KubeObject, { path, to, namespaceField }: Reference): Iterable<string> {
  const dot = path.lastIndexOf('.');
  const leaf = path.slice(dot + 1);
  const isList = leaf.endsWith('[]');
  const parents = isList || dot < 0 ? [object] : [...valuesAt(object, path.slice(0, dot))].map(({ value }) => value);
  for (const parent of parents) {
    const kind = typeof to === 'string' ? to : valueAt(parent, to.field);
    if (typeof kind !== 'string' || (typeof to !== 'string' && !to.kinds.includes(kind))) {
      continue;
    }
    const given = namespaceField === undefined ? undefined : valueAt(parent, namespaceField);
    const namespace = typeof given === 'string' && given !== '' ? given : object.metadata.namespace;
    const names = isList ? [...valuesAt(object, path)].map(({ value }) => value) : [valueAt(parent, leaf)];
    for (const name of names) {
      if (typeof name === 'string' && name !== '') {
        yield targetKey(kind, name, namespace);
      }
    }
  }
}

function targetKey(kind: KindId, name: string, namespace: string | undefined): string {
  return `${kind} ${keyOf({ name, namespace: knownKind(kind)?.namespaced === false ? undefined : namespace })}`;
}
