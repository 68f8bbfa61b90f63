import type { KubeObject } from './kubeObject';
import { isRecord } from './kubeObject';
import type { Path } from './values';

/** One field that is different. */
export interface FieldChange {
  readonly path: Path;
  /** `undefined` where there was, or will be, no such field. */
  readonly before: unknown;
  readonly after: unknown;
}

/** What the server writes by itself and nobody compares. */
const ownFields = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds']);
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The part of an object that people write: without `status` and what the server keeps about it. */
export function writtenPart(object: KubeObject): KubeObject {
  const { metadata, apiVersion, kind, ...rest } = object;
  const { annotations, ...own } = metadata;
  const kept = Object.entries(annotations ?? {}).filter(([key]) => key !== lastApplied);
  const fields = Object.fromEntries(Object.entries(own).filter(([key]) => !ownFields.has(key))) as Pick<KubeObject['metadata'], 'name'>;
  const others = Object.fromEntries(Object.entries(rest).filter(([key]) => key !== 'status'));
  return { apiVersion, kind, metadata: { ...fields, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) }, ...others };
}

/** Where two values differ, field by field; lists of another length count as one change. */
export function changesBetween(before: unknown, after: unknown, path: Path = []): readonly FieldChange[] {
  if (isRecord(before) && isRecord(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((item, index) => changesBetween(item, after[index], [...path, index]));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** The object with these changes taken back, and whatever else has been written to it since kept; `undefined` when somebody has changed one of these fields again. */
export function takenBack(now: KubeObject, changes: readonly FieldChange[]): KubeObject | undefined {
  const object = structuredClone(now) as unknown as Record<string, unknown>;
  for (const { path, before, after } of changes) {
    const holder = path.slice(0, -1).reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined), object);
    const key = path.at(-1);
    if (typeof holder !== 'object' || holder === null || key === undefined || JSON.stringify((holder as Record<string | number, unknown>)[key]) !== JSON.stringify(after)) {
      return undefined;
    }
    if (before === undefined) {
      delete (holder as Record<string | number, unknown>)[key];
    } else {
      (holder as Record<string | number, unknown>)[key] = structuredClone(before);
    }
  }
  return object as unknown as KubeObject;
}
