import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import type { Schema, SchemaFile } from './structure';
import { mapSchema } from './structure';

/** A text, or a text with one line for every value of an enum. */
type Words = string | { readonly text: string; readonly values: Readonly<Record<string, string>> };
/** Words for everything, or by version (`v1alpha3`) or module (`0.17`), of which the version counts first. */
type Entry = Words | Readonly<Record<string, Words>>;
/** The words of one kind: dotted path to entry. `$like` says which other kind describes everything below a path. */
type KindWords = Readonly<Record<string, Entry>> & { readonly $like?: Readonly<Record<string, string>> };

interface Found {
  readonly entry: Entry;
  /** Where it stands, for the order of properties: the kind's own file before other kinds before shared words, then top to bottom. */
  readonly rank: number;
}

/** Everything that `schemas/descriptions/` says about the platform's kinds. */
export interface Descriptions {
  readonly kinds: ReadonlyMap<string, KindWords>;
  /** Whole paths, and with a leading dot endings of paths: `.conditions[].type` describes that field wherever it stands. */
  readonly shared: Readonly<Record<string, Entry>>;
}

export function readDescriptions(folder: string): Descriptions {
  const read = (name: string) => parse(readFileSync(path.join(folder, name), 'utf8')) as KindWords;
  const kinds = readdirSync(folder).filter((name) => /^[A-Z].*\.yaml$/.test(name));
  return { kinds: new Map(kinds.map((name) => [path.basename(name, '.yaml'), read(name)])), shared: read('shared.yaml') };
}

/** The schema file with our descriptions, and its properties in the order in which they are described. */
export function describe(file: SchemaFile, module: string, descriptions: Descriptions): SchemaFile {
  return {
    ...file,
    versions: file.versions.map((version) => ({
      ...version,
      schema: mapSchema(version.schema, (schema, at) => {
        const found = at === undefined ? undefined : find(descriptions, file.names.kind, at);
        const description = found && render(found.entry, version.name, module, schema.enum);
        return { ...(description === undefined ? {} : { description }), ...ordered(schema, at, (child) => find(descriptions, file.names.kind, child)?.rank) };
      }),
    })),
  };
}

/**
 * The text as the schema file has it, with the values that `allowed` has (all of them without a list);
 * `undefined` when there is none for this version and module.
 */
function render(entry: Entry, version: string, module: string, allowed: unknown): string | undefined {
  const words: Words | undefined = isWords(entry) ? entry : (entry[version] ?? entry[module]);
  if (words === undefined || typeof words === 'string') {
    return words;
  }
  const values = Object.entries(words.values).filter(([value]) => !Array.isArray(allowed) || allowed.includes(value));
  return [words.text, ...values.map(([value, text]) => `- \`${value}\`: ${text}`)].join('\n');
}

function isWords(entry: Entry): entry is Words {
  return typeof entry === 'string' || 'values' in entry;
}

function find({ kinds, shared }: Descriptions, kind: string, at: string): Found | undefined {
  const own = kinds.get(kind);
  const exact = own && entryAt(own, at);
  if (exact) {
    return exact;
  }
  for (const [prefix, other] of Object.entries(own?.$like ?? {})) {
    const found = at.startsWith(`${prefix}.`) ? find({ kinds, shared }, other, at.slice(prefix.length + 1)) : undefined;
    if (found) {
      return { ...found, rank: found.rank + 10_000 };
    }
  }
  const steps = at.split('.');
  for (let from = 0; from < steps.length; from++) {
    const found = entryAt(shared, (from === 0 ? '' : '.') + steps.slice(from).join('.'));
    if (found) {
      return { ...found, rank: found.rank + 1_000_000 };
    }
  }
  return undefined;
}

function entryAt(words: Readonly<Record<string, Entry>>, at: string): Found | undefined {
  const entry = at !== '$like' && Object.hasOwn(words, at) ? words[at] : undefined;
  return entry === undefined ? undefined : { entry, rank: Object.keys(words).indexOf(at) };
}

const topLevel = ['apiVersion', 'kind', 'metadata', 'spec', 'status'];

function ordered(schema: Schema, at: string | undefined, rankOf: (path: string) => number | undefined): Schema {
  if (schema.properties === undefined || at === undefined) {
    return schema;
  }
  const properties = schema.properties as Readonly<Record<string, Schema>>;
  const rank = (name: string) => (at === '' ? topLevel.indexOf(name) : (rankOf(`${at}.${name}`) ?? Number.MAX_SAFE_INTEGER));
  const names = Object.keys(properties).sort().sort((left, right) => rank(left) - rank(right));
  return { ...schema, properties: Object.fromEntries(names.map((name) => [name, properties[name]])) };
}
