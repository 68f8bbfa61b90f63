import type { Path } from '../domain/values';
import type { Manifest, Range } from './manifest';
import { rangeAt } from './manifest';
import type { Node, Pair } from './yaml/nodes';

/** The token that stands for a path: the scalar, or the key of anything larger; where nothing is, the key of what it is missing in. */
export function tokenAt(manifest: Manifest, path: Path, part: 'key' | 'value' = 'value'): Range {
  for (let length = path.length; length > 0; length--) {
    const here = path.slice(0, length);
    const pair = pairAt(manifest, here);
    const isWhole = length === path.length;
    if (pair !== undefined) {
      const isKey = !isWhole || part === 'key' || pair.value.node !== 'scalar' || pair.value.text === '' || isBlockText(pair.value);
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
export function spotAt({ root }: Manifest, offset: number): Spot | undefined {
  const path: (string | number)[] = [];
  let node = root;
  while (node && node.node !== 'alias') {
    if (node.node === 'map') {
      const pair: Pair | undefined = node.items.findLast(({ key }) => key.node === 'scalar' && key.start <= offset);
      if (pair?.key.node !== 'scalar') {
        return undefined;
      }
      const { start, end } = pair.key;
      path.push(pair.key.text);
      if (offset <= end) {
        return { path, part: 'key', range: { start, end } };
      }
      node = pair.value;
    } else if (node.node === 'seq') {
      const index: number = node.items.findLastIndex((item) => item.start <= offset);
      if (index < 0) {
        return undefined;
      }
      path.push(index);
      node = node.items[index];
    } else {
      const { start, end } = node;
      return offset >= start && offset <= end && node.text !== '' ? { path, part: 'value', range: { start, end } } : undefined;
    }
  }
  return undefined;
}

/** The piece of the document at a path; `undefined` where there is none. */
export function nodeAt({ root }: Manifest, path: Path): Node | undefined {
  let node = root;
  for (const step of path) {
    node = node?.node === 'seq' ? node.items[Number(step)] : node?.node === 'map' ? findPair(node.items, String(step))?.value : undefined;
  }
  return node;
}

/** Whether a scalar stands on lines of its own, behind `|` or `>`. */
export function isBlockText(node: Node): boolean {
  return node.node === 'scalar' && (node.style === 'literal' || node.style === 'folded');
}

/** The field of that name; of repeated ones the last. */
function findPair(items: readonly Pair[], name: string): Pair | undefined {
  return items.findLast(({ key }) => key.node === 'scalar' && key.text === name);
}

function pairAt(manifest: Manifest, path: Path): Pair | undefined {
  const parent = nodeAt(manifest, path.slice(0, -1));
  return parent?.node === 'map' ? findPair(parent.items, String(path.at(-1))) : undefined;
}

function itemAt(manifest: Manifest, path: Path): Range | undefined {
  const parent = nodeAt(manifest, path.slice(0, -1));
  const item = parent?.node === 'seq' ? parent.items[Number(path.at(-1))] : undefined;
  const first = item?.node === 'map' && !item.isFlow ? item.items[0]?.key : item;
  return first && { start: first.start, end: Math.max(first.end, first.start + 1) };
}

function firstLine(text: string): Range {
  const start = text.search(/(?!---)\S/);
  const end = text.indexOf('\n', Math.max(start, 0));
  return { start: Math.max(start, 0), end: end < 0 ? text.length : end };
}
