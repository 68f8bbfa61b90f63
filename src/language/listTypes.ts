import type { Path } from '../domain/values';
import { goJson } from './goText';
import { isObject } from './prune';
import type { Json } from './scalars';
import type { Cause, Schema } from './structural';
import { cause, propertyOf } from './structural';

/** Repeated items of lists that are sets or are keyed (`x-kubernetes-list-type`); each repeated value is told once. */
export function validateListTypes(value: Json, schema: Schema): readonly Cause[] {
  const causes: Cause[] = [];
  visit(value, schema, [], causes);
  return causes;
}

/** `path` is the place of `value`, changed on the way and given back as it was. */
function visit(value: Json, schema: Schema | undefined, path: (string | number)[], causes: Cause[]): void {
  if (!schema || typeof value !== 'object' || value === null) {
    return;
  }
  if (isObject(value)) {
    for (const key of Object.keys(value)) {
      path.push(key);
      visit(value[key] ?? null, propertyOf(schema, key), path, causes);
      path.pop();
    }
    return;
  }
  if (schema['x-kubernetes-list-type'] === 'set') {
    repeated(value).forEach((index) => causes.push(cause('FieldValueDuplicate', [...path, index], '', value[index] ?? null)));
  } else if (schema['x-kubernetes-list-type'] === 'map') {
    causes.push(...repeatedKeys(value, schema['x-kubernetes-list-map-keys'] ?? [], path));
  }
  value.forEach((item, index) => {
    path.push(index);
    visit(item, schema.items, path, causes);
    path.pop();
  });
}

function repeatedKeys(list: readonly Json[], keys: readonly string[], path: Path): readonly Cause[] {
  const stranger = list.findIndex((item) => item !== null && !isObject(item));
  if (stranger >= 0) {
    return [cause('FieldValueInvalid', [...path, stranger], 'must be an object for an array of list-type map', list[stranger] ?? null)];
  }
  const identities = list.map((item) => Object.fromEntries(keys.flatMap((key) => (isObject(item) && Object.hasOwn(item, key) ? [[key, item[key] ?? null]] : []))));
  return repeated(identities).map((index) => cause('FieldValueDuplicate', [...path, index], '', identities[index] ?? null));
}

/** Indices of second appearances. */
function repeated(list: readonly Json[]): readonly number[] {
  const seen = new Map<string, number>();
  return list.flatMap((item, index) => {
    const identity = goJson(item);
    const times = (seen.get(identity) ?? 0) + 1;
    seen.set(identity, times);
    return times === 2 ? [index] : [];
  });
}
