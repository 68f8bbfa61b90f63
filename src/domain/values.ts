import { isRecord } from './kubeObject';

export type Path = readonly (string | number)[];

/** Every value a dotted path reaches, with its place; `[]` walks a list, e.g. `spec.blockDeviceRefs[].name`. */
export function* valuesAt(root: unknown, dotted: string): Iterable<{ readonly path: Path; readonly value: unknown }> {
  let found: { readonly path: Path; readonly value: unknown }[] = [{ path: [], value: root }];
  for (const step of stepsOf(dotted)) {
    const isList = step.endsWith('[]');
    const name = isList ? step.slice(0, -2) : step;
    const next: typeof found = [];
    for (const { path, value } of found) {
      if (!isRecord(value) || !Object.hasOwn(value, name)) {
        continue;
      }
      const below = value[name];
      if (!isList) {
        next.push({ path: [...path, name], value: below });
      } else if (Array.isArray(below)) {
        below.forEach((item: unknown, index) => next.push({ path: [...path, name, index], value: item }));
      }
    }
    found = next;
    if (found.length === 0) {
      return;
    }
  }
  yield* found;
}

/** The value at a dotted path without lists; `undefined` when a step is missing. */
export function valueAt(root: unknown, dotted: string): unknown {
  let value = root;
  for (const step of stepsOf(dotted)) {
    value = isRecord(value) && Object.hasOwn(value, step) ? value[step] : undefined;
  }
  return value;
}

/** The string at a dotted path; `undefined` when it is missing, empty or no string. */
export function stringAt(root: unknown, dotted: string): string | undefined {
  const value = valueAt(root, dotted);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The number at a dotted path; `undefined` when it is missing or no number. */
export function numberAt(root: unknown, dotted: string): number | undefined {
  const value = valueAt(root, dotted);
  return typeof value === 'number' ? value : undefined;
}

/** The list at a dotted path; empty when it is missing or no list. */
export function listAt(root: unknown, dotted: string): readonly unknown[] {
  const value = valueAt(root, dotted);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The program asks for the same few paths over and over, for tens of thousands of objects. */
const knownSteps = new Map<string, readonly string[]>();

function stepsOf(dotted: string): readonly string[] {
  const known = knownSteps.get(dotted);
  if (known) {
    return known;
  }
  const steps = dotted.split('.');
  if (knownSteps.size < mostKnownPaths) {
    knownSteps.set(dotted, steps);
  }
  return steps;
}

/** Paths in the program are some hundred; paths that users write must not pile up. */
const mostKnownPaths = 1_000;
