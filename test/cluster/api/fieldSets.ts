import { isDeepStrictEqual } from 'node:util';
import { isObject, type FieldSet, type JsonObject } from './model';
import { elementOf, isLeaf, type Shape } from './shape';

/** Paths of fields; a path is its elements (`f:spec`, `k:{"name":"x"}`, `v:"x"`) joined by {@link separator}. */
export type Paths = ReadonlySet<string>;

const separator = '\0';

const join = (path: string, element: string) => (path === '' ? element : `${path}${separator}${element}`);

/** The fields that an applied object sets. */
export function pathsOf(value: unknown, shape: Shape): Paths {
  const paths = new Set<string>();
  collect(value, shape, '', paths);
  return paths;
}

function collect(value: unknown, shape: Shape, path: string, paths: Set<string>): void {
  if (isLeaf(shape, value)) {
    paths.add(path);
    return;
  }
  for (const { element, item, itemShape, isOwn } of membersOf(value, shape)) {
    const own = join(path, element);
    if (isOwn || (isObject(item) && Object.keys(item).length === 0)) {
      paths.add(own);
    }
    collect(item, itemShape, own, paths);
  }
}

interface Member { readonly element: string; readonly item: unknown; readonly itemShape: Shape; /** Counts as a field of its own beside what is in it. */ readonly isOwn: boolean }

function membersOf(value: unknown, shape: Shape): Member[] {
  switch (shape.kind) {
    case 'leaf': return [];
    case 'map': return Object.entries(isObject(value) ? value : {}).map(([name, item]) => {
      const itemShape = shape.field(name);
      return { element: `f:${name}`, item, itemShape, isOwn: !shape.isDeclared(name) && isLeaf(itemShape, item) };
    });
    case 'set': return listOf(value).map((item) => ({ element: elementOf(shape, item), item, itemShape: { kind: 'leaf' }, isOwn: true }));
    case 'list': return listOf(value).map((item) => ({ element: elementOf(shape, item), item, itemShape: shape.item, isOwn: true }));
  }
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

export interface Difference { readonly changed: Paths; readonly removed: Paths }

/** Fields that were added or changed, and those that are gone; containers that came or went count themselves. */
export function difference(before: unknown, after: unknown, shape: Shape): Difference {
  const [changed, removed] = [new Set<string>(), new Set<string>()];
  compare(before, after, shape, '', changed, removed);
  return { changed, removed };
}

function compare(before: unknown, after: unknown, shape: Shape, path: string, changed: Set<string>, removed: Set<string>): void {
  if (before === undefined || after === undefined || isLeaf(shape, before) || isLeaf(shape, after)) {
    if (!isDeepStrictEqual(before, after)) {
      (after === undefined ? removed : changed).add(path);
    }
    if (isLeaf(shape, before ?? after) || isLeaf(shape, after ?? before)) {
      return;
    }
  }
  const [old, now] = [before, after].map((value) => new Map(value === undefined ? [] : membersOf(value, shape).map((member) => [member.element, member])));
  for (const element of new Set([...old!.keys(), ...now!.keys()])) {
    const [was, is] = [old!.get(element), now!.get(element)];
    compare(was?.item, is?.item, (was ?? is)!.itemShape, join(path, element), changed, removed);
  }
}

/** A set as `managedFields` spell it. */
export function toFieldSet(paths: Paths): FieldSet {
  const root: FieldSet = {};
  for (const path of [...paths].sort()) {
    let node = root;
    for (const element of path.split(separator)) {
      node = node[element] ??= {};
    }
  }
  // A field that is owned itself and has owned fields in it carries a dot.
  for (const path of paths) {
    const node = path.split(separator).reduce<FieldSet | undefined>((found, element) => found?.[element], root);
    if (node && Object.keys(node).length > 0) {
      node['.'] = {};
    }
  }
  return root;
}

export function fromFieldSet(set: FieldSet): Paths {
  const paths = new Set<string>();
  const walk = (node: FieldSet, path: string) => {
    for (const [element, child] of Object.entries(node)) {
      if (element === '.') {
        paths.add(path);
      } else if (Object.keys(child).length === 0) {
        paths.add(join(path, element));
      } else {
        walk(child, join(path, element));
      }
    }
  };
  walk(set, '');
  return paths;
}

/** A path as conflicts name it: `.spec.ports[port=80,protocol="TCP"].name`. */
export function showPath(path: string): string {
  return path.split(separator).map((element) => {
    const rest = element.slice(2);
    switch (element.slice(0, 2)) {
      case 'f:': return `.${rest}`;
      case 'v:': return `[=${rest}]`;
      default: return `[${Object.entries(JSON.parse(rest) as JsonObject).map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
    }
  }).join('');
}

/** Whether any of `paths` lies below `root`. */
export function hasBelow(paths: Paths, root: string): boolean {
  return [...paths].some((path) => path.startsWith(`${root}${separator}`));
}

/** Removes the fields at `paths` from `root`, which is changed. */
export function removePaths(root: unknown, shape: Shape, paths: Paths): void {
  // Elements of lists before what is in them: they are found by it.
  for (const path of [...paths].sort()) {
    removeAt(root, shape, path.split(separator));
  }
}

function removeAt(value: unknown, shape: Shape, [element = '', ...rest]: readonly string[]): void {
  const index = membersOf(value, shape).findIndex((member) => member.element === element);
  if (index < 0) {
    return;
  }
  const member = membersOf(value, shape)[index]!;
  if (rest.length > 0) {
    removeAt(member.item, member.itemShape, rest);
  } else if (Array.isArray(value)) {
    value.splice(index, 1);
  } else if (isObject(value)) {
    delete value[element.slice(2)];
  }
}

/** The paths below or at one of `roots` (elements joined by dots, as `f:metadata.f:name`). */
export function without(paths: Paths, roots: readonly string[]): Paths {
  const prefixes = roots.map((root) => root.replaceAll('.f:', `${separator}f:`));
  return new Set([...paths].filter((path) => !prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}${separator}`))));
}
