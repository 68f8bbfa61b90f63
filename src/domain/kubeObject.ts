/** Metadata as the API server sends it, without `managedFields`, which are stripped on arrival. */
export interface ObjectMeta {
  readonly name: string;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly uid?: string;
  /** Opaque: compared for equality only. */
  readonly resourceVersion?: string;
  readonly generation?: number;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339; present from the moment deletion was asked for. */
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly OwnerReference[];
}

export interface OwnerReference {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Condition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  /** RFC 3339. */
  readonly lastTransitionTime?: string;
  readonly observedGeneration?: number;
}

/** Any Kubernetes object. `spec` and `status` are what the server sent: read them through `values.ts`. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec?: unknown;
  readonly status?: unknown;
  /** Kinds without spec and status (Secret, Event, StorageClass) carry their fields at the top. */
  readonly [field: string]: unknown;
}

/** `status.phase`; `undefined` while the controller has not set one. */
export function phaseOf(object: KubeObject): string | undefined {
  const phase = isRecord(object.status) ? object.status['phase'] : undefined;
  return typeof phase === 'string' && phase !== '' ? phase : undefined;
}

/** `status.conditions`, in the order of the server; empty when there are none. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const conditions = isRecord(object.status) ? object.status['conditions'] : undefined;
  if (!Array.isArray(conditions)) {
    return [];
  }
  // Asked several times for every row: as good as always all are conditions, and nothing is copied.
  return conditions.every(isCondition) ? conditions : conditions.filter(isCondition);
}

function isCondition(value: unknown): value is Condition {
  return isRecord(value) && typeof value['type'] === 'string';
}

export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type);
}

/** `namespace/name`, or `/name` for cluster-scoped objects. Unique within a kind. */
export function keyOf(metadata: { readonly name: string; readonly namespace?: string | undefined }): string {
  return `${metadata.namespace ?? ''}/${metadata.name}`;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
