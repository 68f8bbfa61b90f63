import { t } from '@vscode/l10n';
import type { Hover, Position } from 'vscode-languageserver-types';
import { MarkupKind } from 'vscode-languageserver-types';
import { groupOf } from '../domain/kinds/index';
import { parseQuantity, formatBytes } from '../domain/quantity';
import { restartRule } from '../domain/restart';
import type { ChangeEffect } from '../domain/restart';
import { possibleCores, topologyOf } from '../domain/topology';
import type { Path } from '../domain/values';
import { hoverInUserData } from './cloudInit/hover';
import { factsLine } from './liveState';
import { embeddedTexts } from './embedded';
import type { Identity } from './identity';
import { identityOf } from './identity';
import type { Manifest } from './manifest';
import type { Spot } from './places';
import { spotAt } from './places';
import { partAt, rangeIn } from './positions';
import { referenceAt, resolve } from './references';
import { choicesOf, manifestSchema, readDescription, schemaAt } from './schemaPath';
import type { Request } from './service';
import type { Json } from './scalars';
import type { Schema } from './structural';
import { isObject } from './prune';
import { valueOf } from './values';

/** Help for the field or the value under the cursor: what it means, what it resolves to, when a change takes effect, and who says so. */
export function hoverAt(request: Request, position: Position): Hover | undefined {
  const { document, parts } = request;
  const offset = document.offsetAt(position);
  const part = partAt(parts, offset);
  const identity = part && identityOf(part.manifest);
  if (!part || !identity) {
    return undefined;
  }
  const inner = offset - part.offset;
  const embedded = embeddedTexts(part.manifest).find(({ range, locate }) => locate && inner > range.start && inner <= range.end);
  if (embedded) {
    const found = hoverInUserData(embedded, inner, request.options.schemas.cloudInit());
    return found && { contents: { kind: MarkupKind.Markdown, value: found.text }, range: rangeIn(document, part, found.range) };
  }
  const spot = spotAt(part.manifest, inner);
  const sections = spot ? sectionsFor(request, part.manifest, identity, spot) : [];
  return spot && sections.length > 0 ? { contents: { kind: MarkupKind.Markdown, value: sections.join('\n\n') }, range: rangeIn(document, part, spot.range) } : undefined;
}

function sectionsFor(request: Request, manifest: Manifest, identity: Identity, { path, part }: Spot): readonly string[] {
  const { schemas } = request.options;
  const kind = schemas.kind(groupOf(identity.apiVersion), identity.kind);
  const version = kind?.versions.find(({ name }) => identity.apiVersion.endsWith(name));
  const object = isObject(manifest.value) ? manifest.value : {};
  const reference = part === 'value' ? referenceAt(identity.id, path) : undefined;
  const value = valueOf(object, path);
  const named = reference && typeof value === 'string' ? resolve(object, reference, path, value, identity.namespace ?? request.surroundings.namespace) : undefined;
  const schema = version && (path.length === 1 && path[0] === 'kind' ? version.schema : schemaAt(manifestSchema(version), path));
  if (!kind || !version || !schema) {
    return [];
  }
  const known = named?.id === undefined ? [] : [factsLine(request, named.id, named.name, named.namespace)];
  return [
    ...known,
    ...(part === 'value' ? aboutValue(path, value) : []),
    ...help(schema, part === 'value' && typeof value === 'string' ? value : undefined),
    ...(identity.id === 'VirtualMachine' ? effect(path) : []),
    schemas.isOfCluster?.(kind.group) ? t('*{0} {1}, schema of the connected cluster*', identity.kind, version.name) : t('*{0} {1}, schema of module {2}*', identity.kind, version.name, schemas.module),
  ].filter((section) => section !== '');
}

/** Meaning, default and limits of a field. With `value`, what that value of an enum means comes first. */
export function help(schema: Schema, value?: string): readonly string[] {
  const { text, values } = readDescription(schema.description);
  const meaning = value === undefined ? undefined : values.get(value);
  const choices = values.size > 0 ? [...values].map(([name, words]) => `- \`${name}\`: ${words}`).join('\n')
    : schema.enum ? t('Possible values: {0}', (choicesOf(schema) ?? []).map((each) => `\`${each}\``).join(', ')) : '';
  return [meaning === undefined ? '' : `**\`${value ?? ''}\`**: ${meaning}`, text, choices, limits(schema)].filter((section) => section !== '');
}

/** A default or a choice as people write it. */
export function plainText(value: Json): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function limits(schema: Schema): string {
  const { minimum, maximum, minItems, maxItems, minLength, maxLength } = schema;
  const between = (low: number | undefined, high: number | undefined, both: (low: number, high: number) => string, least: (low: number) => string, most: (high: number) => string) =>
    (low !== undefined && high !== undefined ? [both(low, high)] : low !== undefined ? [least(low)] : high !== undefined ? [most(high)] : []);
  const facts = [
    ...(schema.default === undefined || typeof schema.default === 'object' ? [] : [t('Default: {0}', `\`${plainText(schema.default)}\``)]),
    ...between(minimum, maximum, (low, high) => t('{0} to {1}', low, high), (low) => t('at least {0}', low), (high) => t('at most {0}', high)),
    ...between(minItems, maxItems, (low, high) => t('{0} to {1} entries', low, high), (low) => t('at least {0} entries', low), (high) => t('at most {0} entries', high)),
    ...between(minLength === 1 ? undefined : minLength, maxLength, (low, high) => t('{0} to {1} characters', low, high), (low) => t('at least {0} characters', low), (high) => t('at most {0} characters', high)),
  ];
  return facts.join(' · ');
}

function aboutValue(path: Path, value: unknown): readonly string[] {
  const field = path.filter((step) => typeof step === 'string').slice(-2).join('.');
  if (field === 'cpu.cores' && typeof value === 'number') {
    const topology = topologyOf(value);
    return [topology ? topology.sockets === 1 ? t('{0} cores → 1 socket × {0}', value) : t('{0} cores → {1} sockets × {2}', value, topology.sockets, topology.coresPerSocket) : t('{0} cores are not possible. Nearest: {1}.', value, possibleCores(value).join(', '))];
  }
  const quantity = field === 'memory.size' || field === 'persistentVolumeClaim.size' ? parseQuantity(value) : undefined;
  return quantity ? [`${String(value)} = ${formatBytes(quantity)}`] : [];
}

function effect(path: Path): readonly string[] {
  if (path[0] !== 'spec') {
    return path[0] === 'metadata' && (path[1] === 'labels' || path[1] === 'annotations') ? [t('A change takes effect at once.')] : [];
  }
  const rule = restartRule(path.slice(1).filter((step) => typeof step === 'string').join('.'));
  if (!rule) {
    return [];
  }
  const words: Readonly<Record<ChangeEffect, string>> = { live: t('at once'), restart: t('with a restart'), sometimes: t('at once or with a restart') };
  const when = rule.ee === undefined || rule.ee === rule.ce ? t('A change takes effect {0}.', words[rule.ce]) : t('A change takes effect {0} in CE, {1} in EE.', words[rule.ce], words[rule.ee]);
  return [[when, rule.note === undefined ? '' : t(rule.note)].filter(Boolean).join(' ')];
}
