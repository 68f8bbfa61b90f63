import type { SchemaFile } from './structure';

/** One place where a module's schemas say something else than the CRDs; `path` begins with the plural. */
export interface Difference {
  readonly path: string;
  /** JSON of the value, or `undefined` when it is missing on that side. */
  readonly expected: string | undefined;
  readonly found: string | undefined;
}

/** Compares structure alone: the order of keys and of `required`, and all words, are free. */
export function compareSchemas(expected: ReadonlyMap<string, SchemaFile>, found: ReadonlyMap<string, SchemaFile>): Difference[] {
  const plurals = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return plurals.flatMap((plural) => [...differences(plural, expected.get(plural), found.get(plural))]);
}

function* differences(path: string, expected: unknown, found: unknown): Generator<Difference> {
  if (isObject(expected) && isObject(found)) {
    for (const key of [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort()) {
      yield* differences(`${path}.${key}`, expected[key], found[key]);
    }
  } else if (isArray(expected) && isArray(found)) {
    const isSet = path.endsWith('.required');
    const left = isSet ? expected.toSorted() : expected;
    const right = isSet ? found.toSorted() : found;
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      yield* differences(`${path}[${index}]`, left[index], right[index]);
    }
  } else if (expected !== found) {
    yield { path, expected: JSON.stringify(expected), found: JSON.stringify(found) };
  }
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
