import type { Path } from '../domain/values';
import { hasRules, validateRules } from './cel';
import { validateListTypes } from './listTypes';
import type { Manifest, Range } from './manifest';
import { decodeMetadata, finalizerWarnings, jsonType, validateMetadata } from './metadata';
import type { JsonObject } from './prune';
import { applyDefaults, isObject, pruneNulls, pruneUnknown } from './prune';
import { cloneJson, type Json } from './scalars';
import type { Cause, KindSchema, KindVersion } from './structural';
import { cause, fieldOf } from './structural';
import { validateSchema } from './validate';

/** What is wrong and where; the first part of `code` says which step of the API server refuses it. */
export interface Finding {
  readonly code: 'yaml/syntax' | 'yaml/duplicate-key' | 'schema/unknown-field' | 'schema/metadata' | 'schema/invalid' | 'cel/rule' | 'platform/admission';
  /** The API server's words. */
  readonly message: string;
  readonly path: Path;
  /** Given where no path leads to the place: within the document. */
  readonly range?: Range;
}

/** An answer other than success, as it goes over the wire in a `Status`. */
export interface Refusal {
  readonly code: number;
  readonly reason: 'BadRequest' | 'Invalid' | 'Forbidden' | 'NotFound' | 'RequestEntityTooLarge';
  readonly message: string;
  /** `details.causes` of a 422. */
  readonly causes: readonly Cause[];
  readonly findings: readonly Finding[];
}

export interface Decoded {
  /** Pruned of unknown fields and forbidden nulls; defaults are filled in. Absent when the request is refused in any mode. */
  readonly object?: JsonObject;
  readonly refusal?: Refusal;
  /** What `fieldValidation=Strict` refuses, `Warn` warns about and `Ignore` drops in silence. */
  readonly strict: readonly Finding[];
  readonly warnings?: readonly string[];
}

/** The platform's admission, between defaulting and storing. `object` is the API server's copy: `mutate` may change it. */
export interface Admission {
  mutate?(object: JsonObject, before: JsonObject | undefined): Denial | undefined;
  validate?(object: JsonObject, before: JsonObject | undefined): { readonly denial?: Denial | undefined; readonly warnings: readonly string[] };
}

export interface Denial {
  /** The name of the webhook, as the API server quotes it. */
  readonly webhook: string;
  /** The webhook's own words. */
  readonly message: string;
  readonly code: 400 | 403 | 404;
  readonly path: Path;
}

export interface Question {
  readonly manifest: Manifest;
  readonly kind: KindSchema;
  /** The version that the request goes to: the one that the manifest names. */
  readonly version: string;
  readonly operation: 'create' | 'update';
  /** The stored object, for updates; in the version of the request. */
  readonly before?: JsonObject;
  readonly admission?: Admission;
}

export interface Verdict {
  readonly allowed: boolean;
  /** HTTP status: 201, 200, 400, 403, 404, 413 or 422. */
  readonly code: number;
  readonly message?: string;
  readonly warnings: readonly string[];
  readonly findings: readonly Finding[];
  /** `details.causes` of a 422; else empty. */
  readonly causes: readonly Cause[];
  /** What would be stored. */
  readonly object?: JsonObject;
}

/** What the API server answers to a dry run of the manifest with strict field validation, in its order of checks. */
export function judge({ manifest, kind, version: versionName, operation, before, admission }: Question): Verdict {
  const version = kind.versions.find(({ name, served }) => name === versionName && served);
  if (!version) {
    return refused({ code: 404, reason: 'NotFound', message: '404 page not found', causes: [], findings: [] }, []);
  }
  const deprecation = version.deprecated ? [version.deprecationWarning ?? `${kind.group}/${version.name} ${kind.names.kind} is deprecated`] : [];
  const decoded = decodeObject(manifest, kind, version);
  const refusal = decoded.refusal ?? strictRefusal(decoded.strict, kind, version);
  if (refusal || !decoded.object) {
    return refused(refusal ?? { code: 400, reason: 'BadRequest', message: 'nothing was decoded', causes: [], findings: [] }, deprecation);
  }
  const { object } = decoded;
  const early = [...deprecation, ...decoded.warnings ?? []];
  prepareStatus(object, version, before);
  const isNamed = generateName(object);
  if (admission?.mutate || before) {
    const mutation = admission?.mutate?.(object, before);
    if (mutation) {
      return refused(denied(mutation), early);
    }
    // For what admission has written, and for the stored status.
    applyDefaults(object, version.schema);
  }
  const { causes, warnings } = validateObject(object, kind, version, operation === 'update' ? before : undefined, manifest.floats);
  if (causes.length > 0) {
    return refused(invalid(object, kind, causes), [...early, ...warnings]);
  }
  const admitted = admission?.validate?.(object, before) ?? { warnings: [] };
  if (admitted.denial) {
    // Warnings of a webhook that denies are lost.
    return refused(denied(admitted.denial), [...early, ...warnings]);
  }
  if (isNamed && isObject(object['metadata'])) {
    delete object['metadata']['name'];
  }
  return { allowed: true, code: operation === 'create' ? 201 : 200, warnings: [...early, ...warnings, ...admitted.warnings], findings: [], causes: [], object };
}

