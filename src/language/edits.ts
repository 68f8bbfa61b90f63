import type { Path } from '../domain/values';
import type { Manifest, Range } from './manifest';
import { rangeAt } from './manifest';
import { nodeAt } from './places';
import type { Pair } from './yaml/nodes';

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

/** The text after changes that do not overlap. */
export function changed(text: string, changes: readonly Change[]): string {
  return [...changes].sort((a, b) => b.range.start - a.range.start).reduce((current, { range, text: insert }) => current.slice(0, range.start) + insert + current.slice(range.end), text);
}

/** Puts another scalar at a path; the quotes of the present one are kept. */
export function setScalar(manifest: Manifest, path: Path, text: string): Change {
  const range = rangeAt(manifest, path);
  const quote = /^["']/.exec(manifest.text.slice(range.start, range.end))?.[0] ?? '';
  const space = range.start === range.end && manifest.text[range.start - 1] === ':' ? ' ' : '';
  return { range, text: `${space}${quote}${text}${quote}` };
}

/** Writes another name for the last key of `path`, in the same quotes. */
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
  const holder = nodeAt(manifest, path.slice(0, -1));
  const items = holder?.node === 'map' ? holder.items : [];
  const index = items.findLastIndex(({ key }) => key.node === 'scalar' && key.text === String(path.at(-1)));
  return { pair: items[index], isFlow: holder?.node === 'map' && holder.isFlow, isFirst: index === 0, next: items[index + 1]?.key.start };
}
