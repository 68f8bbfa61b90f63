import { stringify } from 'yaml';
import { isObject, type JsonObject } from '../../../src/language/prune';
import type { Json } from '../../../src/language/scalars';
import { propertyOf, type KindSchema, type Schema } from '../../../src/language/structural';

/** Endless random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** A manifest with one or two things changed: some of the results are still valid. */
export function mutate(object: JsonObject, kind: KindSchema, random: () => number): string {
  const copy = structuredClone(object);
  const schema = kind.versions.find(({ name }) => typeof copy['apiVersion'] === 'string' && copy['apiVersion'].endsWith(`/${name}`))?.schema ?? {};
  const rounds = random() < 0.7 ? 1 : 2;
  let isTextual = false;
  for (let round = 0; round < rounds; round++) {
    if (random() < 0.6) {
      changeField(copy, schema, random);
    } else if (random() < 0.4) {
      changeMetadata(copy, random);
    } else {
      isTextual = true;
    }
  }
  const text = stringify(copy, { lineWidth: 0, aliasDuplicateObjects: false });
  return isTextual ? changeText(text, random) : text;
}

/** A manifest of a kind made out of its schema alone: fields, values and status that no example has. */
export function invent(kind: KindSchema, random: () => number): string {
  const served = kind.versions.filter((each) => each.served);
  const version = pick(served, random);
  const made: JsonObject = { apiVersion: `${kind.group}/${version?.name ?? ''}`, kind: kind.names.kind, metadata: { name: 'invented' } };
  for (const field of ['spec', 'status']) {
    const schema = propertyOf(version?.schema, field);
    if (schema && (field === 'spec' ? random() < 0.97 : random() < 0.3)) {
      made[field] = sample(schema, random, 9, random() < 0.5 ? 0 : 0.01);
    }
  }
  return random() < 0.2 ? JSON.stringify(made, undefined, random() < 0.5 ? 2 : 0) : stringify(made, { lineWidth: 0, aliasDuplicateObjects: false });
}

interface Slot {
  readonly holder: JsonObject | Json[];
  readonly key: string | number;
  readonly schema: Schema | undefined;
}

function changeField(object: JsonObject, schema: Schema, random: () => number): void {
  const slots: Slot[] = [];
  collect(object, schema, slots);
  const usable = slots.filter(({ key, holder }) => !(holder === object && ['apiVersion', 'kind', 'metadata'].includes(String(key))));
  const slot = pick(usable, random);
  if (!slot) {
    return;
  }
  const { holder, key } = slot;
  const value = (holder as JsonObject)[key as string] ?? null;
  const put = (next: Json) => { (holder as JsonObject)[key as string] = next; };
  switch (Math.floor(random() * 9)) {
    case 0:
      if (Array.isArray(holder)) {
        holder.splice(Number(key), 1);
      } else {
        delete holder[String(key)];
      }
      return;
    case 1:
      return put(stranger(random));
    case 2:
      return put(atLimit(value, slot.schema, random));
    case 3:
      return put(nearEnum(slot.schema, random));
    case 4:
      if (!Array.isArray(holder)) {
        delete holder[String(key)];
        holder[misspelt(String(key), random)] = value;
      }
      return;
    case 5:
      if (isObject(value)) {
        value[pick(['extra', 'Size', 'name ', 'x.y', 'status'], random) ?? 'extra'] = stranger(random);
      } else {
        put(stranger(random));
      }
      return;
    case 6:
      return put(withOptional(value, slot.schema, random));
    case 7:
      return put(otherLength(value, random));
    default:
      return put(typeof value === 'string' ? brokenText(value, random) : typeof value === 'number' ? value + (pick([1, -1, 0.5, 1e9, -1e9], random) ?? 1) : null);
  }
}

const strangers: readonly Json[] = [null, true, false, 0, 1, -1, 2.5, 4096, 2147483648, 9007199254740993, 1e30, '', 'text', '5', '10Gi', 'true', 'a b', 'Ünïcödé 😀', [], {}, ['a'], [null], [{}], { a: 'b' }, { a: 1 }, { name: 'x' }, [1, 1], 'https://example.org/x.img'];

