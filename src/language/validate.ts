import type { Path } from '../domain/values';
import { hasFormat, isCheckedFormat, matchesPattern } from './formats';
import { goNumber, goQuote, isGoInteger } from './goText';
import { isObject } from './prune';
import type { Json } from './scalars';
import type { Cause, CauseReason, Schema } from './structural';
import { cause, fieldOf } from './structural';

/**
 * What the API server's OpenAPI validator finds in a value, after pruning and defaulting. `before` is the object that is
 * updated: what has not changed is not complained about again. `floats`: where whole numbers are floats all the same.
 */
export function validateSchema(value: Json, schema: Schema, before?: Json, floats?: ReadonlySet<string>): readonly Cause[] {
  const result = new Result(floats);
  check(value, schema, [], result, before === undefined ? undefined : { value: before });
  return result.causes;
}

/** What an update starts from at the same place; a list is correlated by its keys or by its whole value only. */
interface Old {
  readonly value: Json;
}

/** Findings with the number of checks passed, by which the validator picks the alternative that fits best. */
class Result {
  readonly causes: Cause[] = [];
  passed = 0;
  readonly #floats: ReadonlySet<string> | undefined;

  constructor(floats: ReadonlySet<string> | undefined) {
    this.#floats = floats;
  }

  /** One for the same value, to be merged or thrown away. */
  another(): Result {
    return new Result(this.#floats);
  }

  isFloat(path: Path): boolean {
    return this.#floats?.has(fieldOf(path)) ?? false;
  }

  add(found: Cause): void {
    if (!this.causes.some((known) => known.field === found.field && known.message === found.message)) {
      this.causes.push(found);
    }
  }

  merge(other: Result): void {
    other.causes.forEach((found) => this.add(found));
    this.passed += other.passed;
  }
}

function check(value: Json, schema: Schema, path: (string | number)[], result: Result, old: Old | undefined): void {
  if (old !== undefined && same(value, old.value)) {
    return;
  }
  const types = typesOf(schema);
  if (value === null) {
    if (types.length > 0 && !schema.nullable) {
      add(result, 'FieldValueTypeInvalid', path, `must be of type ${types.join(',')}: "null"`, 'null');
    } else {
      result.passed++;
    }
    checkEnum(value, schema, path, result);
    return;
  }
  checkType(value, schema, types, path, result);
  checkCombinations(value, schema, path, result);
  if (typeof value === 'string') {
    checkString(value, schema, path, result);
  } else if (typeof value === 'number') {
    checkNumber(value, schema, path, result);
  } else if (Array.isArray(value)) {
    checkList(value, schema, path, result, old);
  }
  checkEnum(value, schema, path, result);
  if (isObject(value)) {
    checkObject(value, schema, path, result, old);
  }
  // One for each validator that applies to the kind of value, and one for the schema as a whole.
  result.passed += (types.length > 0 || schema.format ? 1 : 0) + (typeof value === 'boolean' ? 3 : 4);
}

/** Empty where any will do. */
function typesOf({ type, 'x-kubernetes-int-or-string': isEither }: Schema): readonly string[] {
  return isEither ? intOrString : type ? singleTypes[type] : [];
}

const intOrString = ['integer', 'string'];
const singleTypes = { object: ['object'], array: ['array'], string: ['string'], integer: ['integer'], number: ['number'], boolean: ['boolean'] } as const;

function checkType(value: Json, schema: Schema, types: readonly string[], path: Path, result: Result): void {
  if (types.length === 0) {
    return;
  }
  const type = result.isFloat(path) ? 'number' : typeOf(value);
  if (fitsType(value, schema, types, type)) {
    result.passed++;
  } else {
    add(result, 'FieldValueTypeInvalid', path, `must be of type ${types.join(',')}: ${goQuote(type)}`, type);
  }
}

function fitsType(value: Json, { format }: Schema, types: readonly string[], type: string): boolean {
  const isWhole = type === 'number' && isNearlyWhole(value as number) && types.includes('integer');
  const isTextWithFormat = (type === 'string' || type === 'array') && format !== undefined && isCheckedFormat(format) && !types.includes('number') && !types.includes('integer');
  return types.includes(type) || isWhole || (type === 'integer' && types.includes('number')) || isTextWithFormat;
}

function checkString(value: string, { maxLength, minLength, pattern, format }: Schema, path: Path, result: Result): void {
  const length = maxLength !== undefined || minLength !== undefined ? codePoints(value) : 0;
  if (maxLength !== undefined && length > maxLength) {
    result.add(cause('FieldValueTooLong', path, `may not be more than ${maxLength} ${maxLength === 1 ? 'byte' : 'bytes'}`));
  } else if (minLength !== undefined && length < minLength) {
    add(result, 'FieldValueInvalid', path, `should be at least ${minLength} chars long`, value);
  } else if (pattern !== undefined && pattern !== '' && !matchesPattern(pattern, value)) {
    add(result, 'FieldValueInvalid', path, `should match '${pattern}'`, value);
  }
  if (format !== undefined && isCheckedFormat(format)) {
    if (!hasFormat(format, value)) {
      add(result, 'FieldValueTypeInvalid', path, `must be of type ${format}: ${goQuote(value)}`, value);
    }
    result.passed++;
  }
}

function checkNumber(value: number, { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema, path: Path, result: Result): void {
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf)) {
    add(result, 'FieldValueInvalid', path, `should be a multiple of ${goNumber(multipleOf)}`, value);
  }
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) {
    add(result, 'FieldValueInvalid', path, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${goNumber(minimum)}`, value);
  }
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) {
    add(result, 'FieldValueInvalid', path, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${goNumber(maximum)}`, value);
  }
  result.passed++;
}

