import type { KubeObject } from '../domain/kubeObject';

/** Objects of one kind by namespace and name. Lists are sorted by namespace and name and made anew only after a change. */
export class ObjectIndex {
  readonly #objects = new Map<string, KubeObject>();
  readonly #namespaces = new Map<string, Namespace>();
  #all: readonly KubeObject[] | undefined;

  /** `key`: see `keyOf`. */
  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  set(key: string, object: KubeObject): void {
    const namespace = object.metadata.namespace ?? '';
    this.#objects.set(key, object);
    let space = this.#namespaces.get(namespace);
    if (!space) {
      space = new Namespace();
      this.#namespaces.set(namespace, space);
    }
    space.set(object);
    this.#all = undefined;
  }

  delete(key: string, namespace = ''): boolean {
    const object = this.#objects.get(key);
    if (!object) {
      return false;
    }
    this.#objects.delete(key);
    const space = this.#namespaces.get(namespace);
    space?.delete(object.metadata.name);
    if (space?.size === 0) {
      this.#namespaces.delete(namespace);
    }
    this.#all = undefined;
    return true;
  }

  /** `undefined`: all. The same array as long as nothing changes. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) {
      return this.#namespaces.get(namespace)?.list() ?? [];
    }
    return this.#all ??= [...this.#namespaces.keys()].sort(byText).flatMap((name) => this.list(name));
  }

  /** A fresh set of keys; `undefined`: of all. */
  keys(namespace?: string): Set<string> {
    return namespace === undefined ? new Set(this.#objects.keys()) : new Set(this.list(namespace).map((object) => `${namespace}/${object.metadata.name}`));
  }

  /** Objects in namespaces that `namespaces` does not have. */
  outside(namespaces: ReadonlyMap<string, unknown>): KubeObject[] {
    return [...this.#namespaces.keys()].filter((name) => !namespaces.has(name)).flatMap((name) => this.list(name));
  }
}

class Namespace {
  readonly #objects = new Map<string, KubeObject>();
  #list: readonly KubeObject[] | undefined;
  /** Names whose object was replaced since the list was made; the names themselves are the same. */
  readonly #replaced = new Set<string>();

  get size(): number {
    return this.#objects.size;
  }

  set(object: KubeObject): void {
    const { name } = object.metadata;
    if (this.#list && this.#objects.has(name)) {
      this.#replaced.add(name);
    } else {
      this.#list = undefined;
    }
    this.#objects.set(name, object);
  }

  delete(name: string): void {
    this.#objects.delete(name);
    this.#list = undefined;
  }

  list(): readonly KubeObject[] {
    if (!this.#list) {
      this.#list = [...this.#objects.values()].sort((a, b) => byText(a.metadata.name, b.metadata.name));
    } else if (this.#replaced.size > 0) {
      // Those who hold the old array keep it as it was.
      this.#list = this.#list.map((object) => (this.#replaced.has(object.metadata.name) ? this.#objects.get(object.metadata.name) ?? object : object));
    }
    this.#replaced.clear();
    return this.#list;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
