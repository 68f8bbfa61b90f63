import type { Pair } from 'yaml';
import { isMap, isScalar, isSeq } from 'yaml';
import type { Path } from '../domain/values';
import type { Manifest, Range } from './manifest';
import { rangeAt } from './manifest';

/** Text that takes the place of a range of the document. */
export interface Change {
  readonly range: Range;
  readonly text: string;
}

/** A change that mends a finding. */
export interface Fix {
  /** Shown to people. */
  readonly title: string;
  readonly changes: readonly Change[];
}

/** Puts another scalar at a path; the quotes of the present one are kept. */
export function setScalar(manifest: Manifest, path: Path, text: string): Change {
  const range = rangeAt(manifest, path);
  const quote = /^["']/.exec(manifest.text.slice(range.start, range.end))?.[0] ?? '';
  return { range, text: `${quote}${text}${quote}` };
}

export function renameKey(manifest: Manifest, path: Path, name: string): Change {
  const range = rangeAt(manifest, path, 'key');
  const quote = /^["']/.exec(manifest.text.slice(range.start, range.end))?.[0] ?? '';
  return { range, text: `${quote}${name}${quote}` };
}

/** Removes a field with its value: whole lines where it stands on lines of its own. */
export function removeField(manifest: Manifest, path: Path): Change {
  const { pair, isFlow, isFirst, next } = pairAt(manifest, path);
  const key = rangeAt(manifest, path, 'key');
  const value = pair ? rangeAt(manifest, path) : key;
  const { text } = manifest;
  if (isFlow) {
    const end = next ?? value.end;
    const start = next === undefined ? text.lastIndexOf(',', key.start) : key.start;
    return { range: { start: start < 0 ? key.start : start, end }, text: '' };
  }
  const lineStart = text.lastIndexOf('\n', key.start - 1) + 1;
  const lineEnd = text.indexOf('\n', Math.max(value.end - 1, key.end));
  const end = lineEnd < 0 ? text.length : lineEnd + 1;
  const before = text.slice(lineStart, key.start);
  if (before.trim() === '') {
    return { range: { start: lineStart, end }, text: '' };
  }
  // The first field of a list item: what follows moves up behind the dash.
  return isFirst && next !== undefined ? { range: { start: key.start, end: next }, text: '' } : { range: { start: key.start, end: value.end }, text: '{}' };
}

interface FoundPair {
  readonly pair: Pair | undefined;
  readonly isFlow: boolean;
  readonly isFirst: boolean;
  /** Where the following field begins. */
  readonly next: number | undefined;
}

function pairAt(manifest: Manifest, path: Path): FoundPair {
  let node: unknown = manifest.tree?.contents;
  for (const step of path.slice(0, -1)) {
    node = isSeq(node) ? node.items[Number(step)] : isMap(node) ? node.items.findLast(({ key }) => isScalar(key) && key.value === String(step))?.value : undefined;
  }
  const items = isMap(node) ? node.items : [];
  const index = items.findLastIndex(({ key }) => isScalar(key) && key.value === String(path.at(-1)));
  const following = items[index + 1]?.key;
  return { pair: items[index], isFlow: isMap(node) && node.flow === true, isFirst: index === 0, next: isScalar(following) ? following.range?.[0] : undefined };
}
