import { Environment, EvaluationError } from '@marcbachmann/cel-js';
import type { Path } from '../domain/values';
import { goJson } from './goText';
import { isObject } from './prune';
import type { Json } from './scalars';
import type { Cause, CauseReason, Schema, ValidationRule } from './structural';
import { cause, fieldOf, propertyOf } from './structural';
import { same } from './validate';

/**
 * Evaluates the `x-kubernetes-validations` of a schema on an object that is otherwise valid. With `before`, transition rules
 * run too; what an update leaves unchanged only warns. `floats`: where whole numbers are floats all the same.
 */
export function validateRules(value: Json, schema: Schema, before?: Json, floats?: ReadonlySet<string>): { readonly causes: readonly Cause[]; readonly warnings: readonly string[] } {
  const node = nodeOf(schema);
  const run: Run = { causes: [], warnings: [], floats };
  if (node) {
    visit(node, { value, old: before, path: [], field: '<nil>', isUnchanged: before !== undefined && same(value, before), schema: withMetadata(schema) }, run);
  }
  return run;
}

/** Whether the schema has any rule, anywhere. */
export function hasRules(schema: Schema): boolean {
  return nodeOf(schema) !== undefined;
}

/** Where rules are in a schema: subtrees without any are left out. */
interface Node {
  readonly schema: Schema;
  readonly rules: readonly CompiledRule[];
  readonly properties: ReadonlyMap<string, Node>;
  readonly additional: Node | undefined;
  readonly items: Node | undefined;
}

interface CompiledRule {
  readonly source: ValidationRule;
  readonly usesOldSelf: boolean;
  readonly test: (context: Context) => unknown;
  readonly message: ((context: Context) => unknown) | undefined;
}

interface Context {
  readonly self: unknown;
  readonly oldSelf?: unknown;
}

interface Place {
  readonly value: Json;
  readonly old: Json | undefined;
  readonly path: Path;
  /** As the API server writes it; `<nil>` for the root. */
  readonly field: string;
  readonly isUnchanged: boolean;
  readonly schema: Schema;
}

interface Run {
  readonly causes: Cause[];
  readonly warnings: string[];
  readonly floats: ReadonlySet<string> | undefined;
}

const nodes = new WeakMap<Schema, { readonly node: Node | undefined }>();

function nodeOf(schema: Schema): Node | undefined {
  let entry = nodes.get(schema);
  if (!entry) {
    entry = { node: compile(schema) };
    nodes.set(schema, entry);
  }
  return entry.node;
}

function compile(schema: Schema): Node | undefined {
  const rules = (schema['x-kubernetes-validations'] ?? []).map(compileRule);
  const properties = new Map(Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const node = compile(field);
    return node ? [[name, node] as const] : [];
  }));
  const additional = typeof schema.additionalProperties === 'object' ? compile(schema.additionalProperties) : undefined;
  const items = schema.items ? compile(schema.items) : undefined;
  return rules.length > 0 || properties.size > 0 || additional || items ? { schema, rules, properties, additional, items } : undefined;
}

function compileRule(source: ValidationRule): CompiledRule {
  return {
    source,
    usesOldSelf: /\boldSelf\b/.test(source.rule),
    test: parse(source.rule),
    message: source.messageExpression === undefined ? undefined : parse(source.messageExpression),
  };
}

const environment = createEnvironment();
const parsed = new Map<string, (context: Context) => unknown>();

function parse(expression: string): (context: Context) => unknown {
  let program = parsed.get(expression);
  if (!program) {
    try {
      const compiled = environment.parse(expression);
      program = (context) => compiled(context) as unknown;
    } catch (error) {
      // A rule of an unknown cluster that this library cannot read must not pass for a rule that holds: it is told as a failure.
      program = () => { throw error; };
    }
    parsed.set(expression, program);
  }
  return program;
}

function visit(node: Node, place: Place, run: Run): void {
  if (place.value === null) {
    return;
  }
  if (node.rules.length > 0) {
    evaluate(node.rules, place, run);
  }
  if (Array.isArray(place.value)) {
    const { items } = node;
    const itemSchema = place.schema.items;
    if (items && itemSchema) {
      const oldItem = correlate(place.schema, place.old);
      place.value.forEach((value, index) => {
        const old = oldItem(value);
        visit(items, { value, old, path: [...place.path, index], field: `${place.field}[${index}]`, isUnchanged: place.isUnchanged || (old !== undefined && same(value, old)), schema: itemSchema }, run);
      });
    }
    return;
  }
  if (!isObject(place.value)) {
    return;
  }
  for (const [key, value] of Object.entries(place.value)) {
    const isNamed = Object.hasOwn(place.schema.properties ?? {}, key);
    const child = isNamed ? node.properties.get(key) : node.additional;
    const schema = propertyOf(place.schema, key);
    if (child && schema) {
      const old = isObject(place.old) && Object.hasOwn(place.old, key) ? place.old[key] : undefined;
      const field = isNamed ? (place.field === '<nil>' ? key : `${place.field}.${key}`) : `${place.field}[${key}]`;
      visit(child, { value, old, path: [...place.path, key], field, isUnchanged: place.isUnchanged || (old !== undefined && same(value, old)), schema }, run);
    }
  }
}

