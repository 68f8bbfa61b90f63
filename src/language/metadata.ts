import type { Path } from '../domain/values';
import { byBytes, goJson, goNumber, isGoInteger } from './goText';
import { byteLength, isDnsLabel, isDnsSubdomain, isLabelValue, isQualifiedName } from './names';
import type { JsonObject } from './prune';
import { isObject } from './prune';
import type { Json } from './scalars';
import type { Cause } from './structural';
import { cause, fieldOf } from './structural';

/** How Go declares a field; structs and lists nest. */
type GoType =
  | 'string' | 'types.UID' | 'int64' | '*int64' | '*bool' | 'v1.Time' | 'map[string]string' | 'any'
  | { readonly list: GoType; readonly as: string }
  | { readonly struct: string; readonly fields: Readonly<Record<string, GoType>> };

const ownerReference: GoType = {
  struct: 'OwnerReference',
  fields: { apiVersion: 'string', kind: 'string', name: 'string', uid: 'types.UID', controller: '*bool', blockOwnerDeletion: '*bool' },
};
const managedFields: GoType = {
  struct: 'ManagedFieldsEntry',
  fields: { manager: 'string', operation: 'string', apiVersion: 'string', time: 'v1.Time', fieldsType: 'string', fieldsV1: 'any', subresource: 'string' },
};
/** `metadata` of every object; apimachinery v1 ObjectMeta. */
const objectMeta: GoType = {
  struct: 'ObjectMeta',
  fields: {
    name: 'string', generateName: 'string', namespace: 'string', selfLink: 'string', uid: 'types.UID', resourceVersion: 'string',
    generation: 'int64', creationTimestamp: 'v1.Time', deletionTimestamp: 'v1.Time', deletionGracePeriodSeconds: '*int64',
    labels: 'map[string]string', annotations: 'map[string]string',
    ownerReferences: { list: ownerReference, as: '[]v1.OwnerReference' }, finalizers: { list: 'string', as: '[]string' },
    managedFields: { list: managedFields, as: '[]v1.ManagedFieldsEntry' },
  },
};

export interface MetadataDecoding {
  /** A value of a wrong type: the API server refuses the object with this message and looks at nothing else. */
  readonly typeError?: { readonly message: string; readonly path: Path };
  readonly unknown: readonly { readonly field: string; readonly path: Path }[];
  /** As it would be stored: unknown fields, nulls, empty values and repeated owners are gone. */
  readonly metadata: JsonObject;
  readonly warnings: readonly string[];
}

/** All annotations of an object together, in bytes; apimachinery's `TotalAnnotationSizeLimitB`. */
const annotationLimitBytes = 256 * 1024;

/** Decodes `metadata` as Go does into its struct. */
export function decodeMetadata(value: Json): MetadataDecoding {
  const unknown: { field: string; path: Path }[] = [];
  try {
    const metadata = decodeValue(value, objectMeta, ['metadata'], '', unknown);
    return { unknown, ...withoutRepeatedOwners(isObject(metadata) ? metadata : {}) };
  } catch (error) {
    if (error instanceof TypeMismatch) {
      return { typeError: { message: error.message, path: error.path }, unknown: [], metadata: {}, warnings: [] };
    }
    throw error;
  }
}

/** What is wrong with decoded metadata. `namespaced`: the kind is; a missing namespace is the request's. */
export function validateMetadata(metadata: JsonObject, namespaced: boolean, isUpdate: boolean): readonly Cause[] {
  const { name, generateName, namespace, labels, annotations } = metadata;
  const causes: Cause[] = [];
  const invalid = (path: Path, value: Json, messages: readonly string[], place: Path = path) =>
    messages.forEach((message) => causes.push({ ...cause('FieldValueInvalid', path, message, value), path: place }));
  if (!isUpdate) {
    if (typeof generateName === 'string') {
      invalid(['metadata', 'generateName'], generateName, isDnsSubdomain(maskTrailingDash(generateName)));
    }
    if (typeof name === 'string') {
      invalid(['metadata', 'name'], name, isDnsSubdomain(name));
    } else if (typeof generateName !== 'string') {
      causes.push(cause('FieldValueRequired', ['metadata', 'name'], 'name or generateName is required'));
    }
    if (namespaced && typeof namespace === 'string') {
      invalid(['metadata', 'namespace'], namespace, isDnsLabel(namespace));
    }
  }
  for (const [key, value] of textEntries(labels)) {
    invalid(['metadata', 'labels'], key, isQualifiedName(key), ['metadata', 'labels', key]);
    invalid(['metadata', 'labels'], value, isLabelValue(value), ['metadata', 'labels', key]);
  }
  let annotationBytes = 0;
  for (const [key, value] of textEntries(annotations)) {
    invalid(['metadata', 'annotations'], key, isQualifiedName(key.toLowerCase()), ['metadata', 'annotations', key]);
    annotationBytes += byteLength(key) + byteLength(value);
  }
  if (annotationBytes > annotationLimitBytes) {
    causes.push(cause('FieldValueTooLong', ['metadata', 'annotations'], `may not be more than ${annotationLimitBytes} bytes`));
  }
  return [...causes, ...ownerCauses(metadata['ownerReferences']), ...finalizerCauses(metadata['finalizers'])];
}

