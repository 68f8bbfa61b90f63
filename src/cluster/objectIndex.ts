import type { KubeObject } from '../domain/kubeObject';

/** Objects of one kind by namespace and name. Lists are sorted by namespace and name and made anew only after a change. */
export class ObjectIndex {
  readonly #namespaces = new Map<string, Namespace>();
  #all: readonly KubeObject[] | undefined;

  get(name: string, namespace = ''): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.get(name);
  }

  set(object: KubeObject): void {
    const { namespace = '' } = object.metadata;
    let space = this.#namespaces.get(namespace);
    if (!space) {
      space = new Namespace();
      this.#namespaces.set(namespace, space);
    }
    space.set(object);
    this.#all = undefined;
  }

  delete(name: string, namespace = ''): void {
    const space = this.#namespaces.get(namespace);
    space?.delete(name);
    if (space?.size === 0) {
      this.#namespaces.delete(namespace);
    }
    this.#all = undefined;
  }

  /** How many there are; `undefined`: in all namespaces. */
  size(namespace?: string): number {
    const spaces = namespace === undefined ? [...this.#namespaces.values()] : [this.#namespaces.get(namespace)];
    return spaces.reduce((sum, space) => sum + (space?.size ?? 0), 0);
  }

  /** `undefined`: all. The same array as long as nothing changes. */
  list(namespace?: string): readonly KubeObject[] {
    if (namespace !== undefined) {
      return this.#namespaces.get(namespace)?.list() ?? [];
    }
    return this.#all ??= [...this.#namespaces.keys()].sort(byText).flatMap((name) => this.list(name));
  }

  /** Objects in namespaces that `namespaces` does not have. */
  outside(namespaces: ReadonlyMap<string, unknown>): KubeObject[] {
    return [...this.#namespaces.keys()].filter((name) => !namespaces.has(name)).flatMap((name) => this.list(name));
  }
}

class Namespace {
  readonly #objects = new Map<string, KubeObject>();
  #list: readonly KubeObject[] | undefined;
  /** Whether an object was replaced since the list was made; the names are the same. */
  #isReplaced = false;

  get size(): number {
    return this.#objects.size;
  }

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  set(object: KubeObject): void {
    const { name } = object.metadata;
    if (this.#list && this.#objects.has(name)) {
      this.#isReplaced = true;
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
    } else if (this.#isReplaced) {
      // Those who hold the old array keep it as it was.
      this.#list = this.#list.map((object) => this.#objects.get(object.metadata.name) ?? object);
    }
    this.#isReplaced = false;
    return this.#list;
  }
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
