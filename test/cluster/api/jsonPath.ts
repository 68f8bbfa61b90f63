import { isObject, textOf } from './model';

/** Reads the values that a printer column's path names: `.a.b`, `.a[0]`, `.a[*].b`, `.a['x.y']`, `.a\.b`, `.a[?(@.type=="X")].status`. */
export type JsonPath = (root: unknown) => unknown[];

type Step = (value: unknown) => unknown[];

const cache = new Map<string, JsonPath>();

/** @throws Error when the path is not understood */
export function jsonPath(text: string): JsonPath {
  let path = cache.get(text);
  if (!path) {
    const steps = parse(text.replace(/^\{(.*)\}$/, '$1'));
    path = (root) => steps.reduce<unknown[]>((values, step) => values.flatMap(step), [root]);
    cache.set(text, path);
  }
  return path;
}

const stepSyntax = /\.((?:\\.|[^.[\\])+)|\[\?\(@((?:[^=!<>\s\\]|\\.)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|(\w+))\)\]|\[\*\]|\[(-?\d+)\]|\[['"]([^'"]+)['"]\]/y;

function parse(text: string): Step[] {
  const source = text.startsWith('.') || text.startsWith('[') ? text : `.${text}`;
  const steps: Step[] = [];
  // Its own, because filters hold paths again.
  const stepPattern = new RegExp(stepSyntax);
  while (stepPattern.lastIndex < source.length) {
    const at = stepPattern.lastIndex;
    const match = stepPattern.exec(source);
    if (!match) {
      throw new Error(`"${text}" is not understood from position ${at} on`);
    }
    steps.push(stepOf(match));
  }
  return steps;
}

function stepOf([whole, field, filterPath, operator, double, single, word, index, quoted]: RegExpExecArray): Step {
  if (field !== undefined || quoted !== undefined) {
    const name = quoted ?? field!.replace(/\\(.)/g, '$1');
    return name === '*' ? children : (value) => (isObject(value) && value[name] !== undefined ? [value[name]] : []);
  }
  if (index !== undefined) {
    return (value) => (Array.isArray(value) ? (value as unknown[]).slice(Number(index)).slice(0, 1) : []);
  }
  if (whole === '[*]') {
    return children;
  }
  const read = jsonPath(filterPath!);
  const wanted = double ?? single ?? word;
  return (value) => (Array.isArray(value) ? (value as unknown[]).filter((item) => {
    const found = read(item)[0];
    return (found !== undefined && textOf(found) === wanted) === (operator === '==');
  }) : []);
}

function children(value: unknown): unknown[] {
  const list: unknown = isObject(value) ? Object.values(value) : value;
  return Array.isArray(list) ? [...list as unknown[]] : [];
}
