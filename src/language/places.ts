import type { Pair } from 'yaml';
import { isMap, isPair, isScalar, isSeq } from 'yaml';
import type { Path } from '../domain/values';
import type { Manifest, Range } from './manifest';
import { rangeAt } from './manifest';

/** The token that stands for a path: the scalar, or the key of anything larger; where nothing is, the key of what it is missing in. */
export function tokenAt(manifest: Manifest, path: Path, part: 'key' | 'value' = 'value'): Range {
  for (let length = path.length; length > 0; length--) {
    const here = path.slice(0, length);
    const pair = pairAt(manifest, here);
    const isWhole = length === path.length;
    if (pair !== undefined) {
      const isKey = !isWhole || part === 'key' || !isScalar(pair.value) || pair.value.source === '' || pair.value.type?.startsWith('BLOCK_');
      return rangeAt(manifest, here, isKey ? 'key' : 'value');
    }
    const item = itemAt(manifest, here);
    if (item !== undefined) {
      return item;
    }
  }
  const kind = pairAt(manifest, ['kind']);
  return kind ? rangeAt(manifest, ['kind']) : firstLine(manifest.text);
}

/** What is at an offset of a document, and which part of it. */
export interface Spot {
  readonly path: Path;
  readonly part: 'key' | 'value';
  readonly range: Range;
}

/** `undefined` between tokens. */
export function spotAt(manifest: Manifest, offset: number): Spot | undefined {
  let node: unknown = manifest.tree?.contents;
  const path: (string | number)[] = [];
  for (;;) {
    if (isMap(node)) {
      const pair = node.items.findLast(({ key }) => isScalar(key) && key.range && key.range[0] <= offset);
      if (!pair || !isScalar(pair.key) || !pair.key.range) {
        return undefined;
      }
      path.push(String(pair.key.value));
      if (offset <= pair.key.range[1]) {
        return { path, part: 'key', range: { start: pair.key.range[0], end: pair.key.range[1] } };
      }
      node = pair.value;
    } else if (isSeq(node)) {
      const index = node.items.findLastIndex((item) => (rangeOf(item)?.[0] ?? Number.POSITIVE_INFINITY) <= offset);
      if (index < 0) {
        return undefined;
      }
      path.push(index);
      node = node.items[index];
    } else {
      const range = rangeOf(node);
      return range && offset >= range[0] && offset <= range[1] && isScalar(node) && node.source !== '' ? { path, part: 'value', range: { start: range[0], end: range[1] } } : undefined;
    }
  }
}

/** The value in the parsed tree at a path: a node of the `yaml` library, `undefined` where there is none. */
export function nodeAt(manifest: Manifest, path: Path): unknown {
  let node: unknown = manifest.tree?.contents;
  for (const step of path) {
    node = isSeq(node) ? node.items[Number(step)] : isMap(node) ? findPair(node.items, String(step))?.value : undefined;
  }
  return node;
}

function pairAt(manifest: Manifest, path: Path): Pair | undefined {
  const parent = nodeAt(manifest, path.slice(0, -1));
  return isMap(parent) ? findPair(parent.items, String(path.at(-1))) : undefined;
}

function findPair(items: readonly Pair[], name: string): Pair | undefined {
  return items.findLast((item) => isPair(item) && isScalar(item.key) && item.key.value === name);
}

function itemAt(manifest: Manifest, path: Path): Range | undefined {
  const parent = nodeAt(manifest, path.slice(0, -1));
  const item = isSeq(parent) ? parent.items[Number(path.at(-1))] : undefined;
  const first = isMap(item) && !item.flow ? item.items[0]?.key : item;
  const range = rangeOf(first);
  return range ? { start: range[0], end: Math.max(range[1], range[0] + 1) } : undefined;
}

function firstLine(text: string): Range {
  const start = text.search(/(?!---)\S/);
  const end = text.indexOf('\n', Math.max(start, 0));
  return { start: Math.max(start, 0), end: end < 0 ? text.length : end };
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (node as { range?: [number, number, number] | null } | null | undefined)?.range ?? undefined;
}
