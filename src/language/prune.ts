import { byBytes } from './goText';
import type { Json } from './scalars';
import type { Schema } from './structural';
import { propertyOf } from './structural';
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
  prune(object, { ...schema, 'x-kubernetes-embedded-resource': true }, [], '', found);
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
  if (!schema) {
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      if (isForbiddenNull(item, schema.items)) {
        value[index] = structuredClone(schema.items?.default ?? null);
      }
      applyDefaults(value[index] ?? null, schema.items);
    });
  } else if (isObject(value)) {
    for (const [key, field] of Object.entries(schema.properties ?? {})) {
      if (field.default !== undefined && field.default !== null && (!Object.hasOwn(value, key) || isForbiddenNull(value[key] ?? null, field))) {
        value[key] = typeof field.default === 'object' ? structuredClone(field.default) : field.default;
      }
    }
    for (const key of Object.keys(value)) {
      const field = propertyOf(schema, key);
      if (isForbiddenNull(value[key] ?? null, field) && !Object.hasOwn(schema.properties ?? {}, key)) {
        value[key] = structuredClone(field?.default ?? null);
      }
      applyDefaults(value[key] ?? null, field);
    }
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isForbiddenNull(value: Json, schema: Schema | undefined): boolean {
  return value === null && schema !== undefined && schema.nullable !== true;
}

function prune(value: Json, schema: Schema | undefined, path: Path, field: string, found: { field: string; path: Path }[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => prune(item, schema?.items, [...path, index], `${field}[${index}]`, found));
    return;
  }
  if (!isObject(value)) {
    return;
  }
  const keepsUnknown = schema?.['x-kubernetes-preserve-unknown-fields'] === true;
  for (const key of Object.keys(value)) {
    if (schema?.['x-kubernetes-embedded-resource'] && metaFields.has(key)) {
      continue;
    }
    const known = schema !== undefined && (Object.hasOwn(schema.properties ?? {}, key) || Boolean(schema.additionalProperties));
    const childField = field === '' ? key : `${field}.${key}`;
    if (known) {
      const child = value[key] ?? null;
      if (typeof child === 'object' && child !== null) {
        prune(child, propertyOf(schema, key), [...path, key], childField, found);
      }
    } else if (!keepsUnknown) {
      found.push({ field: childField, path: [...path, key] });
      delete value[key];
    }
  }
}