function evaluate(rules: readonly CompiledRule[], place: Place, run: Run): void {
  const self = toCel(place.value, place.schema, run.floats, run.floats && fieldOf(place.path));
  const oldSelf = place.old === undefined || place.old === null ? undefined : toCel(place.old, place.schema);
  const context: Context = oldSelf === undefined ? { self } : { self, oldSelf };
  for (const rule of rules) {
    if (rule.usesOldSelf && oldSelf === undefined) {
      continue;
    }
    const type = place.schema.type ?? '';
    const label = (rule.source.message ?? rule.source.rule).trim();
    try {
      if (rule.test(context) === true) {
        continue;
      }
    } catch (error) {
      run.causes.push(cause('FieldValueInvalid', place.path, failure(error, label), type, place.field));
      continue;
    }
    const found = violation(rule, place, context, type);
    if (place.isUnchanged && !rule.usesOldSelf) {
      run.warnings.push(`${found.field}: ${found.message}`);
    } else {
      run.causes.push(found);
    }
  }
}

function violation({ source, message }: CompiledRule, place: Place, context: Context, type: string): Cause {
  const reason: CauseReason = source.reason ?? 'FieldValueInvalid';
  const text = (message && computed(message, context)) ?? (source.message === undefined ? `failed rule: ${source.rule.trim()}` : source.message.trim());
  const below = source.fieldPath?.replace(/^\./, '');
  const field = below === undefined ? place.field : place.field === '<nil>' ? below : `${place.field}.${below}`;
  const path = below === undefined ? place.path : [...place.path, ...below.split('.')];
  return cause(reason, path, reason === 'FieldValueDuplicate' ? '' : text, type, field);
}

/** A message expression that fails, or says nothing on one line, counts as absent. */
function computed(message: (context: Context) => unknown, context: Context): string | undefined {
  try {
    const text = message(context);
    const trimmed = typeof text === 'string' ? text.trim() : '';
    return trimmed === '' || trimmed.includes('\n') ? undefined : trimmed;
  } catch {
    return undefined;
  }
}

/** The server's words for an expression that cannot be evaluated. */
function failure(error: unknown, label: string): string {
  const { code, summary } = error instanceof EvaluationError ? error : { code: '', summary: error instanceof Error ? error.message : String(error) };
  switch (code) {
    case 'no_such_key':
      return `no such key: ${summary.replace(/^No such key: /, '')} evaluating rule: ${label}`;
    case 'int_conversion_error':
      return `type conversion error from 'string' to 'int' evaluating rule: ${label}`;
    case 'no_such_overload':
    case 'no_matching_overload':
      return `'no such overload': call arguments did not match a supported operator, function or macro signature for rule: ${label}`;
    default:
      return `${summary} evaluating rule: ${label}`;
  }
}

/** A value as CEL sees it: integers are 64-bit, fields with reserved or unusual names are escaped, keyed lists have no order. `field`: where it is, for `floats`. */
function toCel(value: Json, schema: Schema | undefined, floats?: ReadonlySet<string>, field = ''): unknown {
  if (typeof value === 'number') {
    const isFloat = floats?.has(field) ?? false;
    const isWhole = Number.isInteger(value) && !isFloat;
    return schema?.type === 'integer' && !isWhole ? new Unusable() : isWhole && schema?.type !== 'number' ? BigInt(value) : value;
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    value.forEach((item, index) => put(items, index, toCel(item, schema?.items, floats, floats && `${field}[${index}]`)));
    return schema?.['x-kubernetes-list-type'] === 'map' || schema?.['x-kubernetes-list-type'] === 'set' ? inOrder(value, items) : items;
  }
  if (!isObject(value)) {
    return value;
  }
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const isNamed = Object.hasOwn(schema?.properties ?? {}, key);
    put(out, isNamed ? escapeName(key) : key, toCel(value[key] ?? null, propertyOf(schema, key), floats, floats && (field === '' ? key : `${field}.${key}`)));
  }
  return out;
}

/** A float where the schema has an integer: it passes the schema and fails the rule that reads it. */
class Unusable {}

function put(target: object, name: string | number, value: unknown): void {
  if (value instanceof Unusable) {
    Object.defineProperty(target, name, { enumerable: true, get: () => { throw new Error('invalid data, expected int, got float64'); } });
  } else {
    (target as Record<string | number, unknown>)[name] = value;
  }
}

function inOrder(values: readonly Json[], items: readonly unknown[]): readonly unknown[] {
  const keys = values.map(goJson);
  return items.map((item, index) => ({ item, key: keys[index] ?? '' })).sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

/** Words that CEL keeps for itself. */
const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while']);

function escapeName(name: string): string {
  return reserved.has(name) ? `__${name}__` : !/__|[.\-/]/.test(name) ? name
    : name.replace(/__|[.\-/]/g, (found) => ({ __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' })[found] ?? found);
}

/** Rules at the root see type and name, whatever the schema says about metadata. */
function withMetadata(schema: Schema): Schema {
  let root = roots.get(schema);
  if (!root) {
    root = asRoot(schema);
    roots.set(schema, root);
  }
  return root;
}

const roots = new WeakMap<Schema, Schema>();

function asRoot(schema: Schema): Schema {
  return { ...schema, properties: { ...schema.properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: { type: 'object', properties: { name: { type: 'string' }, generateName: { type: 'string' } } } } };
}

function correlate(schema: Schema, old: Json | undefined): (item: Json) => Json | undefined {
  const keys = schema['x-kubernetes-list-type'] === 'map' ? schema['x-kubernetes-list-map-keys'] ?? [] : [];
  if (!Array.isArray(old) || keys.length === 0) {
    return () => undefined;
  }
  const identity = (item: Json) => (isObject(item) ? goJson(keys.map((key) => item[key] ?? null)) : '');
  const known = new Map(old.map((item) => [identity(item), item]));
  return (item) => known.get(identity(item));
}

/** The functions of Kubernetes' CEL that the library does not bring along. */
function createEnvironment(): Environment {
  const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false, enableOptionalTypes: true });
  return environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, () => to));
}
