import { parseDocument } from 'yaml';
import type { Path } from '../../domain/values';
import { parseManifest, type Range } from '../manifest';
import type { Json } from '../scalars';

/** Where something is being typed, found by lines and columns because the document is rarely valid then. Offsets are within the document. */
export interface Cursor {
  /** `key`: a field of the mapping at `path` is being named. `value`: the value at `path` is being written. */
  readonly role: 'key' | 'value';
  readonly path: Path;
  /** What stands there already, up to the cursor. */
  readonly prefix: string;
  /** What a completion replaces: `prefix` and the rest of the word. */
  readonly range: Range;
  /** Column at which a key at this place begins; what is inserted over several lines is indented to it. */
  readonly column: number;
  readonly style: 'block' | 'flow' | 'json';
  /** The key is followed by a colon already, or the value needs a blank before it. */
  readonly hasColon: boolean;
  readonly needsBlank: boolean;
  /** The document without what is being typed, as far as it can be read. */
  readonly value: Json;
}

/** A place inside a block text, such as user data. */
export interface BlockCursor {
  readonly role: 'block';
  readonly path: Path;
  /** The text without its indentation, as far as it is written. */
  readonly text: string;
  /** Within `text`. */
  readonly offset: number;
  /** The indentation that was taken away, and where the text begins in the document. */
  readonly indent: number;
  readonly start: number;
}

/** The document without the typed part; what cannot be read counts as absent. */
export function readAround(text: string, { start, end }: Range): Json {
  const repaired = text.slice(0, start) + text.slice(end);
  if (lastRead?.text !== repaired) {
    lastRead = { text: repaired, value: readLeniently(repaired) };
  }
  return lastRead.value;
}

/** While a word grows, the text around it stays. */
let lastRead: { readonly text: string; readonly value: Json } | undefined;

function readLeniently(text: string): Json {
  const { value } = parseManifest(text);
  if (value !== undefined) {
    return value;
  }
  try {
    return parseDocument(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' }).toJS({ maxAliasCount: 100 }) as Json;
  } catch {
    return null;
  }
}
