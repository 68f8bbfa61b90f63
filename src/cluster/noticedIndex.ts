import { findingsOf, type Noticed } from '../domain/attentionRules';
import type { KindId } from '../domain/kind';
import type { KubeObject } from '../domain/kubeObject';

/** Which objects of one kind are or with time will be worth a look. Each is looked at when it comes, so that nobody has to look through all. */
export class NoticedIndex {
  readonly #kind: KindId;
  readonly #noticed = new Map<KubeObject, Noticed>();
  #list: readonly Noticed[] = [];

  constructor(kind: KindId) {
    this.#kind = kind;
  }

  /** To be called after every object that was set or deleted; absent is what there was not before or is not now. */
  changed(before: KubeObject | undefined, now: KubeObject | undefined): void {
    const findings = now ? findingsOf(now, this.#kind) : [];
    if (before && this.#noticed.delete(before)) {
      this.#list = [];
    }
    if (now && findings.length > 0) {
      this.#noticed.set(now, { object: now, findings });
      this.#list = [];
    }
  }

  /** In no particular order. The same array as long as nothing changes. */
  list(): readonly Noticed[] {
    if (this.#list.length !== this.#noticed.size) {
      this.#list = [...this.#noticed.values()];
    }
    return this.#list;
  }
}
