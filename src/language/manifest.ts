import { platformGroup } from '../domain/kind';
import type { Path } from '../domain/values';
import type { DuplicateKey } from './decode';
import { aliasTargets, decodeDocument, DecodeError, isMergeKey, keyName, lineAt } from './decode';
import { jsonErrorOffset } from './jsonError';
import type { Json } from './scalars';
import { fieldOf } from './structural';
import { parseJsonNodes } from './yaml/json';
import type { Node, Pair } from './yaml/nodes';
import { parseYaml as parseTree } from './yaml/parse';
import { goDialect, YamlError } from './yaml/tokens';

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
  /** Fields of a JSON document that hold a whole number with a fraction or an exponent, as the API server writes them: Go reads `5.0` as a float. */
  readonly floats?: ReadonlySet<string>;
  /** Of a text with a syntax problem what stands before it; absent where nothing was read. */
  readonly root: Node | undefined;
}

/** A document at its place in a file. */
export interface Part {
  readonly offset: number;
  readonly manifest: Manifest;
}

/** The largest request body that the API server reads, in bytes; kube-apiserver's `limitedReadBody`. */
const largestRequestBytes = 3 * 1024 * 1024;

/** Files above are not checked: their documents could not all be looked at while one types. */
export const largestFileChars = 16 * 1024 * 1024;

/**
 * Parses the documents of a file. A text that `previous` holds already is not parsed again, so that a keystroke costs
 * one document. Empty documents are left out.
 */
export function parseFile(text: string, format: ManifestFormat = 'yaml', previous: readonly Part[] = []): readonly Part[] {
  if (text.length > largestFileChars) {
    // What comes first may be nobody's business here.
    const offset = Math.max(0, text.indexOf(`${platformGroup}/v`) - 64);
    return [{ offset, manifest: refused(text.slice(offset, offset + 4096), `the file is larger than ${largestFileChars / 1024 / 1024} MB and was not checked`) }];
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
    const offset = error instanceof DecodeError || error instanceof YamlError ? error.offset : format === 'json' && error instanceof SyntaxError ? jsonErrorOffset(text) : 0;
    const message = error instanceof RangeError ? 'yaml: exceeded max depth' : error instanceof Error ? error.message : String(error);
    return { ...refused(text, message), syntax: { message, range: { start: offset, end: Math.min(text.length, offset + 1) } } };
  }
}

/** The range of the value or of the key at `path`; of the nearest parent that exists where there is none. */
export function rangeAt({ root, text }: Manifest, path: Path, part: 'key' | 'value' = 'value'): Range {
  let node = root;
  let range = toRange(node);
  const targets = text.includes('*') ? aliasTargets(root) : undefined;
  for (const [index, step] of path.entries()) {
    const found = node && stepInto(targets?.get(node) ?? node, step, targets);
    if (!found) {
      return range;
    }
    node = found.value;
    range = toRange(part === 'key' && index === path.length - 1 ? found.key ?? found.value : found.value);
  }
  return range;
}

function stepInto(node: Node, step: string | number, targets: ReadonlyMap<Node, Node> | undefined): { readonly key?: Node; readonly value: Node } | undefined {
  if (node.node === 'seq') {
    const value = typeof step === 'number' ? node.items[step] : undefined;
    return value && { value };
  }
  if (node.node !== 'map') {
    return undefined;
  }
  // The last one wins, as in decoding.
  const pair = node.items.findLast((item) => hasName(item, String(step)));
  if (pair) {
    return pair;
  }
  for (const { key, value } of node.items) {
    const merged = isMergeKey(key) ? stepInto(targets?.get(value) ?? value, step, targets) : undefined;
    if (merged) {
      return { key, value: merged.value };
    }
  }
  return undefined;
}

function hasName({ key }: Pair, name: string): boolean {
  try {
    return keyName(key) === name;
  } catch {
    return false;
  }
}

function toRange(node: Node | undefined): Range {
  return { start: node?.start ?? 0, end: node?.end ?? 0 };
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
  const control = controlCharacter.exec(text);
  if (control) {
    throw new DecodeError('yaml: control characters are not allowed', control.index);
  }
  const { root, error } = parseTree(text, goDialect);
  if (error) {
    const start = Math.min(error.offset, Math.max(0, text.trimEnd().length - 1));
    const message = `yaml: line ${lineAt(text, start)}: ${error.message}`;
    return { text, value: undefined, duplicates: [], root, syntax: { message, range: { start, end: start + 1 } } };
  }
  return { text, ...decodeDocument(root, text), root, syntax: undefined };
}

function parseJson(text: string): Manifest {
  JSON.parse(text);
  const root = parseJsonNodes(text);
  const floats = new Set(floatsIn(root));
  return { text, ...decodeDocument(root, text), root, syntax: undefined, ...(floats.size > 0 && { floats }) };
}

function* floatsIn(node: Node, path: Path = []): Iterable<string> {
  if (node.node === 'map') {
    for (const { key, value } of node.items) {
      yield* floatsIn(value, [...path, keyName(key)]);
    }
  } else if (node.node === 'seq') {
    for (const [index, item] of node.items.entries()) {
      yield* floatsIn(item, [...path, index]);
    }
  } else if (node.node === 'scalar' && node.style === 'plain' && /[.eE]/.test(node.text) && Number.isInteger(Number(node.text))) {
    yield fieldOf(path);
  }
}

function refused(text: string, message: string): Manifest {
  return { text, value: undefined, duplicates: [], root: undefined, syntax: { message, range: { start: 0, end: text.length } } };
}
