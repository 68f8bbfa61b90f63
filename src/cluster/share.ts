import { isRecord } from '../domain/kubeObject';
import type { KubeObject } from '../domain/kubeObject';

type Fields = Record<string, unknown>;

/** So many different texts and values are remembered; then it starts anew, so that a long life does not fill it. */
const mostRemembered = 20_000;

const texts = new Map<string, string>();
const values = new Map<string, unknown>();

/** Parts that are the same in many objects. */
const repeated = { metadata: ['finalizers'], spec: ['cpu', 'memory', 'disruptions'], status: ['guestOSInfo', 'resources', 'versions', 'networks', 'migrationState', 'size', 'stats'] } as const;

/**
 * Makes an object that was just parsed share with others what is the same: tens of thousands of machines say the same few things.
 * It changes the object, which nobody else may hold yet.
 */
export function shared(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as { readonly metadata?: unknown; readonly spec?: unknown; readonly status?: unknown };
  shareTexts(object, 'apiVersion', 'kind');
  shareTexts(metadata, 'namespace', 'creationTimestamp');
  shareTexts(status, 'phase', 'nodeName', 'storageClassName');
  shareValues(metadata, repeated.metadata);
  shareValues(spec, repeated.spec);
  shareValues(status, repeated.status);
  const conditions = isRecord(status) ? status['conditions'] : undefined;
  for (const condition of Array.isArray(conditions) ? (conditions as readonly unknown[]) : []) {
    shareTexts(condition, 'type', 'reason', 'message', 'lastTransitionTime');
  }
  return object;
}

/** Makes a new version of an object share with the one before what has not changed. It changes the object, which nobody else may hold yet. */
export function sharedWith(before: KubeObject, object: KubeObject): KubeObject {
  for (const field of ['apiVersion', 'kind', 'metadata', 'status'] as const) {
    keepSame(before, object, field, 0);
  }
  const { uid, generation } = object.metadata;
  if (generation !== undefined && generation === before.metadata.generation && uid === before.metadata.uid && before.spec !== undefined) {
    // The API server counts the generations of a spec: no need to look.
    (object as Fields)['spec'] = before.spec;
  } else {
    keepSame(before, object, 'spec', 0);
  }
  return object;
}

/** Deep enough for the fields of a condition: `status`, `conditions`, the condition. */
const deepest = 3;

/** Whether both values of a field are the same; then `now` takes over the one of `before`. */
function keepSame(before: object, now: object, field: string | number, depth: number): boolean {
  const old = (before as Fields)[field];
  const value = (now as Fields)[field];
  const isSame = old === value || (typeof old === 'object' && typeof value === 'object' && old !== null && value !== null && depth <= deepest && areSame(old, value, depth + 1));
  if (isSame) {
    (now as Fields)[field] = old;
  }
  return isSame;
}

function areSame(before: object, now: object, depth: number): boolean {
  let isSame = Array.isArray(before) === Array.isArray(now);
  let count = 0;
  for (const field in now) {
    count++;
    isSame = keepSame(before, now, field, depth) && isSame;
  }
  return isSame && count === Object.keys(before).length;
}

function shareTexts(holder: unknown, ...names: readonly string[]): void {
  for (const name of isRecord(holder) ? names : []) {
    const text = (holder as Fields)[name];
    if (typeof text === 'string') {
      (holder as Fields)[name] = remembered(texts, text, text);
    }
  }
}

function shareValues(holder: unknown, names: readonly string[]): void {
  for (const name of isRecord(holder) ? names : []) {
    const value = (holder as Fields)[name];
    if (typeof value === 'object' && value !== null) {
      (holder as Fields)[name] = remembered(values, JSON.stringify(value), value);
    }
  }
}

function remembered<T>(known: Map<string, T>, key: string, value: T): T {
  const same = known.get(key);
  if (same !== undefined) {
    return same;
  }
  if (known.size >= mostRemembered) {
    known.clear();
  }
  known.set(key, value);
  return value;
}
