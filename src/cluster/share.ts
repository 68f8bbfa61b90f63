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
 * Of one that is listed whole small values too, which costs more. It changes the object, which nobody else may hold yet.
 */
export function shared(object: KubeObject, isListed: boolean): KubeObject {
  const { metadata, spec, status } = object as { readonly metadata?: unknown; readonly spec?: unknown; readonly status?: unknown };
  shareTexts(object, 'apiVersion', 'kind');
  if (isListed) {
    shareValues(metadata, repeated.metadata);
    shareValues(spec, repeated.spec);
    shareValues(status, repeated.status);
  }
  if (isRecord(metadata)) {
    shareTexts(metadata, 'namespace', 'creationTimestamp');
  }
  if (isRecord(status)) {
    shareTexts(status, 'phase', 'nodeName', 'storageClassName');
    if (Array.isArray(status['conditions'])) {
      for (const condition of status['conditions'] as readonly unknown[]) {
        if (isRecord(condition)) {
          shareTexts(condition, 'type', 'reason', 'message', 'lastTransitionTime');
        }
      }
    }
  }
  return object;
}

function shareTexts(holder: object, ...names: readonly string[]): void {
  for (const name of names) {
    const text = (holder as Fields)[name];
    if (typeof text === 'string') {
      (holder as Fields)[name] = textLike(text);
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

function textLike(text: string): string {
  return remembered(texts, text, text);
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