/** Steps 1 to 3 and 5 of the API server: from text to an object with defaults. */
export function decodeObject(manifest: Manifest, kind: KindSchema, version: KindVersion): Decoded {
  if (manifest.syntax) {
    const { message, range } = manifest.syntax;
    const isLarge = message.startsWith('Request entity too large');
    const words = isLarge ? message : `the object provided is unrecognized (must be of type ${kind.names.kind}): ${message} (${firstBytes(manifest.text)} ...)`;
    return { strict: [], refusal: { code: isLarge ? 413 : 400, reason: isLarge ? 'RequestEntityTooLarge' : 'BadRequest', message: words, causes: [], findings: [{ code: 'yaml/syntax', message, path: [], range }] } };
  }
  const value = manifest.value === undefined ? null : cloneJson(manifest.value);
  const unreadable = refuseIdentity(value, kind, manifest.text);
  if (unreadable || !isObject(value)) {
    return { strict: [], ...(unreadable && { refusal: unreadable }) };
  }
  const duplicates = manifest.duplicates.map(({ key, line, offset, endOffset }): Finding => ({
    code: 'yaml/duplicate-key', message: `line ${line}: key ${key} already set in map`, path: [], range: { start: offset, end: endOffset },
  }));
  const isHere = value['apiVersion'] === apiVersionOf(kind, version) && value['kind'] === kind.names.kind;
  return isHere ? decodeValue(value, kind, version, duplicates) : decodeStranger(value, kind, version, duplicates);
}

/** The core group has no name. */
function apiVersionOf({ group }: KindSchema, { name }: KindVersion): string {
  return group === '' ? name : `${group}/${name}`;
}

/** An object whose version or kind is not that of the address: nothing is known about its fields but those of metadata. */
function decodeStranger(value: JsonObject, kind: KindSchema, version: KindVersion, duplicates: readonly Finding[]): Decoded {
  const apiVersion = typeof value['apiVersion'] === 'string' ? value['apiVersion'] : '';
  const expected = apiVersionOf(kind, version);
  const isOurKind = apiVersion.startsWith(`${kind.group}/`) && value['kind'] === kind.names.kind;
  const unknown = { ...version, schema: isOurKind ? {} : { 'x-kubernetes-preserve-unknown-fields': true } };
  const decoded = decodeValue(value, kind, unknown, duplicates);
  const refusal = decoded.refusal ?? (apiVersion === '' ? undefined : strictRefusal(decoded.strict, kind, version));
  if (refusal) {
    return { strict: decoded.strict, refusal };
  }
  if (apiVersion !== expected) {
    const message = `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`;
    return { strict: [], refusal: { code: 400, reason: 'BadRequest', message, causes: [], findings: [{ code: 'schema/invalid', message, path: ['apiVersion'] }] } };
  }
  const causes = [cause('FieldValueInvalid', ['kind'], `must be ${kind.names.kind}`, value['kind'] ?? null), ...validateListTypes(value, version.schema), ...validateRules(value, version.schema).causes];
  return { strict: [], refusal: invalid(value, { ...kind, names: { ...kind.names, kind: typeof value['kind'] === 'string' ? value['kind'] : '' } }, causes) };
}

/** Steps 2, 3 and 5 for a value that is JSON already; it is changed in place. */
export function decodeValue(value: JsonObject, kind: KindSchema, version: KindVersion, duplicates: readonly Finding[] = []): Decoded {
  const unknown: { field: string; path: Path }[] = [];
  const warnings: string[] = [];
  if (Object.hasOwn(value, 'metadata')) {
    const decoded = decodeMetadata(value['metadata'] ?? null);
    if (decoded.typeError) {
      return { strict: [], refusal: badRequest(kind, version, { code: 'schema/metadata', ...decoded.typeError }) };
    }
    unknown.push(...decoded.unknown);
    value['metadata'] = decoded.metadata;
    warnings.push(...decoded.warnings);
  }
  unknown.push(...pruneUnknown(value, version.schema));
  pruneNulls(value, version.schema);
  applyDefaults(value, version.schema);
  const strict = [...duplicates, ...unknown.map(({ field, path }): Finding => ({ code: 'schema/unknown-field', message: `unknown field "${field}"`, path }))];
  return { object: value, strict, warnings };
}

