import type { Document, Node, Pair } from 'yaml';
import { isAlias, isMap, isNode, isSeq, parseDocument, visit } from 'yaml';
import type { Path } from '../domain/values';
import type { DuplicateKey } from './decode';
import { aliasTargets, decodeDocument, DecodeError, isMergeKey, keyName, lineAt } from './decode';
import { deepestFlow, scanAsGo } from './goScanner';
import { jsonErrorOffset } from './jsonError';
import type { Json } from './scalars';

/** Character offsets in the file, end exclusive. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** Why a document is not even YAML or JSON: what the API server answers with a 400 before it looks at any field. */
export interface SyntaxProblem {
  readonly message: string;
  readonly range: Range;
}

export type ManifestFormat = 'yaml' | 'json';

/** One document of a file. Ranges count from the start of the document: add `offset` for the place in the file. */
export interface Manifest {
  readonly text: string;
  /** What the API server would decode; `undefined` when there is a syntax problem. */
  readonly value: Json | undefined;
  readonly syntax: SyntaxProblem | undefined;
  readonly duplicates: readonly DuplicateKey[];
  /** The parsed tree with comments, for completion and edits; absent when the text was not parsed at all. */
  readonly tree: Document.Parsed | undefined;
}

/** A document at its place in a file. */
export interface Part {
  readonly offset: number;
  readonly manifest: Manifest;
}

/** The largest request body that the API server reads, in bytes; kube-apiserver's `limitedReadBody`. */
export const largestRequestBytes = 3 * 1024 * 1024;

/** Files above are not checked: their documents could not all be looked at while one types. */
export const largestFileChars = 16 * 1024 * 1024;

/**
 * Parses the documents of a file. A text that `previous` holds already is not parsed again, so that a keystroke costs
 * one document. Empty documents are left out.
 */
export function parseFile(text: string, format: ManifestFormat = 'yaml', previous: readonly Part[] = []): readonly Part[] {
  if (text.length > largestFileChars) {
    return [{ offset: 0, manifest: refused(text.slice(0, 4096), `the file is larger than ${largestFileChars / 1024 / 1024} MB and was not checked`) }];
  }
  const known = new Map(previous.map(({ manifest }) => [manifest.text, manifest]));
  const slices = format === 'json' ? [{ offset: 0, text }] : splitDocuments(text);
  return slices.map((slice) => ({ offset: slice.offset, manifest: known.get(slice.text) ?? parseManifest(slice.text, format) }));
}

/** Parses one document. Never throws. */
export function parseManifest(text: string, format: ManifestFormat = 'yaml'): Manifest {
  // A UTF-16 unit is at most three bytes of UTF-8.
  if (text.length * 3 > largestRequestBytes && new TextEncoder().encode(text).length > largestRequestBytes) {
    return refused(text, `Request entity too large: limit is ${largestRequestBytes}`);
  }
  try {
    return format === 'json' ? parseJson(text) : parseYaml(text);
  } catch (error) {
    // The parser calls itself for every level, so depth ends in a RangeError long before the server's own limit of 10,000.
    const offset = error instanceof DecodeError ? error.offset : format === 'json' && error instanceof SyntaxError ? jsonErrorOffset(text) : 0;
    const message = error instanceof RangeError ? 'yaml: exceeded max depth' : error instanceof Error ? error.message : String(error);
    return { ...refused(text, message), syntax: { message, range: { start: offset, end: Math.min(text.length, offset + 1) } } };
  }
}

/** The range of the value or of the key at `path`; of the nearest parent that exists where there is none. */
export function rangeAt(manifest: Manifest, path: Path, part: 'key' | 'value' = 'value'): Range {
  let node: unknown = manifest.tree?.contents;
  let range = toRange(node) ?? { start: 0, end: 0 };
  const targets = node && manifest.text.includes('*') ? aliasTargets(node as Node) : undefined;
  for (const [index, step] of path.entries()) {
    const found = stepInto(targets?.get(node as Node) ?? node, step, targets);
    if (!found) {
      return range;
    }
    node = found.value;
    const wanted = part === 'key' && index === path.length - 1 ? found.key ?? found.value : found.value;
    range = toRange(wanted) ?? toRange(found.key) ?? range;
  }
  return range;
}

function stepInto(node: unknown, step: string | number, targets: ReadonlyMap<Node, Node> | undefined): { key?: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    return typeof step === 'number' && step < node.items.length ? { value: node.items[step] } : undefined;
  }
  if (!isMap(node)) {
    return undefined;
  }
  // The last one wins, as in decoding.
  const pair = node.items.findLast((item) => hasName(item, String(step)));
  if (pair) {
    return { key: pair.key, value: pair.value };
  }
  for (const { key, value } of node.items) {
    const merged = isMergeKey(key) ? stepInto(isAlias(value) ? targets?.get(value as Node) : value, step, targets) : undefined;
    if (merged) {
      return { key, value: merged.value };
    }
  }
  return undefined;
}

function hasName(pair: Pair, name: string): boolean {
  try {
    return keyName(pair.key) === name;
  } catch {
    return false;
  }
}

function toRange(node: unknown): Range | undefined {
  const range = (node as { range?: readonly [number, number, number] | null } | null | undefined)?.range;
  return range ? { start: range[0], end: range[1] } : undefined;
}