function atLimit(value: Json, schema: Schema | undefined, random: () => number): Json {
  const step = pick([-1, 0, 1], random) ?? 0;
  const limits = [schema?.minimum, schema?.maximum].filter((limit) => limit !== undefined);
  const limit = pick(limits, random);
  if (limit !== undefined) {
    return limit + step;
  }
  const length = pick([schema?.minLength, schema?.maxLength].filter((each) => each !== undefined), random);
  if (length !== undefined) {
    return (pick(['a', 'я', '😀', '0'], random) ?? 'a').repeat(Math.max(0, length + step));
  }
  const items = pick([schema?.minItems, schema?.maxItems].filter((each) => each !== undefined), random);
  if (items !== undefined && Array.isArray(value) && value.length > 0) {
    return Array.from({ length: Math.max(0, items + step) }, () => structuredClone(value[0] ?? null));
  }
  return stranger(random);
}

function nearEnum(schema: Schema | undefined, random: () => number): Json {
  const allowed = pick(schema?.enum ?? [], random);
  if (typeof allowed !== 'string') {
    return stranger(random);
  }
  return random() < 0.6 ? allowed : random() < 0.5 ? allowed.toLowerCase() : `${allowed}x`;
}

function misspelt(key: string, random: () => number): string {
  const at = Math.floor(random() * key.length);
  return random() < 0.4 ? `${key[0]?.toUpperCase() ?? ''}${key.slice(1)}` : random() < 0.5 ? key.slice(0, at) + key.slice(at + 1) : `${key}s`;
}

/** Adds a field that the schema knows, with a value made from the schema. */
function withOptional(value: Json, schema: Schema | undefined, random: () => number): Json {
  if (!isObject(value) || !schema?.properties) {
    return sample(schema, random, 3);
  }
  const name = pick(Object.keys(schema.properties).filter((key) => !Object.hasOwn(value, key)), random);
  return name === undefined ? value : { ...value, [name]: sample(propertyOf(schema, name), random, 3) };
}

/** A value that the schema asks for, mostly. */
export function sample(schema: Schema | undefined, random: () => number, depth: number, strangeness = 0.05): Json {
  if (!schema || depth === 0 || random() < strangeness) {
    return stranger(random);
  }
  const below = (inner: Schema | undefined) => sample(inner, random, depth - 1, strangeness);
  if (schema.enum) {
    return pick(schema.enum, random) ?? null;
  }
  if (schema['x-kubernetes-int-or-string']) {
    return pick<Json>([1, '1Gi', '10Gi', '+1Gi', '-1Gi', '1.5Gi', '1E3', '1gi', ' 1Gi', 1.5, '', '.5', '5.', 'Gi', '1e3', '1e1.5', '100m', '0', 9007199254740993], random) ?? 1;
  }
  switch (schema.type) {
    case 'object': {
      const wanted = random() * 0.6;
      const names = Object.keys(schema.properties ?? {}).filter((name) => schema.required?.includes(name) || random() < wanted);
      const entries = names.map((name) => [name, below(propertyOf(schema, name))] as const);
      return typeof schema.additionalProperties === 'object' ? { key: below(schema.additionalProperties) } : Object.fromEntries(entries);
    }
    case 'array':
      return Array.from({ length: Math.floor(random() * 3) }, () => below(schema.items));
    case 'integer':
    case 'number':
      return Math.floor((schema.minimum ?? -3) + random() * 30);
    case 'boolean':
      return random() < 0.5;
    case 'string':
    case undefined:
    default:
      return pick([...texts, schema.pattern?.replace(/[\^$\\]|[*+?]|\{.*?\}/g, '') ?? 'a'], random) ?? '';
  }
}

const texts = [
  'a', '10Gi', 'web', '50%', '0123456789abcdef0123456789abcdef', 'aGVsbG8=', 'registry.example.org/x:1', 'https://example.org/x.img', '10.0.0.1', '2026-01-01T00:00:00Z', '2026-02-30T00:00:00Z', '',
  '2026-01-01t00:00:00z', '2026-01-01T00:00:00.123456789+03:00', '2026-01-01 00:00:00Z', '2026-01-01', 'aGVsbG8', 'aGVs bG8=', 'aGVs\nbG8=', 'aGVsbG-_', '10.0.0', '1s', '10.0.0.0/24', '00:1b:44:11:3a:b7', 'd:7,0;1', 'registry.example.org/a/b@sha256:0000', 'UEFI\n', 'ß', 'é'.repeat(10),
];

function otherLength(value: Json, random: () => number): Json {
  if (Array.isArray(value)) {
    const first = value[0] ?? sample(undefined, random, 0);
    return random() < 0.5 ? [...value, structuredClone(first)] : random() < 0.5 ? [] : Array.from({ length: 17 + Math.floor(random() * 3) }, () => structuredClone(first));
  }
  return typeof value === 'string' ? value.repeat(Math.floor(random() * 40)) : value;
}

