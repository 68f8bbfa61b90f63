import { t } from '@vscode/l10n';
import type { ErrorObject } from 'ajv';
import type { Path } from '../../domain/values';
import type { Fix } from '../edits';
import { removeField, renameKey } from '../edits';
import type { Manifest, Range } from '../manifest';
import { tokenAt } from '../places';
import { isObject } from '../prune';
import type { Json } from '../scalars';
import { nearest } from '../similar';
import { valueOf } from '../values';
import { parseCloudConfig } from './parse';
import type { JsonSchema } from './schema';
import { alternatives, isOfType, schemasAt, schemasBelow } from './schema';
import { cloudConfigValidator } from './validator';

/** What is wrong in a `#cloud-config`; ranges and fixes are within the text. */
export interface CloudInitProblem {
  readonly code: 'cloud-init/unreadable' | 'cloud-init/unknown-key' | 'cloud-init/wrong-value' | 'deprecated/cloud-init-key' | 'advice/plain-password';
  readonly message: string;
  readonly range: Range;
  readonly fixes?: () => readonly Fix[];
}

/** Reads a `#cloud-config` and says what cloud-init's schema refuses, what is outdated, and which passwords everybody can read. */
export function inspectCloudConfig(text: string, schema: object): readonly CloudInitProblem[] {
  const manifest = parseCloudConfig(text);
  if (manifest.syntax) {
    return [{ code: 'cloud-init/unreadable', message: t('cloud-init cannot read this and ignores all of it: {0}', manifest.syntax.message), range: manifest.syntax.range }];
  }
  // cloud-init takes a text without content for an empty mapping.
  const value = manifest.value ?? {};
  const root = schema as JsonSchema;
  return [...refused(manifest, value, root), ...outdated(manifest, value, root), ...passwords(manifest, value)];
}

function refused(manifest: Manifest, value: Json, root: JsonSchema): readonly CloudInitProblem[] {
  const places = new Map<string, ErrorObject[]>();
  for (const error of telling(cloudConfigValidator(root)(value))) {
    const place = error.keyword === 'additionalProperties' ? `${error.instancePath}/${escapePointer(String(error.params['additionalProperty']))}` : error.instancePath;
    places.set(place, [...places.get(place) ?? [], error]);
  }
  return [...places].map(([pointer, errors]) => problemOf(manifest, value, root, pathOf(pointer, value), errors));
}

