import type { Kind, KindId, Reference } from '../domain/kind';
import { isRecord, keyOf } from '../domain/kubeObject';
import type { KubeObject, ObjectMeta } from '../domain/kubeObject';
import { knownKind } from '../domain/kinds/index';

/** Which objects of one kind name a given object. Brought up to date when asked, not at every change. */
export class ReferenceIndex {
  readonly #finders: readonly Finder[];
  /** By kind and key of the object that is named: the keys of those that name it. One alone, as most are, goes without a set. */
  readonly #referring = new Map<KindId, Map<string, string | Set<string>>>();
  /** What has changed since the index was last asked: by key, the object as it was then; `undefined`: there was none. */
  readonly #before = new Map<string, KubeObject | undefined>();

  constructor(kind: Kind | undefined) {
    this.#finders = (kind?.references ?? []).map(finderOf);
  }

  /** To be called for every object that was set or deleted; `before` is what it replaces. */
  changed(metadata: ObjectMeta, before: KubeObject | undefined): void {
    if (this.#finders.length > 0) {
      const key = keyOf(metadata);
      if (!this.#before.has(key)) {
        this.#before.set(key, before);
      }
    }
  }

  /** Keys of the objects that name `to/namespace/name`. `get` gives the current object of a key. */
  referring(to: KindId, name: string, namespace: string | undefined, get: (key: string) => KubeObject | undefined): readonly string[] {
    for (const [key, before] of this.#before) {
      this.#update(key, before, get(key));
    }
    this.#before.clear();
    const keys = this.#referring.get(to)?.get(targetKey(to, name, namespace));
    return keys === undefined ? [] : typeof keys === 'string' ? [keys] : [...keys];
  }

  #update(key: string, before: KubeObject | undefined, now: KubeObject | undefined): void {
    for (const find of this.#finders) {
      if (before) {
        find(before, (to, target) => this.#remove(to, target, key));
      }
    }
    // Only after all were removed: one target may be named by several fields.
    for (const find of this.#finders) {
      if (now) {
        find(now, (to, target) => this.#add(to, target, key));
      }
    }
  }

  #add(to: KindId, target: string, key: string): void {
    let targets = this.#referring.get(to);
    if (!targets) {
      targets = new Map();
      this.#referring.set(to, targets);
    }
    const keys = targets.get(target);
    if (keys === undefined) {
      targets.set(target, key);
    } else if (typeof keys !== 'string') {
      keys.add(key);
    } else if (keys !== key) {
      targets.set(target, new Set([keys, key]));
    }
  }

  #remove(to: KindId, target: string, key: string): void {
    const targets = this.#referring.get(to);
    const keys = targets?.get(target);
    if (keys === key || (typeof keys === 'object' && keys.delete(key) && keys.size === 0)) {
      targets?.delete(target);
    }
  }
}

/** Reports everything that one reference of an object names. */
type Finder = (object: KubeObject, report: (to: KindId, target: string) => void) => void;

function finderOf({ path, to, namespaceField }: Reference): Finder {
  const steps = path.replaceAll('[]', '.[]').split('.');
  const isList = steps.at(-1) === '[]';
  // A sibling field of the name says the kind or the namespace: the walk ends at what holds the name.
  const leaf = isList ? '' : (steps.pop() ?? '');
  return (object, report) => walk(object, steps, 0, (holder) => {
    const name = isList ? holder : field(holder, leaf);
    const kind = typeof to === 'string' ? to : field(holder, to.field);
    if (typeof name !== 'string' || name === '' || typeof kind !== 'string' || (typeof to !== 'string' && !to.kinds.includes(kind))) {
      return;
    }
    const given = namespaceField === undefined ? undefined : field(holder, namespaceField);
    report(kind, targetKey(kind, name, typeof given === 'string' && given !== '' ? given : object.metadata.namespace));
  });
}

/** Visits every value that the steps from `at` on reach; `[]` stands for every element of a list. */
function walk(value: unknown, steps: readonly string[], at: number, visit: (value: unknown) => void): void {
  const step = steps[at];
  if (step === undefined) {
    visit(value);
  } else if (step !== '[]') {
    const next = field(value, step);
    if (next !== undefined) {
      walk(next, steps, at + 1, visit);
    }
  } else if (Array.isArray(value)) {
    for (const item of value as unknown[]) {
      walk(item, steps, at + 1, visit);
    }
  }
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function targetKey(kind: KindId, name: string, namespace: string | undefined): string {
  return keyOf({ name, namespace: knownKind(kind)?.namespaced === false ? undefined : namespace });
}
