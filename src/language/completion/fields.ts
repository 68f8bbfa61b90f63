import { t } from '@vscode/l10n';
import type { Schema } from '../structural';
import { isObject } from '../prune';
import { help } from '../hover';
import { valueOf } from '../values';
import type { Offer, ValuePlace } from './offer';
import { escapeSnippet } from './offer';
import { Places, itemSnippet, valueSnippet } from './structure';
import { labelKeys } from './labels';

/** The fields that a mapping may still get: required ones first, then in the order of the schema. */
export function fieldOffers(place: ValuePlace): readonly Offer[] {
  const { schema, value, path, cursor } = place;
  if (!schema) {
    return [];
  }
  const present = valueOf(value, path);
  const isWritten = (name: string) => isObject(present) && Object.hasOwn(present, name);
  const required = new Set(schema.required ?? []);
  const properties = Object.entries(schema.properties ?? {}).filter(([name]) => !isWritten(name));
  const ordered = [...properties.filter(([name]) => required.has(name)), ...properties.filter(([name]) => !required.has(name))];
  const fields = ordered.map(([name, each]): Offer => ({
    label: name, kind: 'field',
    insert: cursor.hasColon ? escapeSnippet(name) : fieldSnippet(name, each, place),
    ...(required.has(name) ? { detail: t('required') } : each.default === undefined || typeof each.default === 'object' ? {} : { detail: t('default {0}', String(each.default)) }),
    documentation: help(each).join('\n\n'),
    asksNext: asksForValue(each) && !cursor.hasColon,
  }));
  const labels = schema.additionalProperties ? labelKeys(place).filter(({ label }) => !isWritten(label)) : [];
  return [...fields, ...labels];
}

/** A further item of a list, with its dash, where a line of the list begins. */
export function itemOffers({ schema, path }: ValuePlace): readonly Offer[] {
  const name = String(path.at(-1) ?? '');
  return schema?.type === 'array' ? [{ label: `- ${name}`, kind: 'field', insert: itemSnippet(schema.items, new Places(), name), detail: t('new entry'), ...(schema.description ? { documentation: schema.description } : {}) }] : [];
}

function fieldSnippet(name: string, schema: Schema, { cursor, path }: ValuePlace): string {
  if (cursor.style === 'json') {
    return `"${name}": ${schema.type === 'object' ? '{$1}' : schema.type === 'array' ? '[$1]' : schema.type === 'string' ? '"$1"' : '$1'}`;
  }
  if (cursor.style === 'flow') {
    return `${name}: ${schema.type === 'object' ? '{ $1 }' : schema.type === 'array' ? '[$1]' : '$1'}`;
  }
  return asksForValue(schema) ? `${name}: ` : `${name}:${valueSnippet(name, schema, new Places(), String(path.at(-1) ?? ''))}`;
}

/** A single value is chosen from a list of its own. */
function asksForValue(schema: Schema): boolean {
  return schema.type !== 'object' && schema.type !== 'array';
}