function checkList(value: readonly Json[], schema: Schema, path: (string | number)[], result: Result, old: Old | undefined): void {
  const { items, minItems, maxItems } = schema;
  if (items) {
    const oldItem = correlateItems(schema, old?.value);
    value.forEach((item, index) => {
      path.push(index);
      check(item, items, path, result, oldItem(item));
      path.pop();
    });
  }
  if (minItems !== undefined && value.length < minItems) {
    add(result, 'FieldValueInvalid', path, `should have at least ${minItems} items`, value.length);
  }
  if (maxItems !== undefined && value.length > maxItems) {
    result.add(cause('FieldValueTooMany', path, `must have at most ${maxItems} ${maxItems === 1 ? 'item' : 'items'}`, value.length));
  }
  result.passed++;
}

function checkObject(value: { [key: string]: Json }, schema: Schema, path: (string | number)[], result: Result, old: Old | undefined): void {
  const { properties = {}, additionalProperties, required, minProperties, maxProperties } = schema;
  const keys = Object.keys(value);
  if (minProperties !== undefined && keys.length < minProperties) {
    add(result, 'FieldValueInvalid', path, `should have at least ${minProperties} properties`, keys.length);
  }
  if (maxProperties !== undefined && keys.length > maxProperties) {
    result.add(cause('FieldValueTooMany', path, `must have at most ${maxProperties} ${maxProperties === 1 ? 'item' : 'items'}`, keys.length));
  }
  for (const key of keys) {
    const field = Object.hasOwn(properties, key) ? properties[key] : additionalProperties;
    if (typeof field === 'object') {
      path.push(key);
      check(value[key] ?? null, field, path, result, oldField(old, key, path.length === 1));
      path.pop();
    } else if (field === false) {
      result.add(cause('FieldValueInvalid', path, `${fieldOf(path)}.${key} in body is a forbidden property`, key));
    }
  }
  for (const key of required ?? []) {
    if (!Object.hasOwn(value, key)) {
      result.add(cause('FieldValueRequired', [...path, key], ''));
    }
  }
}

function checkEnum(value: Json, schema: Schema, path: Path, result: Result): void {
  if (schema.enum && schema.enum.length > 0 && !schema.enum.some((allowed) => same(allowed, value))) {
    const supported = schema.enum.map((allowed) => goQuote(typeof allowed === 'string' ? allowed : JSON.stringify(allowed))).join(', ');
    result.add(cause('FieldValueNotSupported', path, `supported values: ${supported}`, value));
  }
}