function brokenText(value: string, random: () => number): string {
  const at = Math.floor(random() * (value.length + 1));
  const extra = pick(['\n', ' ', 'A', '_', '.', '-', '%', '😀', '\\', '"', '/', '0', '\u00a0'], random) ?? ' ';
  return random() < 0.3 ? value.toUpperCase() : `${value.slice(0, at)}${extra}${value.slice(at)}`;
}

const labelKeys = ['app', 'a/b', 'example.org/app', 'Example.org/app', '/x', 'x/', 'a/b/c', '-a', 'a-', 'a_b.c', 'a b', 'я', 'x'.repeat(63), 'x'.repeat(64), `${'p'.repeat(253)}/x`, `${'p'.repeat(254)}/x`, '__proto__', 'constructor', 'on', '1', ''];
const labelValues: readonly Json[] = ['', 'a', 'A.b_c-d', '-a', 'a-', 'a b', 'x'.repeat(63), 'x'.repeat(64), 'я', 5, true, null, 1.5, [], {}, 'yes', '0x1'];
const names: readonly Json[] = ['web', 'Web', 'web.shop', 'web-', '-web', 'web_1', 'w'.repeat(63), 'w'.repeat(64), 'w'.repeat(253), 'w'.repeat(254), '', null, 5, true, 'a..b', 'a b', '1', 'xn--a'];

function changeMetadata(object: JsonObject, random: () => number): void {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  object['metadata'] = metadata;
  const texts = () => Object.fromEntries(Array.from({ length: 1 + Math.floor(random() * 2) }, () => [pick(labelKeys, random) ?? 'a', pick(labelValues, random) ?? null]));
  const owner = () => Object.fromEntries(([['apiVersion', 'v1'], ['kind', 'Pod'], ['name', 'x'], ['uid', 'u'], ['controller', true], ['blockOwnerDeletion', false]] as const)
    .filter(() => random() < 0.85).map(([key, value]) => [key, random() < 0.9 ? value : pick<Json>(['', null, 5], random) ?? null]));
  switch (Math.floor(random() * 9)) {
    case 0:
      metadata['name'] = pick(names, random) ?? null;
      return;
    case 1:
      delete metadata['name'];
      metadata['generateName'] = pick(names, random) ?? null;
      return;
    case 2:
      metadata['labels'] = random() < 0.1 ? stranger(random) : texts();
      return;
    case 3:
      metadata['annotations'] = random() < 0.1 ? stranger(random) : texts();
      return;
    case 4:
      metadata['ownerReferences'] = random() < 0.1 ? stranger(random) : Array.from({ length: 1 + Math.floor(random() * 2) }, owner);
      return;
    case 5:
      metadata['finalizers'] = pick<Json>([['a'], ['example.org/a'], ['a/b/c'], ['orphan', 'foregroundDeletion'], ['example.org'], [''], [5], 'a', [null]], random) ?? null;
      return;
    case 6:
      metadata[pick(['Labels', 'foo', 'clusterName', 'managedFields', 'selfLink', 'deletionGracePeriodSeconds'], random) ?? 'foo'] = stranger(random);
      return;
    case 7:
      metadata[pick(['uid', 'generation', 'creationTimestamp', 'deletionTimestamp'], random) ?? 'uid'] = pick<Json>([null, 'x', 5, -1, 1.5, true, '2026-01-01T00:00:00Z', '2026-13-01T00:00:00Z', ''], random) ?? null;
      return;
    default:
      object['metadata'] = pick<Json>([null, {}, [], 'x', { name: 'a' }], random) ?? null;
  }
}

