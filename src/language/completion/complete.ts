import type { CompletionList, Position, Range as LspRange } from 'vscode-languageserver-types';
import { groupOf, kindId } from '../../domain/kinds/index';
import { platformGroup } from '../../domain/kind';
import { stringAt } from '../../domain/values';
import { userDataKind } from '../cloudInit/parse';
import { isCompanion, isPlatformKind, provisioningTypes } from '../identity';
import type { Json } from '../scalars';
import { manifestSchema, schemaAt } from '../schemaPath';
import type { Request } from '../service';
import { valueOf } from '../values';
import { cloudInitOffers, headerOffer } from './cloudInit';
import { cursorAt } from './cursor';
import { fieldOffers, itemOffers } from './fields';
import { kindOffers, manifestOffers, versionOffers } from './manifests';
import type { Offer, ValuePlace } from './offer';
import { toItem } from './offer';
import type { BlockCursor, Cursor } from './place';
import { readAround } from './place';
import { snippetOffers } from './snippets';
import { valueOffers } from './values';

/** What can be typed at a position, most fitting first. `undefined` where nothing can be said, or in documents that are not ours. */
export function complete(request: Request, position: Position): CompletionList | undefined {
  const { document } = request;
  const offset = document.offsetAt(position);
  const { start, text } = documentAround(document.getText(), offset, document.languageId.startsWith('json'));
  const cursor = cursorAt(text, offset - start);
  if (!cursor) {
    return undefined;
  }
  const offers = cursor.role === 'block' ? offersInBlock(request, cursor, text) : { offers: offersAt(request, cursor, text), cursor };
  const { range, column } = offers.cursor;
  const place: LspRange = { start: document.positionAt(start + range.start), end: document.positionAt(start + range.end) };
  const written = document.getText({ start: place.start, end: position });
  const indent = ' '.repeat(place.start.character - lineShift(column, place));
  const items = offers.offers.map((offer, index) => toItem(offer, index, place, indent, filterFor(offer, written)));
  return items.length === 0 ? undefined : { isIncomplete: false, items };
}

