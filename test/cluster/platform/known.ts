import { keyOf, type KubeObject } from '../../../src/domain/kubeObject';
import { indexValuesOf } from './indexes';

/**
 * Every object that the platform watches, in memory, with the indexes of `indexes.ts`: a look-up is constant in time,
 * so that tens of thousands of machines cost no more per change than ten.
 */
export class Known {
  readonly #kinds = new Map<string, Map<string, KubeObject>>();
  /** By index value; within one, by uid, so that an object keeps its place however often it is written. */
  readonly #index = new Map<string, Map<string, KubeObject>>();

  get(kind: string, name: string, namespace?: string): KubeObject | undefined {
    return this.#kinds.get(kind)?.get(keyOf({ name, namespace }));
  }

  all(kind: string): Iterable<KubeObject> {
    return this.#kinds.get(kind)?.values() ?? [];
  }

  /** The objects whose index values (`indexes.ts`) contain `value`, e.g. `machine:team-a/web`, in the order in which they first did. */
  by(value: string): Iterable<KubeObject> {
    return this.#index.get(value)?.values() ?? [];
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
    const values = indexValuesOf(object);
    this.#unindex(old, old?.metadata.uid === object.metadata.uid ? values : []);
    objects.set(key, object);
    for (const value of values) {
      this.#index.set(value, (this.#index.get(value) ?? new Map<string, KubeObject>()).set(object.metadata.uid ?? '', object));
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

  #unindex(object: KubeObject | undefined, kept: readonly string[] = []): void {
    for (const value of object ? indexValuesOf(object).filter((one) => !kept.includes(one)) : []) {
      const found = this.#index.get(value);
      found?.delete(object?.metadata.uid ?? '');
      if (found?.size === 0) {
        this.#index.delete(value);
      }
    }
  }
}

/** Kubernetes lets clients order the revisions of one resource since 1.35; every server did so before. */
function revision(object: KubeObject): number {
  return Number(object.metadata.resourceVersion ?? 0);
}