/** Warnings about finalizers that name no domain; the object is accepted. */
export function finalizerWarnings(finalizers: Json | undefined): readonly string[] {
  const names = Array.isArray(finalizers) ? [...new Set(finalizers.filter((item) => typeof item === 'string'))].sort(byBytes) : [];
  return names
    .filter((name) => !name.includes('/') && !['orphan', 'foregroundDeletion', 'kubernetes'].includes(name))
    .map((name) => `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name ${name.includes('.') ? 'including a path (/) ' : ''}to avoid accidental conflicts with other finalizer writers`);
}

function withoutRepeatedOwners(metadata: JsonObject): Pick<MetadataDecoding, 'metadata' | 'warnings'> {
  const owners = metadata['ownerReferences'];
  if (!Array.isArray(owners) || owners.length < 2) {
    return { metadata, warnings: [] };
  }
  const seen = new Set<string>();
  const repeated: string[] = [];
  const kept = owners.filter((owner) => {
    const identity = goJson(owner);
    if (seen.has(identity)) {
      repeated.push(isObject(owner) && typeof owner['uid'] === 'string' ? owner['uid'] : '');
      return false;
    }
    seen.add(identity);
    return true;
  });
  const words = '.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ';
  return repeated.length === 0 ? { metadata, warnings: [] } : { metadata: { ...metadata, ownerReferences: kept }, warnings: [`${words}${repeated.join(', ')}`] };
}

class TypeMismatch extends Error {
  readonly path: Path;

  constructor(message: string, path: Path) {
    super(message);
    this.path = path;
  }
}

function decodeValue(value: Json, type: GoType, path: Path, owner: string, unknown: { field: string; path: Path }[]): Json | undefined {
  if (value === null) {
    return undefined;
  }
  const mismatch = (shown: string, expected: string): never => {
    const inField = owner === '' ? `Go value of type ${expected}` : `Go struct field ${owner}.${path.slice(1).filter((step) => typeof step === 'string').join('.')} of type ${expected}`;
    throw new TypeMismatch(`json: cannot unmarshal ${shown} into ${inField}`, path);
  };
  if (typeof type === 'object') {
    if ('list' in type) {
      return Array.isArray(value) ? nonEmpty(value.map((item, index) => decodeValue(item, type.list, [...path, index], owner, unknown) ?? zeroOf(type.list))) : mismatch(jsonType(value), type.as);
    }
    if (!isObject(value)) {
      return mismatch(jsonType(value), `v1.${type.struct}`);
    }
    const out: JsonObject = {};
    for (const key of Object.keys(value).sort(byBytes)) {
      const field = Object.hasOwn(type.fields, key) ? type.fields[key] : undefined;
      if (!field) {
        unknown.push({ field: fieldOf([...path, key]), path: [...path, key] });
        continue;
      }
      const decoded = decodeValue(value[key] ?? null, field, [...path, key], type.struct, unknown);
      if (decoded !== undefined) {
        out[key] = decoded;
      }
    }
    return out;
  }
  switch (type) {
    case 'string':
    case 'types.UID':
      return typeof value === 'string' ? (value === '' ? undefined : value) : mismatch(jsonType(value), type);
    case 'int64':
    case '*int64':
      return typeof value !== 'number' ? mismatch(jsonType(value), 'int64')
        : !isGoInteger(value) ? mismatch(`number ${goNumber(value)}`, 'int64') : value === 0 && type === 'int64' ? undefined : value;
    case '*bool':
      return typeof value === 'boolean' ? value : mismatch(jsonType(value), 'bool');
    case 'v1.Time':
      return decodeTime(value, path, owner);
    case 'map[string]string':
      return isObject(value) ? decodeTexts(value, path, owner) : mismatch(jsonType(value), type);
    case 'any':
      return value;
  }
}

