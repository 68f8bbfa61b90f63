import { t } from '@vscode/l10n';
import type { JsonSchema } from '../cloudInit/schema';
import { alternatives, choicesOf, keysOf, schemasAt } from '../cloudInit/schema';
import { userDataKind } from '../cloudInit/parse';
import { isObject } from '../prune';
import { valueOf } from '../values';
import type { Offer } from './offer';
import type { Cursor } from './place';

/** The line that makes cloud-init read a text. */
export const headerOffer: Offer = { label: '#cloud-config', kind: 'value', insert: '#cloud-config\n', isPreselected: true };

/** Keys and values of cloud-init at a place of its text. */
export function cloudInitOffers(cursor: Cursor, text: string, schema: object): readonly Offer[] {
  const root = schema as JsonSchema;
  const schemas = schemasAt(root, cursor.path);
  if (cursor.role === 'value') {
    const types = schemas.flatMap(({ type }) => type ?? []);
    return choicesOf(schemas).map((label): Offer => ({ label, kind: 'value', insert: `${cursor.needsBlank ? ' ' : ''}${/^(?:true|false)$/.test(label) && !types.includes('boolean') ? `"${label}"` : label}` }));
  }
  const present = valueOf(cursor.value, cursor.path);
  const keys = [...keysOf(schemas, root)].filter(([name]) => !isObject(present) || !Object.hasOwn(present, name));
  const usual = (name: string) => { const rank = commonKeys.indexOf(name); return rank < 0 || cursor.path.length > 0 ? commonKeys.length : rank; };
  const required = new Set(schemas.flatMap((each) => (each.properties ? each.required ?? [] : [])));
  const ordered = keys.map(([name, property], index) => ({ name, property, rank: (required.has(name) ? -1 : usual(name)) * 1000 + index })).sort((a, b) => a.rank - b.rank);
  const offers = ordered.map(({ name, property }): Offer => ({
    label: name, kind: 'field', insert: cursor.hasColon ? name : `${name}:${shape(property, root)}`, documentation: property.description ?? '',
    ...(required.has(name) && cursor.path.length > 0 ? { detail: t('required') } : {}), asksNext: !cursor.hasColon && choicesOf(alternatives(property, root)).length > 0,
  }));
  const items = itemOffer(schemas, cursor, root);
  return userDataKind(text) === undefined && cursor.path.length === 0 ? [headerOffer, ...offers] : [...items, ...offers];
}


/** What machines get in nearly every user data, in the order in which people write it. */
const commonKeys = ['hostname', 'users', 'ssh_pwauth', 'ssh_authorized_keys', 'chpasswd', 'package_update', 'package_upgrade', 'packages', 'write_files', 'runcmd', 'bootcmd', 'timezone', 'locale', 'ntp', 'mounts', 'growpart', 'power_state'];

function itemOffer(schemas: readonly JsonSchema[], cursor: Cursor, root: JsonSchema): readonly Offer[] {
  const list = schemas.find(({ type }) => type === 'array');
  const isOnlyList = list !== undefined && !schemas.some(({ properties }) => properties);
  return isOnlyList && !cursor.hasColon ? [{ label: `- ${String(cursor.path.at(-1) ?? '')}`, kind: 'field', insert: `- ${firstKey(list, root)}`, detail: t('new entry') }] : [];
}

/** What follows the colon: a list or mapping on lines of its own, else a blank. */
function shape(property: JsonSchema, root: JsonSchema): string {
  const all = alternatives(property, root);
  const list = all.find(({ type }) => type === 'array');
  const isScalar = all.some(({ type }) => ['string', 'boolean', 'integer', 'number'].some((each) => type === each || (Array.isArray(type) && type.includes(each))));
  return list ? `\n  - ${firstKey(list, root)}` : !isScalar && all.some(({ type, properties }) => type === 'object' || properties) ? '\n  $1' : ' ';
}

function firstKey({ items }: JsonSchema, root: JsonSchema): string {
  const all = alternatives(Array.isArray(items) ? (items as readonly JsonSchema[])[0] : items as JsonSchema | undefined, root);
  const [required] = all.flatMap((schema) => schema.required ?? []);
  return required === undefined ? '$1' : `${required}: $1`;
}
