import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

/** A structural schema of Kubernetes (OpenAPI v3 with `x-kubernetes-*`), as a plain object. */
export type Schema = Readonly<Record<string, unknown>>;

export interface SchemaVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly subresources?: Schema;
  readonly printerColumns: readonly Schema[];
  readonly schema: Schema;
}

/** One kind as `schemas/<module>/<plural>.json` holds it: enough to make a CustomResourceDefinition of. */
export interface SchemaFile {
  readonly group: string;
  readonly names: {
    readonly kind: string;
    readonly plural: string;
    readonly singular: string;
    readonly shortNames: readonly string[];
    readonly categories: readonly string[];
  };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly versions: readonly SchemaVersion[];
}

interface Definition {
  readonly spec: {
    readonly group: string;
    readonly names: SchemaFile['names'];
    readonly scope: SchemaFile['scope'];
    readonly versions: readonly (Omit<SchemaVersion, 'printerColumns' | 'schema'> & {
      readonly additionalPrinterColumns?: readonly Schema[];
      readonly schema: { readonly openAPIV3Schema: Schema };
    })[];
  };
}

/** Every kind that a folder of CustomResourceDefinitions defines, as a schema file without any words, by plural. */
export function readDefinitions(folder: string): ReadonlyMap<string, SchemaFile> {
  const files = readdirSync(folder).filter((name) => /\.ya?ml$/.test(name)).sort();
  return new Map(files.map((name) => {
    const file = schemaFileOf(parse(readFileSync(path.join(folder, name), 'utf8')) as Definition);
    return [file.names.plural, file];
  }));
}

/** The schema files of one module, e.g. `schemas/1.10`, by plural. */
export function readSchemaFiles(folder: string): ReadonlyMap<string, SchemaFile> {
  return new Map(readdirSync(folder).filter((name) => name.endsWith('.json')).sort().map((name) => {
    const file = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as SchemaFile;
    return [file.names.plural, file];
  }));
}

function schemaFileOf({ spec: { group, names, scope, versions } }: Definition): SchemaFile {
  return {
    group,
    names: { kind: names.kind, plural: names.plural, singular: names.singular, shortNames: names.shortNames, categories: names.categories },
    scope,
    versions: versions.map(({ name, served, storage, deprecated, deprecationWarning, subresources, additionalPrinterColumns, schema }) => ({
      name,
      served,
      storage,
      ...(deprecated === undefined ? {} : { deprecated }),
      ...(deprecationWarning === undefined ? {} : { deprecationWarning }),
      ...(subresources === undefined ? {} : { subresources }),
      printerColumns: (additionalPrinterColumns ?? []).map(({ name, type, format, priority, jsonPath }) =>
        ({ name, type, ...(format === undefined ? {} : { format }), ...(priority === undefined ? {} : { priority }), jsonPath })),
      schema: withoutWords(schema.openAPIV3Schema),
    })),
  };
}

/** What documents a schema and decides nothing; `x-doc-*` and `x-examples` are for documentation sites. */
const isWords = (keyword: string) => ['description', 'title', 'example'].includes(keyword) || /^x-(doc|example)/.test(keyword);

/** The file with nothing but structure, to be compared or described anew. */
export function withoutWordsIn(file: SchemaFile): SchemaFile {
  return { ...file, versions: file.versions.map((version) => ({ ...version, schema: withoutWords(version.schema) })) };
}

/** The schema without descriptions and examples, its keywords in one order. */
function withoutWords(schema: Schema): Schema {
  return mapSchema(schema, (found) => Object.fromEntries(Object.entries(found).filter(([keyword]) => !isWords(keyword))));
}

const keywordOrder = [
  'description', 'type', 'format', 'nullable', 'default', 'enum', 'pattern', 'minLength', 'maxLength', 'minimum', 'maximum', 'minItems', 'maxItems',
  'x-kubernetes-int-or-string', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-map-type', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys',
  'x-kubernetes-validations', 'allOf', 'anyOf', 'oneOf', 'not', 'required',
];
const keywordsOfShape = ['additionalProperties', 'items', 'properties'];

/**
 * A copy in which `change` was applied to every schema, outermost first. `path` is dotted, with `[]` for the items of a list
 * and `{}` for the values of a map; it is undefined inside `anyOf` and its like, which repeat fields that are described elsewhere.
 */
export function mapSchema(schema: Schema, change: (schema: Schema, path: string | undefined) => Schema): Schema {
  return mapAt('', schema, change);
}

function mapAt(path: string | undefined, schema: Schema, change: (schema: Schema, path: string | undefined) => Schema): Schema {
  const step = (text: string) => (path === undefined ? undefined : path === '' ? text.replace(/^\./, '') : path + text);
  const keywords = Object.entries(change(schema, path)).sort(([left], [right]) => rankOf(left) - rankOf(right));
  return Object.fromEntries(keywords.map(([keyword, value]) => {
    switch (keyword) {
      case 'properties':
        return [keyword, Object.fromEntries(Object.entries(value as Record<string, Schema>).map(([name, property]) =>
          [name, mapAt(step(`.${name}`), property, change)]))];
      case 'items':
        return [keyword, mapAt(step('[]'), value as Schema, change)];
      case 'additionalProperties':
        return [keyword, typeof value === 'object' ? mapAt(step('{}'), value as Schema, change) : value];
      case 'allOf': case 'anyOf': case 'oneOf':
        return [keyword, (value as readonly Schema[]).map((item) => mapAt(undefined, item, change))];
      case 'not':
        return [keyword, mapAt(undefined, value as Schema, change)];
      default:
        return [keyword, value];
    }
  }));
}

/** Unknown keywords stand between the known ones and those that make a schema long. */
function rankOf(keyword: string): number {
  const known = keywordOrder.indexOf(keyword);
  return known >= 0 ? known : keywordOrder.length + 1 + keywordsOfShape.indexOf(keyword);
}