/** Of the alternatives that all fail, the one that got furthest tells what was meant: for each key at the top, only the deepest errors. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const leaves = errors.filter(({ keyword }) => !['oneOf', 'anyOf', 'allOf', 'if', 'not'].includes(keyword));
  const groups = new Map<string, ErrorObject[]>();
  for (const error of leaves.length > 0 ? leaves : errors) {
    const top = error.instancePath.split('/').slice(0, 3).join('/') || (error.keyword === 'additionalProperties' ? `+${String(error.params['additionalProperty'])}` : '');
    groups.set(top, [...groups.get(top) ?? [], error]);
  }
  return [...groups.values()].flatMap((group) => {
    const deepest = Math.max(...group.map(depthOf));
    return group.filter((error) => depthOf(error) === deepest);
  });
}

function depthOf({ instancePath, keyword }: ErrorObject): number {
  return instancePath.split('/').length + (keyword === 'additionalProperties' ? 1 : 0);
}

function problemOf(manifest: Manifest, value: Json, root: JsonSchema, path: Path, errors: readonly ErrorObject[]): CloudInitProblem {
  const unknown = errors.find(({ keyword }) => keyword === 'additionalProperties');
  if (unknown) {
    return unknownKey(manifest, value, root, path);
  }
  const [first] = errors;
  const name = String(path.findLast((step) => typeof step === 'string') ?? '');
  const range = tokenAt(manifest, path);
  const missing = errors.filter(({ keyword }) => keyword === 'required').map(({ params }) => String(params['missingProperty']));
  if (missing.length > 0) {
    return { code: 'cloud-init/wrong-value', range, message: t('"{0}" lacks {1}.', name, missing.map((key) => `"${key}"`).join(', ')) };
  }
  const types = [...new Set(errors.filter(({ keyword }) => keyword === 'type').flatMap(({ params }) => String(params['type']).split(',')))];
  const choices = [...new Set(errors.filter(({ keyword }) => keyword === 'enum').flatMap(({ params }) => (params['allowedValues'] as unknown[]).map(String)))];
  const message = types.length > 0 && types.length + choices.length >= errors.length - choices.length && choices.length === 0 ? t('"{0}" has to be of type {1}.', name, types.join(', '))
    : choices.length > 0 ? t('"{0}" is not possible here. Possible are: {1}.', JSON.stringify(valueOf(value, path) ?? null), choices.join(', '))
    : t('cloud-init refuses the value of "{0}": it {1}.', name, first?.message ?? '');
  return { code: 'cloud-init/wrong-value', range, message };
}

function unknownKey(manifest: Manifest, value: Json, root: JsonSchema, path: Path): CloudInitProblem {
  const name = String(path.at(-1));
  const parent = valueOf(value, path.slice(0, -1));
  const known = schemasAt(root, path.slice(0, -1)).flatMap(({ properties }) => Object.keys(properties ?? {}));
  const meant = nearest(name, known.filter((key) => !isObject(parent) || !Object.hasOwn(parent, key)));
  const remove: Fix = { title: t('Remove "{0}"', name), changes: [removeField(manifest, path)] };
  return {
    code: 'cloud-init/unknown-key',
    range: tokenAt(manifest, path, 'key'),
    message: meant === undefined ? t('cloud-init knows no key "{0}" here and ignores it.', name) : t('cloud-init knows no key "{0}" here and ignores it. Did you mean "{1}"?', name, meant),
    fixes: () => [...(meant === undefined ? [] : [{ title: t('Change to "{0}"', meant), changes: [renameKey(manifest, path, meant)] }]), remove],
  };
}

function* outdated(manifest: Manifest, value: Json, root: JsonSchema): Iterable<CloudInitProblem> {
  const pending: { value: Json; path: Path; schemas: readonly JsonSchema[] }[] = [{ value, path: [], schemas: alternatives(root, root) }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { path, schemas } = place;
    const current = place.value;
    const old = path.length === 0 ? undefined : schemas.find((schema) => schema.deprecated === true && isOfType(current, schema));
    if (old) {
      yield outdatedAt(manifest, path, old);
      continue;
    }
    const children: readonly (readonly [string | number, Json])[] = Array.isArray(current) ? [...current.entries()] : isObject(current) ? Object.entries(current) : [];
    children.forEach(([step, child]) => pending.push({ value: child, path: [...path, step], schemas: schemasBelow(schemas, step, root) }));
  }
}

function outdatedAt(manifest: Manifest, path: Path, schema: JsonSchema): CloudInitProblem {
  const name = String(path.findLast((step) => typeof step === 'string') ?? '');
  const advice = schema.deprecated_description ?? '';
  const replacement = /^Write `([\w-]+)` instead\.$/.exec(advice)?.[1];
  return {
    code: 'deprecated/cloud-init-key',
    range: tokenAt(manifest, path, 'key'),
    message: [schema.deprecated_version ? t('"{0}" is outdated since cloud-init {1}.', name, schema.deprecated_version) : t('"{0}" is outdated.', name), advice].filter(Boolean).join(' '),
    ...(replacement !== undefined && typeof path.at(-1) === 'string' && { fixes: () => [{ title: t('Change to "{0}"', replacement), changes: [renameKey(manifest, path, replacement)] }] }),
  };
}

/** Keys whose value is a password that nobody should be able to read in the manifest. */
function* passwords(manifest: Manifest, value: Json): Iterable<CloudInitProblem> {
  const isHash = (text: string) => text.startsWith('$');
  const pending: { value: Json; path: Path }[] = [{ value, path: [] }];
  for (let place = pending.pop(); place; place = pending.pop()) {
    const { path } = place;
    const current = place.value;
    const key = path.at(-1);
    const isPlain = key === 'plain_text_passwd' || ((key === 'password' || key === 'passwd') && typeof current === 'string' && !isHash(current));
    const isList = key === 'list' && path.at(-2) === 'chpasswd';
    if (isPlain && typeof current === 'string' && current !== '' && !/^RANDOM$|^R$/.test(current)) {
      const message = key === 'passwd' ? t('"passwd" takes the hash of a password; this is no hash, so nobody can log in with it.') : t('This password can be read by everybody who sees the manifest. Use a hash ("mkpasswd --method=SHA-512") or an SSH key.');
      yield { code: 'advice/plain-password', range: tokenAt(manifest, path), message };
    } else if (isList && typeof current === 'string' && current.split('\n').some((line) => /^[^:]+:(?!\$|R$|RANDOM$)./.test(line))) {
      yield { code: 'advice/plain-password', range: tokenAt(manifest, path), message: t('These passwords can be read by everybody who sees the manifest. Use hashes ("mkpasswd --method=SHA-512") or SSH keys.') };
    }
    const children: readonly (readonly [string | number, Json])[] = Array.isArray(current) ? [...current.entries()] : isObject(current) ? Object.entries(current) : [];
    children.forEach(([step, child]) => pending.push({ value: child, path: [...path, step] }));
  }
}

function pathOf(pointer: string, value: Json): Path {
  const path: (string | number)[] = [];
  let current: Json | undefined = value;
  for (const raw of pointer.split('/').slice(1)) {
    const step = raw.replaceAll('~1', '/').replaceAll('~0', '~');
    path.push(Array.isArray(current) ? Number(step) : step);
    current = valueOf(current, path.slice(-1));
  }
  return path;
}

function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
