import { isRecord } from '../domain/kubeObject';
import type { KubeObject } from '../domain/kubeObject';

type Fields = Record<string, unknown>;

/** So many different texts are remembered; then it starts anew, so that a long life does not fill it. */
const mostTexts = 20_000;

/** With so many values of a field is a new one compared; comparing costs less than a key of the whole value would. */
const mostValues = 16;

const texts = new Map<string, string>();
/** By field, the latest first. */
const values = new Map<string, object[]>();

/**
 * Makes an object that was just parsed share with others what is the same: tens of thousands of machines say the same few things.
 * It changes the object, which nobody else may hold yet.
 */
export function shared(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as { readonly metadata?: unknown; readonly spec?: unknown; readonly status?: unknown };
  const fields: Fields = object;
  fields['apiVersion'] &&= rememberedText(fields['apiVersion']);
  fields['kind'] &&= rememberedText(fields['kind']);
  if (isRecord(metadata)) {
    shareMetadata(metadata);
  }
  if (isRecord(spec)) {
    shareSpec(spec);
  }
  if (isRecord(status)) {
    shareStatus(status);
  }
  return object;
}

/** Makes a new version of an object share with the one before what has not changed. It changes the object, which nobody else may hold yet. */
export function sharedWith(before: KubeObject, object: KubeObject): KubeObject {
  const { uid, generation } = object.metadata;
  if (generation !== undefined && generation === before.metadata.generation && uid === before.metadata.uid && before.spec !== undefined) {
    // The API server counts the generations of a spec: no need to look.
    (object as Fields)['spec'] = before.spec;
  }
  share(before, object, 0);
  return object;
}

/** Deep enough for single conditions: `status`, `conditions`, the condition. */
const deepestShared = 2;

/** Nothing that the API server writes is nested deeper; what is counts as different. */
const deepestCompared = 30;

/** Takes over from `before` every object and list that is the same, and looks into the others. Texts are not worth the time. */
function share(before: object, now: object, depth: number): void {
  for (const field in now) {
    const value = (now as Fields)[field];
    const old = isObject(value) ? (before as Fields)[field] : undefined;
    if (!isObject(value) || !isObject(old) || old === value) {
      continue;
    }
    if (areSame(old, value, depth)) {
      (now as Fields)[field] = old;
    } else if (depth < deepestShared) {
      share(old, value, depth + 1);
    }
  }
}

/** Compares objects and lists as parsed from JSON. Runs for every event of a watch: it writes and makes nothing. */
function areSame(a: object, b: object, depth: number): boolean {
  if (depth > deepestCompared || Array.isArray(a) !== Array.isArray(b)) {
    return false;
  }
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => isSame(item, b[index], depth));
  }
  let count = 0;
  for (const field in a) {
    if (!isSame((a as Fields)[field], (b as Fields)[field], depth)) {
      return false;
    }
    count++;
  }
  return count === Object.keys(b).length;
}

function isSame(a: unknown, b: unknown, depth: number): boolean {
  return a === b || (isObject(a) && isObject(b) && areSame(a, b, depth + 1));
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

// Names in the code cost half of what names in lists would.

function shareMetadata(metadata: Fields): void {
  metadata['namespace'] &&= rememberedText(metadata['namespace']);
  metadata['creationTimestamp'] &&= rememberedText(metadata['creationTimestamp']);
  metadata['finalizers'] &&= rememberedValue(metadata['finalizers'], 'finalizers');
}

function shareSpec(spec: Fields): void {
  spec['cpu'] &&= rememberedValue(spec['cpu'], 'cpu');
  spec['memory'] &&= rememberedValue(spec['memory'], 'memory');
  spec['disruptions'] &&= rememberedValue(spec['disruptions'], 'disruptions');
}

function shareStatus(status: Fields): void {
  status['phase'] &&= rememberedText(status['phase']);
  status['nodeName'] &&= rememberedText(status['nodeName']);
  status['storageClassName'] &&= rememberedText(status['storageClassName']);
  status['guestOSInfo'] &&= rememberedValue(status['guestOSInfo'], 'guestOSInfo');
  status['resources'] &&= rememberedValue(status['resources'], 'resources');
  status['versions'] &&= rememberedValue(status['versions'], 'versions');
  status['networks'] &&= rememberedValue(status['networks'], 'networks');
  status['migrationState'] &&= rememberedValue(status['migrationState'], 'migrationState');
  status['size'] &&= rememberedValue(status['size'], 'size');
  status['stats'] &&= rememberedValue(status['stats'], 'stats');
  if (Array.isArray(status['conditions'])) {
    shareConditions(status['conditions']);
  }
}

/** Of the object before, which mostly is of the same kind and says the same in the same places. */
let lastConditions: readonly unknown[] = [];
const nothing: Fields = {};

function shareConditions(conditions: readonly unknown[]): void {
  let at = 0;
  for (const condition of conditions) {
    const last = lastConditions[at++];
    if (isRecord(condition)) {
      const fields: Fields = condition;
      const before = isRecord(last) ? last : nothing;
      fields['type'] &&= sharedText(fields['type'], before['type']);
      fields['reason'] &&= sharedText(fields['reason'], before['reason']);
      fields['message'] &&= sharedText(fields['message'], before['message']);
      fields['lastTransitionTime'] &&= sharedText(fields['lastTransitionTime'], before['lastTransitionTime']);
    }
  }
  lastConditions = conditions;
}

/** Comparing two texts costs less than looking one up. */
function sharedText(text: unknown, before: unknown): unknown {
  return text === before ? before : rememberedText(text);
}

/** Answers with the value itself when it is no text. */
function rememberedText(text: unknown): unknown {
  if (typeof text !== 'string') {
    return text;
  }
  const same = texts.get(text);
  if (same !== undefined) {
    return same;
  }
  if (texts.size >= mostTexts) {
    texts.clear();
  }
  texts.set(text, text);
  return text;
}

/** Answers with the value itself when it is no object and no list. */
function rememberedValue(value: unknown, field: string): unknown {
  if (!isObject(value)) {
    return value;
  }
  let known = values.get(field);
  if (!known) {
    known = [];
    values.set(field, known);
  }
  let at = 0;
  while (at < known.length && !areSame(known[at] ?? value, value, 0)) {
    at++;
  }
  const found = known[at] ?? value;
  // What is seen again moves to the front, what is not seen falls off the end.
  for (let to = Math.min(at, mostValues - 1); to > 0; to--) {
    known[to] = known[to - 1] ?? found;
  }
  known[0] = found;
  return found;
}
