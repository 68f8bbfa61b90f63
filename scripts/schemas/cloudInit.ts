import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Schema } from './structure';

/** What `schemas/descriptions/cloud-init.yaml` says; all three go from path to text. */
interface CloudInitWords {
  readonly words: Readonly<Record<string, string>>;
  readonly renamed: Readonly<Record<string, string>>;
  readonly outdated: Readonly<Record<string, string>>;
}

/** What documents the reference and decides nothing. */
const wordKeywords = new Set(['description', 'deprecated_description', 'changed_description', 'label', 'hidden']);

export function readCloudInitWords(file: string): CloudInitWords {
  return parse(readFileSync(file, 'utf8')) as CloudInitWords;
}

/** cloud-init's schema with nothing but structure. */
export function withoutCloudInitWords(schema: Schema): Schema {
  return walkSchema(schema, '', (found) => found);
}

/** cloud-init's schema with our words instead of its own; `onPath` hears of every path that a text could be given for. */
export function describeCloudInit(schema: Schema, { words, renamed, outdated }: CloudInitWords, onPath?: (path: string) => void): Schema {
  return walkSchema(schema, '', (found, path, isNamed) => {
    const newKey = renamed[path];
    const advice = newKey === undefined ? outdated[path] : `Write \`${newKey}\` instead.`;
    const description = words[path] ?? (newKey === undefined ? undefined : `Outdated name of \`${newKey}\`.`);
    if (isNamed || found.deprecated === true || found.changed === true) {
      onPath?.(path);
    }
    return {
      ...(isNamed && description !== undefined ? { description } : {}),
      ...found,
      ...(found.deprecated === true && advice !== undefined ? { deprecated_description: advice } : {}),
      ...(found.changed === true && advice !== undefined ? { changed_description: advice } : {}),
    };
  });
}

type Change = (schema: Schema, path: string, isNamed: boolean) => Schema;

/** `isNamed` is false inside `oneOf` and its like, which share the path of what they belong to. */
function walkSchema(schema: Schema, path: string, change: Change, isNamed = true): Schema {
  const bare = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !wordKeywords.has(keyword)));
  return Object.fromEntries(Object.entries(change(bare, path, isNamed)).map(([keyword, value]) => [keyword, walkKeyword(keyword, value, path, change)]));
}

function walkKeyword(keyword: string, value: unknown, path: string, change: Change): unknown {
  switch (keyword) {
    case '$defs':
      return mapValues(value, (schema, name) => walkSchema(schema, name, change, false));
    case 'properties':
      return mapValues(value, (schema, name) => (path === '' ? schema : walkSchema(schema, `${path}.${name}`, change)));
    case 'patternProperties':
      return mapValues(value, (schema) => walkSchema(schema, `${path}{}`, change));
    case 'additionalProperties':
      return typeof value === 'object' ? walkSchema(value as Schema, `${path}{}`, change) : value;
    case 'items': case 'additionalItems':
      return Array.isArray(value)
        ? value.map((item: Schema) => walkSchema(item, `${path}[]`, change))
        : typeof value === 'object' ? walkSchema(value as Schema, `${path}[]`, change) : value;
    case 'prefixItems':
      return (value as readonly Schema[]).map((item) => walkSchema(item, `${path}[]`, change));
    case 'allOf': case 'anyOf': case 'oneOf':
      return (value as readonly Schema[]).map((item) => walkSchema(item, path, change, false));
    case 'not':
      return walkSchema(value as Schema, path, change, false);
    default:
      return value;
  }
}

function mapValues(value: unknown, map: (schema: Schema, name: string) => Schema): Schema {
  return Object.fromEntries(Object.entries(value as Record<string, Schema>).map(([name, schema]) => [name, map(schema, name)]));
}
