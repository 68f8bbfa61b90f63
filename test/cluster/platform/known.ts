import { keyOf, type KubeObject } from '../../../src/domain/kubeObject';
import { indexValuesOf } from './indexes';

/**
 * Every object that the platform watches, in memory, with the indexes of `indexes.ts`: a look-up is constant in time,
 * so that tens of thousands of machines cost no more per change than ten.
 */
export class Known {
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  readonly #index = new Map<string, Set<KubeObject>>();

  get(kind: string, name: string, namespace?: string): KubeObject | undefined {
    return this.#kinds.get(kind)?.get(keyOf({ name, namespace }));
  }

  all(kind: string): Iterable<KubeObject> {
    return this.#kinds.get(kind)?.values() ?? [];
  }

  /** The objects whose index values (`indexes.ts`) contain `value`, e.g. `machine:team-a/web`. */
  by(value: string): Iterable<KubeObject> {
    return this.#index.get(value) ?? [];
  }

  /**
   * Takes a version of an object, unless a newer one is known already (our own writes arrive before the watch tells of
   * them). Gives the version it replaced, or `null` when it was not taken.
   */
  put(object: KubeObject): KubeObject | undefined | null {
    const objects = this.#kinds.get(object.kind) ?? new Map<string, KubeObject>();
    this.#kinds.set(object.kind, objects);
    const key = keyOf(object.metadata);
    const old = objects.get(key);
    if (old && old.metadata.uid === object.metadata.uid && revision(old) >= revision(object)) {
      return null;
    }
    this.#unindex(old);
    objects.set(key, object);
    for (const value of indexValuesOf(object)) {
      const set = this.#index.get(value) ?? new Set();
      this.#index.set(value, set.add(object));
    }
    return old;
  }

  /** Forgets an object; `false` when it was not known, or a later namesake is. */
  remove(object: KubeObject): boolean {
    const objects = this.#kinds.get(object.kind);
    const key = keyOf(object.metadata);
    const old = objects?.get(key);
    if (!old || old.metadata.uid !== object.metadata.uid) {
      return false;
    }
    this.#unindex(old);
    objects?.delete(key);
    return true;
  }

  #unindex(object: KubeObject | undefined): void {
    for (const value of object ? indexValuesOf(object) : []) {
      const set = this.#index.get(value);
      set?.delete(object!);
      if (set?.size === 0) {
        this.#index.delete(value);
      }
    }
  }
}

/** Kubernetes lets clients order the revisions of one resource since 1.35; every server did so before. */
function revision(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