function checkCombinations(value: Json, { anyOf, oneOf, allOf, not }: Schema, path: (string | number)[], result: Result): void {
  if (anyOf && anyOf.length > 0) {
    const tried = alternatives(value, anyOf, path, true, result);
    if (tried.valid === 0) {
      result.add(composite(path, 'must validate at least one schema (anyOf)'));
    }
    result.merge(tried.best);
  }
  if (oneOf && oneOf.length > 0) {
    const tried = alternatives(value, oneOf, path, false, result);
    if (tried.valid !== 1) {
      result.add(composite(path, `must validate one and only one schema (oneOf). Found ${tried.valid === 0 ? 'none valid' : `${tried.valid} valid alternatives`}`));
    }
    if (tried.valid < 2) {
      result.merge(tried.best);
    }
  }
  if (allOf && allOf.length > 0) {
    const results = allOf.map((schema) => checked(value, schema, path, result));
    const valid = results.filter(({ causes }) => causes.length === 0).length;
    results.forEach((each) => result.merge(each));
    if (valid < allOf.length) {
      result.add(composite(path, `must validate all the schemas (allOf)${valid === 0 ? '. None validated' : ''}`));
    }
  }
  if (not && checked(value, not, path, result).causes.length === 0) {
    result.add(composite(path, 'must not validate the schema (not)'));
  }
  result.passed++;
}

/** The first alternative that is valid, else the one with the most checks passed. */
function alternatives(value: Json, schemas: readonly Schema[], path: (string | number)[], stopAtFirst: boolean, whole: Result): { valid: number; best: Result } {
  // Nothing is written down about forms of another type where a later one fits.
  const likely = stopAtFirst && value !== null ? schemas.find((schema) => fitsAny(value, schema)) : undefined;
  const first = likely && checked(value, likely, path, whole);
  if (first?.causes.length === 0) {
    return { valid: 1, best: first };
  }
  let valid = 0;
  let best: Result | undefined;
  for (const schema of schemas) {
    const result = checked(value, schema, path, whole);
    if (result.causes.length === 0) {
      best = valid === 0 ? result : best;
      valid++;
      if (stopAtFirst) {
        break;
      }
    } else if (valid === 0 && (best === undefined || result.passed > best.passed)) {
      best = result;
    }
  }
  return { valid, best: best ?? whole.another() };
}

function fitsAny(value: Json, schema: Schema): boolean {
  const types = typesOf(schema);
  return types.length === 0 || fitsType(value, schema, types, typeOf(value));
}

function checked(value: Json, schema: Schema, path: (string | number)[], whole: Result): Result {
  const result = whole.another();
  check(value, schema, path, result, undefined);
  return result;
}

function add(result: Result, reason: CauseReason, path: Path, words: string, value: Json): void {
  result.add(cause(reason, path, `${fieldOf(path)} in body ${words}`, value));
}

/** These name no field on the wire; the path is quoted in the text instead. */
function composite(path: Path, words: string): Cause {
  return cause('FieldValueInvalid', path, `${goQuote(fieldOf(path))} ${words}`, '', '<nil>');
}

function oldField(old: Old | undefined, key: string, isRoot: boolean): Old | undefined {
  if (!isObject(old?.value) || !Object.hasOwn(old.value, key) || (isRoot && (key === 'apiVersion' || key === 'kind'))) {
    return undefined;
  }
  return { value: old.value[key] ?? null };
}

function correlateItems(schema: Schema, old: Json | undefined): (item: Json) => Old | undefined {
  const keys = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] ?? [] : [];
  if (!Array.isArray(old) || keys.length === 0) {
    return () => undefined;
  }
  const keyOf = (item: Json) => (isObject(item) ? JSON.stringify(keys.map((key) => item[key] ?? null)) : '');
  const byKey = new Map(old.map((item) => [keyOf(item), { value: item }]));
  return (item) => byKey.get(keyOf(item));
}

function typeOf(value: Json): string {
  return Array.isArray(value) ? 'array' : typeof value === 'number' ? (isGoInteger(value) ? 'integer' : 'number') : typeof value;
}

/** The validator takes a float for an integer when it differs from one by less than 1e-9 of its size. */
function isNearlyWhole(value: number): boolean {
  const whole = Math.trunc(value);
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER && (value === whole || (whole > 0 && (value - whole) / (value + whole) < 1e-9));
}

function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) {
      count--;
      i++;
    }
  }
  return count;
}

/** Deep equality of JSON values. */
export function same(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) {
    return true;
  }
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, index) => same(item, b[index]));
  }
  if (!isObject(a) || !isObject(b)) {
    return false;
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