/** The editor matches what is typed, quotes and dashes included, with this. */
function filterFor({ label, filter }: Offer, written: string): string | undefined {
  const quote = /^["']/.exec(written)?.[0];
  return quote === undefined ? filter : `${quote}${label}`;
}

/** Values are inserted behind their key, but belong to its column. */
function lineShift(column: number, { start }: LspRange): number {
  return Math.max(0, start.character - column);
}

function offersAt(request: Request, cursor: Cursor, text: string): readonly Offer[] {
  const { schemas } = request.options;
  const value = cursor.value;
  const [apiVersion, kindName] = [stringAt(value, 'apiVersion'), stringAt(value, 'kind')];
  if (cursor.path.length === 0 && apiVersion === undefined && kindName === undefined && cursor.role === 'key' && cursor.style === 'block') {
    return isFree(value) && cursor.column === 0 ? [...manifestOffers(schemas), ...heads, ...snippetOffers(request.options, 'manifest')] : [];
  }
  const isOpen = apiVersion === undefined || apiVersion === '' || groupOf(apiVersion) === platformGroup;
  if (cursor.role === 'value' && cursor.path.length === 1 && cursor.path[0] === 'kind') {
    return isOpen ? kindOffers(schemas, apiVersion) : [];
  }
  if (cursor.role === 'value' && cursor.path.length === 1 && cursor.path[0] === 'apiVersion') {
    return kindName === undefined || kindOffers(schemas, undefined).some(({ label }) => label === kindName) ? versionOffers(schemas, kindName) : [];
  }
  const kind = schemas.kind(groupOf(apiVersion ?? ''), kindName ?? '');
  const version = kind?.versions.find(({ name, served }) => served && (apiVersion ?? '').endsWith(name)) ?? kind?.versions[0];
  if (!kind || !version || !isAnsweredFor(request, apiVersion ?? '', kindName ?? '', text)) {
    return kindName === undefined && apiVersion !== undefined && isOpen && cursor.path.length === 0 ? heads : [];
  }
  const schema = schemaAt(manifestSchema(version), cursor.path);
  const namespace = stringAt(value, 'metadata.namespace') ?? request.surroundings.namespace;
  const place: ValuePlace = { request, cursor, path: cursor.path, schema, value, kind: kindId(kind.group, kind.names.kind), namespace };
  if (cursor.role === 'value') {
    return valueOffers(place);
  }
  if (schema?.type === 'array') {
    return [...shiftedFields(place), ...itemOffers(place)];
  }
  const isMachineSpec = place.kind === 'VirtualMachine' && cursor.path.join('.') === 'spec' && cursor.style === 'block';
  return schema?.type === 'object' || schema?.properties ? [...fieldOffers(place), ...(isMachineSpec ? snippetOffers(request.options, 'machineSpec') : [])] : valueOffers(place);
}

/** Below a dash, where the editor puts the cursor behind an item: its further fields, moved to where they belong. */
function shiftedFields(place: ValuePlace): readonly Offer[] {
  const list = valueOf(place.value, place.path);
  const last = Array.isArray(list) ? list.length - 1 : -1;
  const items = place.schema?.items;
  if (last < 0 || items?.type !== 'object' || place.cursor.style !== 'block') {
    return [];
  }
  return fieldOffers({ ...place, path: [...place.path, last], schema: items }).map((offer) => ({ ...offer, insert: `  ${(offer.insert ?? offer.label).replaceAll('\n', '\n  ')}`, filter: offer.label }));
}

/** The first two lines of any manifest, while there is only one of them. */
const heads: readonly Offer[] = ['apiVersion', 'kind'].map((label) => ({ label, kind: 'field', insert: `${label}: `, asksNext: true }));

/** Only a document without anything of its own can become a manifest of ours. */
function isFree(value: Json): boolean {
  return value === null || typeof value !== 'object' || Object.keys(value).length === 0;
}

/** Kinds of others belong to whoever else is installed, except Secrets for machines, the module's settings, and what stands beside manifests of ours. */
function isAnsweredFor({ parts }: Request, apiVersion: string, kind: string, text: string): boolean {
  return isPlatformKind({ apiVersion, kind }) || (parts.length > 0 && isCompanion({ apiVersion, kind })) || (kind === 'ModuleConfig' && /\bvirtualization\b/.test(text)) || (kind === 'Secret' && Object.values(provisioningTypes).some((type) => text.includes(type)));
}

function offersInBlock(request: Request, block: BlockCursor, text: string): { readonly offers: readonly Offer[]; readonly cursor: Pick<Cursor, 'range' | 'column'> } {
  const nowhere = { offers: [], cursor: { range: { start: 0, end: 0 }, column: 0 } };
  const value = readAround(text, { start: 0, end: 0 });
  const isUserData = /^(?:userData|userdata)$/.test(String(block.path.at(-1))) && (stringAt(value, 'kind') !== 'Secret' || stringAt(value, 'type') === provisioningTypes.cloudInit);
  const before = text.slice(block.start, block.start + outer(block, text)).split('\n').at(-1) ?? '';
  const typed = before.trimStart();
  const end = block.start + outer(block, text);
  if (isUserData && /^#[\w-]*$/.test(typed) && userDataKind(block.text) === undefined) {
    return { offers: [headerOffer], cursor: { range: { start: end - typed.length, end }, column: before.length - typed.length } };
  }
  const cursor = isUserData && userDataKind(block.text) !== 'other' ? cursorAt(block.text, block.offset) : undefined;
  if (cursor?.role !== 'key' && cursor?.role !== 'value') {
    return nowhere;
  }
  const shift = end - block.offset;
  return {
    offers: [...cloudInitOffers(cursor, block.text, request.options.schemas.cloudInit()), ...(cursor.role === 'key' && cursor.path.length === 0 ? snippetOffers(request.options, 'userData') : [])],
    cursor: { range: { start: cursor.range.start + shift, end: cursor.range.end + shift }, column: cursor.column + block.indent },
  };
}

/** The length of the text in the document up to the cursor, with the indentation that the inner text lacks. */
function outer(block: BlockCursor, text: string): number {
  const lines = block.text.slice(0, block.offset).split('\n').length;
  let at = block.start;
  for (let line = 1; line < lines; line++) {
    at = text.indexOf('\n', at) + 1;
  }
  const inLine = block.offset - (block.text.lastIndexOf('\n', block.offset - 1) + 1);
  const indent = Math.min(block.indent, /^ */.exec(text.slice(at))?.[0].length ?? 0);
  return at + indent + inLine - block.start;
}

/** The document of a file that the cursor is in; also one that is still empty. */
function documentAround(file: string, offset: number, isJson: boolean): { readonly start: number; readonly text: string } {
  if (isJson) {
    return { start: 0, text: file };
  }
  const border = file.lastIndexOf('\n---', offset - 1);
  const line = border >= 0 ? border + 1 : file.startsWith('---') ? 0 : undefined;
  const lineEnd = line === undefined ? -1 : file.indexOf('\n', line);
  const start = line === undefined ? 0 : lineEnd < 0 ? offset : Math.min(lineEnd + 1, offset);
  const next = file.indexOf('\n---', Math.max(start - 1, 0));
  return { start, text: file.slice(start, next < start ? file.length : next + 1) };
}
