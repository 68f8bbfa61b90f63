import { isRecord } from './kubeObject';

export type Path = readonly (string | number)[];

interface PlacedValue {
  readonly path: Path;
  readonly value: unknown;
}

/** Every value a dotted path reaches, with its place; `[]` walks a list, e.g. `spec.blockDeviceRefs[].name`. */
export function valuesAt(root: unknown, dotted: string): readonly PlacedValue[] {
  const steps = stepsOf(dotted);
  // Most paths lead nowhere in most objects.
  let found: PlacedValue[] | undefined;
  const path: (string | number)[] = [];
  const walk = (value: unknown, at: number): void => {
    const step = steps[at];
    if (step === undefined) {
      (found ??= []).push({ path: [...path], value });
      return;
    }
    const isList = step.endsWith('[]');
    const name = isList ? step.slice(0, -2) : step;
    if (!isRecord(value) || !Object.hasOwn(value, name)) {
      return;
    }
    const below = value[name];
    path.push(name);
    if (!isList) {
      walk(below, at + 1);
    } else if (Array.isArray(below)) {
      below.forEach((item: unknown, index) => {
        path.push(index);
        walk(item, at + 1);
        path.pop();
      });
    }
    path.pop();
  };
  walk(root, 0);
  return found ?? nowhere;
}

const nowhere: readonly PlacedValue[] = [];

/** The value at a dotted path without lists; `undefined` when a step is missing. */
export function valueAt(root: unknown, dotted: string): unknown {
  let value = root;
  for (const step of stepsOf(dotted)) {
    if (!isRecord(value)) {
      return undefined;
    }
    const next = value[step];
    value = next === undefined || Object.hasOwn(value, step) ? next : undefined;
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

/** What a table of ours says about a word of the cluster; `undefined` where it says nothing, also for words that every JavaScript object knows, such as `constructor`. */
export function entryOf<T>(table: Readonly<Record<string, T>> | undefined, word: string | undefined): T | undefined {
  return table && word !== undefined && Object.hasOwn(table, word) ? table[word] : undefined;
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
