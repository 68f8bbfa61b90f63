import { conditionsOf, isRecord, keyOf, type Condition, type KubeObject } from '../../../src/domain/kubeObject';
import { platformGroup } from '../../../src/domain/kind';

/** Names one object of one kind; `namespace` is absent for cluster-scoped ones. */
export interface Ref {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export type Fields = Readonly<Record<string, unknown>>;

/** What a condition becomes; `null` removes it, absent types stay as they are. */
export type ConditionChanges = Readonly<Record<string, Verdict | null>>;
export interface Verdict {
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message?: string;
}

export const yes = (reason: string, message = ''): Verdict => ({ status: 'True', reason, message });
export const no = (reason: string, message = ''): Verdict => ({ status: 'False', reason, message });
export const unknown: Verdict = { status: 'Unknown', reason: 'Unknown', message: '' };

export function refOf(object: KubeObject): Ref {
  const { name, namespace } = object.metadata;
  return { kind: object.kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `kind|namespace/name`. */
export function idOf(ref: Ref): string {
  return `${ref.kind}|${keyOf(ref)}`;
}

export function statusOf(object: KubeObject): Fields {
  return isRecord(object.status) ? object.status : {};
}

export function specOf(object: KubeObject): Fields {
  return isRecord(object.spec) ? object.spec : {};
}

export function isDeleting(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

export function uidOf(object: KubeObject): string {
  return object.metadata.uid ?? '';
}

/** The finalizer `virtualization.deckhouse.io/<name>`. */
export function finalizer(name: string): string {
  return `${platformGroup}/${name}`;
}

export function hasFinalizer(object: KubeObject, name: string): boolean {
  return object.metadata.finalizers?.includes(finalizer(name)) ?? false;
}

/** The finalizers of an object with one more or one less, as a metadata patch. */
export function withFinalizer(object: KubeObject, name: string, wanted: boolean): Fields {
  const others = (object.metadata.finalizers ?? []).filter((f) => f !== finalizer(name));
  return { finalizers: wanted ? [...others, finalizer(name)] : others };
}

/**
 * The conditions of `object` after `changes`, in the order of `order`; types outside of it follow. The transition time
 * of a condition changes with its status only.
 */
export function conditionsAfter(object: KubeObject, changes: ConditionChanges, order: readonly string[], nowMs: number): readonly Condition[] {
  const conditions = new Map(conditionsOf(object).map((condition) => [condition.type, condition]));
  for (const [type, verdict] of Object.entries(changes)) {
    if (verdict === null) {
      conditions.delete(type);
      continue;
    }
    const old = conditions.get(type);
    conditions.set(type, {
      type,
      status: verdict.status,
      reason: verdict.reason,
      message: verdict.message ?? '',
      lastTransitionTime: old?.status === verdict.status && old.lastTransitionTime ? old.lastTransitionTime : timestamp(nowMs),
      observedGeneration: object.metadata.generation ?? 1,
    });
  }
  const place = (type: string) => (order.includes(type) ? order.indexOf(type) : order.length);
  return [...conditions.values()].sort((a, b) => place(a.type) - place(b.type));
}

/** RFC 3339 in whole seconds, as the API server writes times. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Random characters as in generated names of Kubernetes. */
export function randomSuffix(length = 5): string {
  return Array.from({ length }, () => letters[Math.floor(Math.random() * letters.length)]).join('');
}

/** An owner reference of the controlling kind. */
export function ownerOf(owner: KubeObject): Fields {
  return { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: uidOf(owner), controller: true, blockOwnerDeletion: true };
}
