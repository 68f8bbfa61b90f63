import { decodeValue, strictRefusal, validateObject, type Finding } from '../../../src/language/apiServer';
import { parseManifest } from '../../../src/language/manifest';
import { applyDefaults, pruneUnknown, type JsonObject as Value } from '../../../src/language/prune';
import type { KindSchema, KindVersion } from '../../../src/language/structural';
import { isObject, type ApiObject, type JsonObject, type Resource } from './model';
import { decodeProtobuf } from './protobuf';
import { ApiError, badRequest, type Cause } from './status';

// The one place where the API server's knowledge of manifests comes from `src/language`.

/** A body as an object, and what strict decoding has against its text: keys that are written twice. */
export interface Body { readonly object: JsonObject; readonly duplicates: readonly Finding[] }

/** `kind` is what the body should be. @throws ApiError 400 */
export function decodeBody(body: Buffer, contentType: string, kind: string): Body {
  if (contentType.includes('protobuf')) {
    return { object: decodeProtobuf(body), duplicates: [] };
  }
  const unrecognized = (problem: string) => badRequest(`the object provided is unrecognized (must be of type ${kind}): ${problem} (${beginningOf(body)})`);
  const { value, problem, duplicates } = contentType.includes('yaml') ? readYaml(body) : readJson(body);
  if (!isObject(value)) {
    throw unrecognized(problem ?? 'it is no object');
  }
  return { object: value, duplicates };
}

interface Text { readonly value: unknown; readonly problem?: string | undefined; readonly duplicates: readonly Finding[] }

function readYaml(body: Buffer): Text {
  const { value, syntax, duplicates } = parseManifest(body.toString());
  return { value, problem: syntax?.message, duplicates: duplicates.map(({ key, line, offset, endOffset }) => ({
    code: 'yaml/duplicate-key', message: `line ${line}: key ${key} already set in map`, path: [], range: { start: offset, end: endOffset },
  })) };
}

function readJson(body: Buffer): Text {
  try {
    return { value: JSON.parse(body.toString()), duplicates: [] };
  } catch (error) {
    return { value: undefined, problem: error instanceof Error ? error.message : String(error), duplicates: [] };
  }
}

/** How the real server quotes a body that it cannot read: JSON as it is, anything else as hexadecimal bytes. */
function beginningOf(body: Buffer): string {
  if (body.length === 0) {
    return '<empty>';
  }
  const beginning = body.subarray(0, 30);
  return `${beginning.toString(beginning[0] === 0x7b ? 'utf8' : 'hex')}${body.length > 30 ? ' ...' : ''}`;
}

/** Drops unknown fields and forbidden nulls and fills in defaults; changes `object`. @throws ApiError 400 when metadata cannot be read, or for any of it in strict mode */
export function decodeFields(resource: Resource, object: ApiObject, duplicates: readonly Finding[], fieldValidation: string, warn: (text: string) => void): void {
  const { kind, version } = schemaOf(resource) ?? {};
  if (!kind || !version) {
    return;
  }
  const { refusal, strict, warnings = [] } = decodeValue(object as unknown as Value, kind, version, duplicates);
  const refused = refusal ?? (fieldValidation === 'Strict' ? strictRefusal(strict, kind, version) : undefined);
  if (refused) {
    throw new ApiError(refused.code, refused.reason, refused.message);
  }
  if (fieldValidation === 'Warn') {
    strict.forEach(({ message }) => warn(message));
  }
  warnings.forEach(warn);
}

/** The same in silence, after a webhook changed the object. */
export function tidy(resource: Resource, object: ApiObject): void {
  const version = schemaOf(resource)?.version;
  if (version) {
    pruneUnknown(object as unknown as Value, version.schema);
    applyDefaults(object as unknown as Value, version.schema);
  }
}

/** Fields that the schema does not know; leaves `object` alone. */
export function undeclaredFields(resource: Resource, object: ApiObject): string[] {
  const version = schemaOf(resource)?.version;
  return version ? pruneUnknown(structuredClone(object) as unknown as Value, version.schema).map(({ field }) => field) : [];
}

/** What the schema and its rules have against an object. */
export function validate(resource: Resource, object: ApiObject, old: ApiObject | undefined, warn: (text: string) => void): readonly Cause[] {
  const { kind, version } = schemaOf(resource) ?? {};
  if (!kind || !version) {
    return [];
  }
  const { causes, warnings } = validateObject(object as unknown as Value, kind, version, old as unknown as Value | undefined);
  warnings.forEach(warn);
  return causes.map(({ reason, message, field }) => ({ reason, message, field }));
}

const schemas = new WeakMap<Resource, { kind: KindSchema; version: KindVersion }>();

/** A CRD's version as `src/language` knows kinds; undefined for Kubernetes' own. */
function schemaOf(resource: Resource): { kind: KindSchema; version: KindVersion } | undefined {
  if (!resource.schema) {
    return undefined;
  }
  let known = schemas.get(resource);
  if (!known) {
    const { group, plural, kind, namespaced, version: name, hasStatus, scale, storageVersion } = resource;
    const version: KindVersion = {
      name, served: true, storage: name === storageVersion, schema: resource.schema, subresources: { ...(hasStatus ? { status: {} } : {}), ...(scale ? { scale } : {}) },
    };
    known = { version, kind: { group, names: { kind, plural }, scope: namespaced ? 'Namespaced' : 'Cluster', versions: [version] } };
    schemas.set(resource, known);
  }
  return known;
}
