import { byBytes } from './goText';
import { cloneJson, type Json } from './scalars';
import type { Schema } from './structural';
import { fieldOf, propertyOf } from './structural';
import type { Path } from '../domain/values';

export type JsonObject = { [key: string]: Json };

/** Fields of every object that a schema need not list. */
const metaFields = new Set(['apiVersion', 'kind', 'metadata']);

/**
 * Removes from `object` what the schema does not know and returns where it was, sorted as the API server sorts.
 * `metadata` is not looked at: see `metadata.ts`.
 */
export function pruneUnknown(object: JsonObject, schema: Schema): readonly { readonly field: string; readonly path: Path }[] {
  const found: { field: string; path: Path }[] = [];
  prune(object, schema, [], found);
  return found.sort((a, b) => byBytes(a.field, b.field));
}

/** Removes nulls where the field is not nullable and has no default: an empty `size:` means that there is none. */
export function pruneNulls(value: Json, schema: Schema | undefined): void {
  if (Array.isArray(value)) {
    value.forEach((item) => pruneNulls(item, schema?.items));
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      const field = propertyOf(schema, key);
      const child = value[key] ?? null;
      if (child === null && field && field.nullable !== true && (field.default ?? null) === null) {
        delete value[key];
      } else {
        pruneNulls(child, field);
      }
    }
  }
}

/** Fills in defaults, deep; a null where none is allowed counts as absent. Changes `value`. */
export function applyDefaults(value: Json, schema: Schema | undefined): void {
  if (!schema || typeof value !== 'object' || value === null) {
    return;
  }
  if (Array.isArray(value)) {
    for (let index = 0; schema.items && index < value.length; index++) {
      if (isForbiddenNull(value[index] ?? null, schema.items)) {
        value[index] = cloneJson(schema.items.default ?? null);
      }
      applyDefaults(value[index] ?? null, schema.items);
    }
    return;
  }
  for (const [key, field] of defaultedFields(schema)) {
    if (!Object.hasOwn(value, key) || isForbiddenNull(value[key] ?? null, field)) {
      value[key] = cloneJson(field.default ?? null);
    }
  }
  for (const key of Object.keys(value)) {
    const field = propertyOf(schema, key);
    if (value[key] === null && isForbiddenNull(null, field) && !Object.hasOwn(schema.properties ?? {}, key)) {
      value[key] = cloneJson(field?.default ?? null);
    }
    applyDefaults(value[key] ?? null, field);
  }
}

const defaulted = new WeakMap<Schema, readonly (readonly [string, Schema])[]>();

function defaultedFields(schema: Schema): readonly (readonly [string, Schema])[] {
  let fields = defaulted.get(schema);
  if (!fields) {
    fields = Object.entries(schema.properties ?? {}).filter(([, field]) => (field.default ?? null) !== null);
    defaulted.set(schema, fields);
  }
  return fields;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isForbiddenNull(value: Json, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

/** `path` is the place of `value`, changed on the way and given back as it was. */
function prune(value: Json, schema: Schema | undefined, path: (string | number)[], found: { field: string; path: Path }[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      path.push(index);
      prune(item, schema?.items, path, found);
      path.pop();
    });
    return;
  }
  if (!isObject(value)) {
    return;
  }
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  const isResource = schema?.['x-kubernetes-embedded-resource'] === true || path.length === 0;
  for (const key of Object.keys(value)) {
    if (isResource && metaFields.has(key)) {
      continue;
    }
    path.push(key);
    if (schema !== undefined && (Object.hasOwn(schema.properties ?? {}, key) || Boolean(schema.additionalProperties))) {
      prune(value[key] ?? null, propertyOf(schema, key), path, found);
    } else if (!keepsUnknown) {
      found.push({ field: fieldOf(path), path: [...path] });
      delete value[key];
    }
    path.pop();
  }
}