function decodeTexts(value: JsonObject, path: Path, owner: string): Json | undefined {
  const entries = Object.keys(value).sort(byBytes).map((key) => {
    const text = value[key] ?? '';
    if (typeof text !== 'string') {
      throw new TypeMismatch(`json: cannot unmarshal ${jsonType(text)} into Go struct field ${owner}.${path.slice(1).join('.')} of type string`, [...path, key]);
    }
    return [key, text] as const;
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function decodeTime(value: Json, path: Path, owner: string): string {
  if (typeof value !== 'string') {
    throw new TypeMismatch(`json: cannot unmarshal ${jsonType(value)} into Go struct field ${owner}.${path.slice(1).join('.')} of type string`, path);
  }
  const shown = JSON.stringify(value);
  const match = /^(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,]\d+)?(?:Z|[-+]\d\d:\d\d)$/.exec(value);
  const [year, month, day, hour, minute, second] = match?.slice(1).map(Number) ?? [];
  if (year === undefined || month === undefined || day === undefined) {
    const rest = /^\d{4}/.test(value) ? value.slice(4) : value;
    throw new TypeMismatch(`parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(rest)} as "${rest === value ? '2006' : '-'}"`, path);
  }
  const [zoneHour = 0, zoneMinute = 0] = /[-+](\d\d):(\d\d)$/.exec(value)?.slice(1).map(Number) ?? [];
  const excess = zoneHour > 24 ? 'time zone offset hour' : zoneMinute > 60 ? 'time zone offset minute' : month < 1 || month > 12 ? 'month' : day < 1 || new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCMonth() !== month - 1 ? 'day'
    : (hour ?? 0) > 23 ? 'hour' : (minute ?? 0) > 59 ? 'minute' : (second ?? 0) > 59 ? 'second' : undefined;
  if (excess) {
    throw new TypeMismatch(`parsing time ${shown}: ${excess} out of range`, path);
  }
  return value;
}

function ownerCauses(references: Json | undefined): readonly Cause[] {
  const causes: Cause[] = [];
  let controller = '';
  for (const [index, reference] of (Array.isArray(references) ? references : []).entries()) {
    const owner = isObject(reference) ? reference : {};
    const path = ['metadata', 'ownerReferences', index];
    const field = (key: string) => (typeof owner[key] === 'string' ? owner[key] : '');
    const [, group = '', version = ''] = /^(?:([^/]*)\/)?([^/]*)$/.exec(field('apiVersion')) ?? [];
    if (version === '') {
      causes.push(cause('FieldValueInvalid', [...path, 'apiVersion'], 'version must not be empty', field('apiVersion'), 'metadata.ownerReferences.apiVersion'));
    }
    for (const key of ['kind', 'name', 'uid']) {
      if (field(key) === '') {
        causes.push(cause('FieldValueInvalid', [...path, key], 'must not be empty', '', `metadata.ownerReferences.${key}`));
      }
    }
    if (group === '' && version === 'v1' && field('kind') === 'Event') {
      causes.push({ ...cause('FieldValueInvalid', ['metadata', 'ownerReferences', index], '', undefined, 'metadata.ownerReferences'), message: `Invalid value: ${printOwner(owner)}: /v1, Kind=Event is disallowed from being an owner` });
    }
    if (owner['controller'] === true) {
      const name = `${field('kind')}/${field('name')}`;
      if (controller !== '') {
        const words = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${name}`;
        causes.push({ ...cause('FieldValueInvalid', ['metadata', 'ownerReferences'], ''), message: `Invalid value: ${printOwners(references)}: ${words}` });
      } else {
        controller = name;
      }
    }
  }
  return causes;
}

function printOwners(references: Json | undefined): string {
  return `[${(Array.isArray(references) ? references : []).map((reference) => printOwner(isObject(reference) ? reference : {})).join(',')}]`;
}

/** Go prints the fields of a struct in the order of their declaration. */
function printOwner(owner: JsonObject): string {
  const flags = ['controller', 'blockOwnerDeletion'].flatMap((key) => (Object.hasOwn(owner, key) ? [`"${key}":${goJson(owner[key] ?? null)}`] : []));
  return `{${[...['apiVersion', 'kind', 'name', 'uid'].map((key) => `"${key}":${goJson(owner[key] ?? '')}`), ...flags].join(',')}}`;
}

function finalizerCauses(finalizers: Json | undefined): readonly Cause[] {
  const names = Array.isArray(finalizers) ? finalizers.map((name) => (typeof name === 'string' ? name : '')) : [];
  const causes = names.flatMap((name, index) => isQualifiedName(name)
    .map((message) => ({ ...cause('FieldValueInvalid', ['metadata', 'finalizers'], message, name), path: ['metadata', 'finalizers', index] })));
  return names.includes('orphan') && names.includes('foregroundDeletion')
    ? [...causes, cause('FieldValueInvalid', ['metadata', 'finalizers'], 'finalizer orphan and foregroundDeletion cannot be both set', names)] : causes;
}

function maskTrailingDash(name: string): string {
  return name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
}

function textEntries(value: Json | undefined): readonly (readonly [string, string])[] {
  return isObject(value) ? Object.entries(value).flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])) : [];
}

function zeroOf(type: GoType): Json {
  return typeof type === 'object' ? {} : '';
}

function nonEmpty(list: Json[]): Json[] | undefined {
  return list.length === 0 ? undefined : list;
}

/** How Go names the type of a JSON value. */
export function jsonType(value: Json): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
}