const scalars = ['yes', 'No', 'on', 'OFF', 'y', 'N', 'true', 'False', 'null', 'Null', '~', '', '0777', '010', '08', '0o17', '0x1F', '0b11', '1_000', '+1', '-0', '.5', '1.', '1e3', '12e3', '1e400', '-1e400', '1:30', '12:30:45', '2026-01-01', '2026-01-01T00:00:00Z', '=', '<<', 'NaN', '1e', '0xZZ', '1,000', '.inf', '-.Inf', '.NaN', '@x', '`x', '%x', '!!str 5', '!!int "5"', '!!float 5', '!!bool yes', '!!null x', '!foo 5', '! 5', '5.0', '1e1', '2.5', '"yes"', "'5'", '"a\\tb"', '"a\\q"', '&a 5', '*a', '[a, b]', '{a: b}', '{a: b', '[a', '"open', "'open", '|', '>', '|\n        x', '- a', 'a: b', '# c', 'x # c', 'x#c', 'x:', ':x', '-', '?', '--', '---', '...', '0x', '-0b1', '+.5', '1__0', '_1', '1_', '9223372036854775807', '9223372036854775808', '18446744073709551616', '0.1e-7', '1E+2', 'тест', '"\\u0041"', '"\\x41"', '!!binary aGk=', '!!timestamp 2026-01-01', '- - a', '{}', '[]', "''", '""', '{a}', '[a,]', '{,}', 'a\tb', '\ta'];

function changeText(text: string, random: () => number): string {
  const lines = text.split('\n');
  const at = Math.floor(random() * (lines.length - 1));
  const line = lines[at] ?? '';
  switch (Math.floor(random() * 10)) {
    case 0:
    case 1:
    case 2:
    case 3:
      lines[at] = line.replace(/^([ -]*[^:]+:).*$/, (_, key: string) => `${key} ${pick(scalars, random) ?? ''}`);
      break;
    case 4:
      lines.splice(Math.floor(random() * lines.length), 0, line);
      break;
    case 5:
      lines[at] = line.replace(/[A-Za-z]+(?=:)/, () => pick(['on', '1', 'true', '"on"', '~', '1.5', '? a', '<<', '[a]', '*b', '!!str 1', 'null', '0x10', '.5'], random) ?? 'on');
      break;
    case 6: {
      const column = Math.floor(random() * (line.length + 1));
      lines[at] = line.slice(0, column) + (pick([':', ': ', '#', ' #', '\t', '-', '- ', '"', "'", '{', '}', '[', ']', '&a ', '*a', '!', '%', '@', '`', '|', '>', ',', '?', '\r', '\u0007', '\u00a0', '\u2028', '\\', '\ufeff'], random) ?? ':') + line.slice(column);
      break;
    }
    case 7:
      lines[at] = random() < 0.5 ? ` ${line}` : line.replace(/^ {1,2}/, '');
      break;
    case 8:
      lines.splice(at, 1);
      break;
    default:
      return random() < 0.3 ? text.replaceAll('\n', '\r\n') : random() < 0.5 ? withAnchor(text, random) : `${text}${pick(['---\na: 1\n', '...\na: 1\n', '# end', '\u0000', '\n\n', 'extra', '  x: 1', '--- x'], random) ?? ''}`;
  }
  return lines.join('\n');
}

function withAnchor(text: string, random: () => number): string {
  return pick([
    text.replace('metadata:', 'metadata: &m').replace('spec:', 'spec:\n  <<: *m'),
    text.replace('spec:', 'spec: &s').concat('copy: *s\n'),
    text.replace(/name: (.*)/, 'name: &n $1').replace(/(size|type|kind): .*\n/, '$1: *n\n'),
    text.replace('spec:', 'spec:\n  <<: {a: 1}'),
    text.replace('spec:', 'spec:\n  <<: [{a: 1}, {a: 2}]'),
    text.replace('spec:', 'spec:\n  <<: 5'),
    text.replace('metadata:', '"metadata":'),
    text.replace('metadata:', '"metadata" :'),
    text.replace(/^kind: .*\n/m, (kind) => `${kind}${kind}`),
    `%YAML 1.1\n---\n${text}`, `%YAML 1.2\n---\n${text}`, `\ufeff${text}`, `---\n${text}`, `--- # x\n${text}`, `# c\n${text}`, `\n\n${text}`,
  ], random) ?? text;
}

function collect(value: Json, schema: Schema | undefined, slots: Slot[]): void {
  if (Array.isArray(value)) {
    value.forEach((item, index) => {
      slots.push({ holder: value, key: index, schema: schema?.items });
      collect(item, schema?.items, slots);
    });
  } else if (isObject(value)) {
    for (const key of Object.keys(value)) {
      slots.push({ holder: value, key, schema: propertyOf(schema, key) });
      collect(value[key] ?? null, propertyOf(schema, key), slots);
    }
  }
}

function stranger(random: () => number): Json {
  return structuredClone(pick(strangers, random) ?? null);
}

function pick<T>(list: readonly T[], random: () => number): T | undefined {
  return list[Math.floor(random() * list.length)];
}
