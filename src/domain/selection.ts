import { timeOf } from './age';
import { compareHealth, healthOf } from './health';
import type { KubeObject } from './kubeObject';
import { phaseOf } from './kubeObject';
import type { Grouping, TreeSort } from './treeNode';
import { stringAt } from './values';

/** Which objects of a list are shown. */
export interface Selection {
  /** Words that must all occur, ignoring case; empty: all objects. */
  readonly filter: string;
  /** Absent or empty: all. Objects without a namespace always stay. */
  readonly namespaces?: readonly string[] | undefined;
}

type List = readonly KubeObject[];

/** The store hands out the same list until something in it changes, so what is derived from a list is kept with it. */
const selections = new WeakMap<List, { readonly key: string; readonly chosen: List }>();
const groupings = new WeakMap<List, Map<string, ReadonlyMap<string, List>>>();
const orders = new WeakMap<List, { readonly sort: TreeSort; readonly atMs: number; readonly sorted: List }>();
const searchTexts = new WeakMap<KubeObject, string>();

/** How long an order by health may be reused: health changes with time alone only for new objects. */
const orderLifeMs = 1_000;

/** The objects of `list` that are shown; `list` itself when all are. */
export function selected(list: List, { filter, namespaces = [] }: Selection): List {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0 && namespaces.length === 0) {
    return list;
  }
  const key = JSON.stringify([words, namespaces]);
  const known = selections.get(list);
  if (known?.key === key) {
    return known.chosen;
  }
  const wanted = new Set(namespaces);
  const chosen = list.filter(({ metadata }) => wanted.size === 0 || metadata.namespace === undefined || wanted.has(metadata.namespace))
    .filter((object) => words.every((word) => searchText(object).includes(word)));
  selections.set(list, { key, chosen });
  return chosen;
}

/** The objects of a list by what they are grouped by, the groups in order of their names; `''`: those that have no such value. */
export function grouped(list: List, groupBy: Exclude<Grouping, 'none'>): ReadonlyMap<string, List> {
  const key = typeof groupBy === 'string' ? groupBy : `label ${groupBy.label}`;
  const known = groupings.get(list) ?? new Map<string, ReadonlyMap<string, List>>();
  groupings.set(list, known);
  const found = known.get(key);
  if (found) {
    return found;
  }
  const groups = new Map<string, KubeObject[]>();
  for (const object of list) {
    const value = groupValue(object, groupBy);
    const group = groups.get(value);
    if (group) {
      group.push(object);
    } else {
      groups.set(value, [object]);
    }
  }
  const inOrder = new Map([...groups].sort(([a], [b]) => compareGroups(a, b)));
  known.set(key, inOrder);
  return inOrder;
}

/** A list in the order in which it is shown. */
export function sorted(list: List, sort: TreeSort, nowMs: number): List {
  const known = orders.get(list);
  if (known?.sort === sort && nowMs >= known.atMs && nowMs - known.atMs < orderLifeMs) {
    return known.sorted;
  }
  const result = sort === 'health' ? byHealth(list, nowMs) : [...list].sort(comparison(sort));
  orders.set(list, { sort, atMs: nowMs, sorted: result });
  return result;
}

/** Only what is unwell jumps the queue; what is merely busy or off keeps its place, so that lines do not dance. */
function byHealth(list: List, nowMs: number): List {
  const unwell: KubeObject[] = [];
  const well: KubeObject[] = [];
  for (const object of list) {
    const health = healthOf(object, nowMs);
    (health === 'failed' || health === 'warning' ? unwell : well).push(object);
  }
  return [...unwell.sort((a, b) => compareHealth(healthOf(b, nowMs), healthOf(a, nowMs)) || byName(a, b)), ...well.sort(byName)];
}

/** `web-2` before `web-10`: digits count as numbers, everything else by its code. Written for names of tens of thousands of objects. */
export function compareNames(a: string, b: string): number {
  let i = 0;
  while (i < a.length && a.charCodeAt(i) === b.charCodeAt(i)) {
    i += 1;
  }
  // Back to where the number begins that they differ in.
  while (i > 0 && isDigit(a, i - 1)) {
    i -= 1;
  }
  let j = i;
  while (i < a.length && j < b.length) {
    if (isDigit(a, i) && isDigit(b, j)) {
      const [from, until] = [firstNot(isZero, a, i), firstNot(isZero, b, j)];
      [i, j] = [firstNot(isDigit, a, from), firstNot(isDigit, b, until)];
      const difference = i - from - (j - until) || compareCodes(a, from, i, b, until);
      if (difference !== 0) {
        return difference;
      }
      continue;
    }
    const difference = a.charCodeAt(i) - b.charCodeAt(j);
    if (difference !== 0) {
      return difference;
    }
    i += 1;
    j += 1;
  }
  return a.length - i - (b.length - j) || (a < b ? -1 : a > b ? 1 : 0);
}

function compareCodes(a: string, from: number, end: number, b: string, other: number): number {
  for (let i = from, j = other; i < end; i++, j++) {
    const difference = a.charCodeAt(i) - b.charCodeAt(j);
    if (difference !== 0) {
      return difference;
    }
  }
  return 0;
}

function firstNot(is: (text: string, at: number) => boolean, text: string, from: number): number {
  let at = from;
  while (at < text.length && is(text, at)) {
    at += 1;
  }
  return at;
}

function isDigit(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 48 && code <= 57;
}

function isZero(text: string, at: number): boolean {
  return text.charCodeAt(at) === 48;
}

/** Those without a value come last. */
function compareGroups(a: string, b: string): number {
  return Number(a === '') - Number(b === '') || compareNames(a, b);
}

function comparison(sort: Exclude<TreeSort, 'health'>): (a: KubeObject, b: KubeObject) => number {
  switch (sort) {
    case 'name': return byName;
    case 'age': return (a, b) => (timeOf(b.metadata.creationTimestamp) ?? 0) - (timeOf(a.metadata.creationTimestamp) ?? 0) || byName(a, b);
    case 'node': return (a, b) => compareGroups(groupValue(a, 'node'), groupValue(b, 'node')) || byName(a, b);
  }
}

function byName(a: KubeObject, b: KubeObject): number {
  return compareNames(a.metadata.name, b.metadata.name) || compareNames(a.metadata.namespace ?? '', b.metadata.namespace ?? '');
}

function groupValue(object: KubeObject, groupBy: Exclude<Grouping, 'none'>): string {
  switch (groupBy) {
    case 'namespace': return object.metadata.namespace ?? '';
    case 'node': return stringAt(object, 'status.nodeName') ?? '';
    case 'class': return stringAt(object, 'spec.virtualMachineClassName') ?? '';
    case 'phase': return phaseOf(object) ?? '';
    default: return object.metadata.labels?.[groupBy.label] ?? '';
  }
}

function searchText(object: KubeObject): string {
  const known = searchTexts.get(object);
  if (known !== undefined) {
    return known;
  }
  const { name, namespace, labels } = object.metadata;
  const fields = ['spec.virtualMachineClassName', 'spec.virtualMachineName', 'spec.type', 'status.nodeName', 'status.ipAddress', 'status.address', 'status.phase'];
  const words = [name, namespace, ...fields.map((field) => stringAt(object, field)), ...Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)];
  const result = words.filter(Boolean).join('\n').toLowerCase();
  searchTexts.set(object, result);
  return result;
}
