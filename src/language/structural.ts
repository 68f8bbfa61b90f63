import type { Path } from '../domain/values';
import { goJson, goNumber, goQuote } from './goText';
import type { Json } from './scalars';

/** A structural schema as CRDs carry it: OpenAPI v3 without references. */
export interface Schema {
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly enum?: readonly Json[];
  readonly default?: Json;
  readonly nullable?: boolean;
  readonly format?: string;
  /** RE2 syntax, unanchored. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly not?: Schema;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-map-type'?: 'atomic' | 'granular';
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: 'FieldValueInvalid' | 'FieldValueForbidden' | 'FieldValueRequired' | 'FieldValueDuplicate';
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** One version of a kind as it is served. */
export interface KindVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly subresources?: { readonly status?: object; readonly scale?: { readonly specReplicasPath?: string } };
  readonly schema: Schema;
}

/** What a file of `schemas/<module>/` holds, as far as judging an object needs it. */
export interface KindSchema {
  readonly group: string;
  readonly names: { readonly kind: string; readonly plural: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly KindVersion[];
}

export type CauseReason =
  | 'FieldValueInvalid' | 'FieldValueTypeInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueTooLong'
  | 'FieldValueTooMany' | 'FieldValueDuplicate' | 'FieldValueForbidden';

/** One entry of `details.causes` of a 422 answer, in the API server's words, and its place. */
export interface Cause {
  /** As the API server writes it, e.g. `spec.networks[0].type`; `<nil>` where it names no field. */
  readonly field: string;
  readonly reason: CauseReason;
  readonly message: string;
  /** The value meant, also where `field` is `<nil>`. */
  readonly path: Path;
}

const reasonWords: Readonly<Record<CauseReason, string>> = {
  FieldValueInvalid: 'Invalid value', FieldValueTypeInvalid: 'Invalid value', FieldValueRequired: 'Required value',
  FieldValueNotSupported: 'Unsupported value', FieldValueTooLong: 'Too long', FieldValueTooMany: 'Too many',
  FieldValueDuplicate: 'Duplicate value', FieldValueForbidden: 'Forbidden',
};

/** Builds a cause; `value` is printed as Go does, and not at all where the reason says enough. */
export function cause(reason: CauseReason, path: Path, detail: string, value?: Json, field = fieldOf(path)): Cause {
  const bare = reason === 'FieldValueRequired' || reason === 'FieldValueForbidden' || reason === 'FieldValueTooLong' || value === undefined;
  const message = `${reasonWords[reason]}${bare ? '' : `: ${printed(value)}`}${detail === '' ? '' : `: ${detail}`}`;
  return { field, reason, message, path: [...path] };
}

/** A path as the API server writes it: `spec.disks[0].name`; `undefined` in it never occurs. The root is the empty string. */
export function fieldOf(path: Path): string {
  let text = '';
  for (const step of path) {
    text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`;
  }
  return text;
}

/** The sub-schema for a field of an object; `undefined` where nothing is said about it. */
export function propertyOf(schema: Schema | undefined, name: string): Schema | undefined {
  if (schema?.properties && Object.hasOwn(schema.properties, name)) {
    return schema.properties[name];
  }
  return typeof schema?.additionalProperties === 'object' ? schema.additionalProperties : undefined;
}

function printed(value: Json): string {
  return typeof value === 'string' ? goQuote(value) : typeof value === 'number' ? goNumber(value) : goJson(value);
}