/** The answer of `fieldValidation=Strict`; `undefined` when there is nothing to refuse. */
export function strictRefusal(strict: readonly Finding[], kind: KindSchema, version: KindVersion): Refusal | undefined {
  if (strict.length === 0) {
    return undefined;
  }
  const duplicates = strict.filter(({ code }) => code === 'yaml/duplicate-key').map(({ message }) => `\n  ${message}`);
  const parts = [...(duplicates.length > 0 ? [`yaml: unmarshal errors:${duplicates.join('')}`] : []), ...strict.filter(({ code }) => code !== 'yaml/duplicate-key').map(({ message }) => message)];
  return { ...badRequest(kind, version, { code: 'yaml/syntax', message: `strict decoding error: ${parts.join(', ')}`, path: [] }), findings: strict };
}

/** Steps 6 and 7: metadata, schema, keyed lists, and rules unless something more basic is wrong. `floats`: as in `Manifest`. */
export function validateObject(object: JsonObject, kind: KindSchema, version: KindVersion, before?: JsonObject, floats?: ReadonlySet<string>): { readonly causes: readonly Cause[]; readonly warnings: readonly string[] } {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { schema } = version;
  const listTypes = before !== undefined && validateListTypes(before, schema).length > 0 ? [] : validateListTypes(object, schema);
  const causes = [
    ...validateMetadata(metadata, kind.scope === 'Namespaced', before !== undefined),
    ...(before ? deletionCauses(metadata, before) : []),
    ...validateSchema(object, schema, before, floats),
    ...validateScale(object, version, floats),
    ...listTypes,
  ];
  const warnings = newFinalizerWarnings(metadata, before);
  if (!hasRules(schema)) {
    return { causes, warnings };
  }
  if (causes.some(({ reason }) => blocking.has(reason))) {
    return { causes: [...causes, cause('FieldValueInvalid', [], 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation', null, '<nil>')], warnings };
  }
  const rules = validateRules(object, schema, before, floats);
  return { causes: [...causes, ...rules.causes.map((found) => ({ ...found, isRule: true }))], warnings: [...warnings, ...rules.warnings] };
}

/** When and how an object goes is the server's to write. */
function deletionCauses(metadata: JsonObject, before: JsonObject): readonly Cause[] {
  const stored = isObject(before['metadata']) ? before['metadata'] : {};
  return ['deletionTimestamp', 'deletionGracePeriodSeconds'].flatMap((field) => {
    const value = metadata[field] ?? null;
    return value === null || value === stored[field] ? [] : [cause('FieldValueInvalid', ['metadata', field], 'field is immutable', value)];
  });
}

/** The 422 for these causes. */
export function invalid(object: JsonObject, kind: KindSchema, causes: readonly Cause[]): Refusal {
  const texts = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const name = typeof metadata['name'] === 'string' ? metadata['name'] : '';
  return {
    code: 422,
    reason: 'Invalid',
    message: `${kind.names.kind}.${kind.group} ${JSON.stringify(name)} is invalid: ${texts.length === 1 ? texts.join('') : `[${texts.join(', ')}]`}`,
    causes,
    findings: causes.map((found): Finding => ({ code: 'isRule' in found ? 'cel/rule' : found.field.startsWith('metadata') ? 'schema/metadata' : 'schema/invalid', message: found.message, path: found.path })),
  };
}

/** What a client reads when a webhook denies. */
export function denied({ webhook, message, code, path }: Denial): Refusal {
  return {
    code,
    reason: code === 404 ? 'NotFound' : code === 400 ? 'BadRequest' : 'Forbidden',
    message: `admission webhook "${webhook}" denied the request: ${message}`,
    causes: [],
    findings: [{ code: 'platform/admission', message, path }],
  };
}

/** Errors after which CEL rules are not evaluated. */
const blocking = new Set<Cause['reason']>(['FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid']);

/** The API server first reads `apiVersion` and `kind`. */
function refuseIdentity(value: Json, kind: KindSchema, text: string): Refusal | undefined {
  const unrecognized = (message: string, path: Path): Refusal => ({
    code: 400, reason: 'BadRequest', message: `the object provided is unrecognized (must be of type ${kind.names.kind}): ${message} (${firstBytes(text)} ...)`,
    causes: [], findings: [{ code: 'schema/invalid', message, path }],
  });
  const unreadable = (shown: string, target: string, path: Path) => unrecognized(`couldn't get version/kind; json parse error: json: cannot unmarshal ${shown} into Go ${target}`, path);
  if (value !== null && !isObject(value)) {
    return unreadable(jsonType(value), 'value of type struct { APIVersion string "json:\"apiVersion,omitempty\""; Kind string "json:\"kind,omitempty\"" }', []);
  }
  for (const field of ['apiVersion', 'kind']) {
    const given = value?.[field] ?? null;
    if (given !== null && typeof given !== 'string') {
      return unreadable(jsonType(given), `struct field .${field} of type string`, [field]);
    }
  }
  return value?.['kind'] ? undefined : unrecognized(`Object 'Kind' is missing in '${text}'`, ['kind']);
}

function refused(refusal: Refusal, warnings: readonly string[]): Verdict {
  return { allowed: false, code: refusal.code, message: refusal.message, warnings, findings: refusal.findings, causes: refusal.causes };
}

function badRequest(kind: KindSchema, version: KindVersion, finding: Finding): Refusal {
  const message = `${kind.names.kind} in version "${version.name}" cannot be handled as a ${kind.names.kind}: ${finding.message}`;
  return { code: 400, reason: 'BadRequest', message, causes: [], findings: [finding] };
}

/** A request cannot write status where that has an endpoint of its own. */
function prepareStatus(object: JsonObject, version: KindVersion, before: JsonObject | undefined): void {
  if (!version.subresources?.status) {
    return;
  }
  delete object['status'];
  if (before && Object.hasOwn(before, 'status')) {
    object['status'] = before['status'] ?? null;
  }
}

/** Gives an object without a name one, as the server does before anything else looks at it: the rules see a name. */
function generateName(object: JsonObject): boolean {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { name, generateName: prefix } = metadata;
  if (typeof name === 'string' || typeof prefix !== 'string') {
    return false;
  }
  // 58 characters of the prefix and five random ones; apiserver `names.SimpleNameGenerator`.
  metadata['name'] = `${prefix.slice(0, 58)}xxxxx`;
  return true;
}

/** The count of replicas, for kinds that can be scaled. */
function validateScale(object: JsonObject, version: KindVersion, floats: ReadonlySet<string> | undefined): readonly Cause[] {
  const field = version.subresources?.scale?.specReplicasPath;
  if (field === undefined) {
    return [];
  }
  const path = field.split('.').filter((step) => step !== '');
  let value: Json = object;
  for (const step of path) {
    if (!isObject(value)) {
      return [cause('FieldValueInvalid', path, `${field} accessor error: ${JSON.stringify(value)} is of the type ${goTypeOf(value)}, expected map[string]interface{}`, 0, field)];
    }
    if (!Object.hasOwn(value, step)) {
      return [];
    }
    value = value[step] ?? null;
  }
  const isFloat = floats?.has(fieldOf(path)) ?? false;
  if (typeof value !== 'number' || !Number.isInteger(value) || isFloat) {
    return [cause('FieldValueInvalid', path, `${field} accessor error: ${JSON.stringify(value)} is of the type ${isFloat ? 'float64' : goTypeOf(value)}, expected int64`, 0, field)];
  }
  const limit = value < 0 ? 'should be a non-negative integer' : value > 2147483647 ? 'should be less than or equal to 2147483647' : undefined;
  return limit === undefined ? [] : [cause('FieldValueInvalid', path, limit, value, field)];
}

function goTypeOf(value: Json): string {
  return value === null ? '<nil>' : Array.isArray(value) ? '[]interface {}' : isObject(value) ? 'map[string]interface {}'
    : typeof value === 'boolean' ? 'bool' : typeof value === 'string' ? 'string' : Number.isInteger(value) ? 'int64' : 'float64';
}

function newFinalizerWarnings(metadata: JsonObject, before: JsonObject | undefined): readonly string[] {
  const old = isObject(before?.['metadata']) ? before['metadata']['finalizers'] : undefined;
  const known = new Set(Array.isArray(old) ? old : []);
  const finalizers = metadata['finalizers'];
  return finalizerWarnings(Array.isArray(finalizers) ? finalizers.filter((name) => !known.has(name)) : undefined);
}

/** The API server quotes the beginning of what it could not read, in hexadecimal. */
function firstBytes(text: string): string {
  return [...new TextEncoder().encode(text.slice(0, 30)).slice(0, 30)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