/** Cuts at lines that begin with `---`; these are document borders in YAML wherever they stand. */
function splitDocuments(text: string): { offset: number; text: string }[] {
  const slices: { offset: number; text: string }[] = [];
  let start = 0;
  for (const border of text.matchAll(/^---(?=[ \t\r\n]|$)/gm)) {
    slices.push({ offset: start, text: text.slice(start, border.index) });
    start = border.index;
  }
  slices.push({ offset: start, text: text.slice(start) });
  // Directives belong to the document that follows them.
  const [first, second] = slices;
  if (first && second && /^\ufeff?%/.test(first.text)) {
    slices.splice(0, 2, { offset: 0, text: first.text + second.text });
  }
  return slices.filter((slice) => !isEmpty(slice.text));
}

/** Whether there is nothing but blank lines, comments and the border itself. */
function isEmpty(text: string): boolean {
  let rest = /^\ufeff?(?:---)?/.exec(text)?.[0].length ?? 0;
  for (; rest < text.length; rest++) {
    const char = text[rest];
    if (char === '#') {
      const end = text.indexOf('\n', rest);
      rest = end < 0 ? text.length : end;
    } else if (char !== ' ' && char !== '\t' && char !== '\r' && char !== '\n') {
      return false;
    }
  }
  return true;
}

/** What YAML 1.1 does not allow in a text. */
 
const controlCharacter = /[^\t\n\r -~\u0085\u00a0-\ud7ff\ue000-\ufffd\ud800-\udfff]/;

function parseYaml(text: string): Manifest {
  // Only the first document of a request is read; `...` ends it.
  const end = /^\.\.\.(?=[ \t\r\n]|$)/m.exec(text);
  const control = controlCharacter.exec(text);
  if (control) {
    throw new DecodeError('yaml: control characters are not allowed', control.index);
  }
  // To the server's YAML these end a line, too; they are as long as the line feed that they are read as here.
  const read = (end ? text.slice(0, end.index) : text).replace(/[\u0085\u2028\u2029]|\r(?!\n)/g, '\n');
  const version = /^%YAML[ \t]+(\S+)/m.exec(read.slice(0, read.search(/^(?![%#]|\s*$)/m)));
  if (version && version[1] !== '1.1') {
    throw new DecodeError('yaml: found incompatible YAML document', version.index);
  }
  const { tab, tooDeep } = mayBeOdd(read) ? scanAsGo(read) : {};
  if (tab !== undefined) {
    throw new DecodeError(`yaml: line ${lineAt(read, tab)}: found character that cannot start any token`, tab);
  }
  if (tooDeep !== undefined) {
    throw new DecodeError('yaml: exceeded max depth', tooDeep);
  }
  const strict = parseTree(read);
  const tree = strict.errors.length > 0 ? parseIndented(read) ?? strict : strict;
  const [error] = tree.errors;
  if (error) {
    const [start, stop] = error.pos;
    return { text, value: undefined, duplicates: [], tree, syntax: { message: `yaml: line ${lineAt(read, start)}: ${error.message}`, range: { start, end: Math.max(stop, start + 1) } } };
  }
  const { value, duplicates } = decodeDocument(tree, read);
  return { text, value, duplicates, tree, syntax: undefined };
}

/** Whether a text is worth a look of its own: it has tabs, or brackets without end. */
function mayBeOdd(text: string): boolean {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    // A tab; `[` and `{`.
    if (code === 9 || ((code === 91 || code === 123) && ++open > deepestFlow)) {
      return true;
    }
  }
  return false;
}

function parseTree(text: string): Document.Parsed {
  return parseDocument(text, { version: '1.1', schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
}

/** Far enough for any document that people write. */
const deepIndent = ' '.repeat(40);

/**
 * The tree of a text whose quoted texts or flow collections are less indented than this parser wants and Go's YAML does
 * not care: read with these lines indented, then with all places moved back. `undefined` when that does not help.
 */
function parseIndented(text: string): Document.Parsed | undefined {
  const { continuations } = scanAsGo(text);
  if (continuations.length === 0) {
    return undefined;
  }
  const starts = [...continuations].sort((a, b) => a - b);
  const tree = parseTree(starts.map((start, index) => text.slice(starts[index - 1] ?? 0, start)).join(deepIndent) + deepIndent + text.slice(starts.at(-1)));
  if (tree.errors.length > 0) {
    return undefined;
  }
  const moved = (offset: number) => {
    // How many lines were indented before this offset, counting with what indenting the earlier ones has moved.
    const count = starts.findIndex((start, index) => start + index * deepIndent.length >= offset);
    return offset - (count < 0 ? starts.length : count) * deepIndent.length;
  };
  visit(tree, (_, node) => {
    if (isNode(node) && node.range) {
      const [start, end, last] = node.range;
      node.range = [moved(start), moved(end), moved(last)];
    }
  });
  return tree;
}

function parseJson(text: string): Manifest {
  const value = JSON.parse(text) as Json;
  const tree = parseDocument(text, { version: '1.2', schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' });
  const duplicates = tree.errors.length === 0 ? decodeDocument(tree, text).duplicates : [];
  return { text, value, duplicates, tree, syntax: undefined };
}

function refused(text: string, message: string): Manifest {
  return { text, value: undefined, duplicates: [], tree: undefined, syntax: { message, range: { start: 0, end: text.length } } };
}
