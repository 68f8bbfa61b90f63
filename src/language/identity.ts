import { groupOf, kindId, kinds } from '../domain/kinds/index';
import type { KindId } from '../domain/kind';
import { platformGroup } from '../domain/kind';
import type { Manifest } from './manifest';
import { isObject } from './prune';
import { isBlockText } from './places';
import type { Json } from './scalars';
import { nearest } from './similar';
import { nodesIn } from './yaml/nodes';

/** What a document says it is. Empty texts where it does not say so. */
export interface Identity {
  readonly apiVersion: string;
  readonly kind: string;
  readonly id: KindId;
  readonly name: string | undefined;
  readonly namespace: string | undefined;
}

const identities = new WeakMap<Manifest, { readonly identity: Identity | undefined }>();

/** Also of documents that cannot be parsed: then the lines at the margin tell. `undefined` when there is neither group nor kind. */
export function identityOf(manifest: Manifest): Identity | undefined {
  let entry = identities.get(manifest);
  if (!entry) {
    entry = { identity: identify(manifest) };
    identities.set(manifest, entry);
  }
  return entry.identity;
}

/** Whether a document is meant to be one of the platform's kinds: by its group, or by its kind where `apiVersion` names nobody else's. */
export function isPlatformKind({ apiVersion, kind }: Pick<Identity, 'apiVersion' | 'kind'>): boolean {
  return groupOf(apiVersion) === platformGroup || (Object.hasOwn(kinds, kind) && !isForeign(apiVersion));
}

/** Groups other than the core's have a dot, versions begin with `v` and a number; what is no API version at all is a mistake in one of ours. */
function isForeign(apiVersion: string): boolean {
  const [, group] = /^([a-z0-9-]+(?:\.[a-z0-9-]+)+)\/v\d+(?:(?:alpha|beta)\d+)?$/.exec(apiVersion) ?? [];
  return group !== undefined && (Math.abs(group.length - platformGroup.length) > mostSlips || nearest(group, [platformGroup]) === undefined);
}

/** How much shorter or longer a misspelt group may be. */
const mostSlips = 3;

/** Types of Secrets that configure machines at their first boot. */
export const provisioningTypes = { cloudInit: `provisioning.${platformGroup}/cloud-init`, sysprep: `provisioning.${platformGroup}/sysprep` } as const;

/** Whether the document is one of the platform's kinds, its module's settings, a Secret that provisions machines, or another companion of machines. */
export function isOurs(manifest: Manifest): boolean {
  const identity = identityOf(manifest);
  if (manifest.syntax && versionAnywhere.test(manifest.text)) {
    return true;
  }
  return identity !== undefined && (isPlatformKind(identity) || isModuleSettings(identity) || isCompanion(identity) || (identity.id === 'Secret' && Object.values(provisioningTypes).some((type) => manifest.text.includes(type))));
}

/** Kubernetes' own kinds that publish machines and hold their disks. */
export function isCompanion({ apiVersion, kind }: Pick<Identity, 'apiVersion' | 'kind'>): boolean {
  return companions.has(`${apiVersion} ${kind}`);
}

const companions: ReadonlySet<string> = new Set(['v1 Service', 'networking.k8s.io/v1 Ingress', 'storage.k8s.io/v1 StorageClass']);

/** Settings of other modules are nobody's business here. */
function isModuleSettings({ id, name }: Identity): boolean {
  return id === 'ModuleConfig' && name === 'virtualization';
}

/** In a text that cannot be read the margin may be where the mistake is. */
const versionAnywhere = new RegExp(`\\bapiVersion["']?\\s*:\\s*["']?${platformGroup.replaceAll('.', '\\.')}/v`);

/** Whether a document is a template of Helm rather than a manifest: it has actions outside of block texts. */
export function isTemplate(manifest: Manifest): boolean {
  if (!manifest.text.includes('{{')) {
    return false;
  }
  const blocks = manifest.syntax ? [] : [...nodesIn(manifest.root)].filter(isBlockText);
  return [...manifest.text.matchAll(/\{\{/g)].some(({ index }) => !blocks.some(({ start, end }) => index >= start && index < end));
}

function identify(manifest: Manifest): Identity | undefined {
  const { value, text } = manifest;
  if (value !== undefined && value !== null && !isObject(value)) {
    const apiVersion = versionIn(value, text);
    return apiVersion === undefined ? undefined : { apiVersion, kind: '', id: kindId(platformGroup, ''), name: undefined, namespace: undefined };
  }
  const metadata = isObject(value) && isObject(value['metadata']) ? value['metadata'] : {};
  const isRead = isObject(value) && (value['apiVersion'] !== undefined || value['kind'] !== undefined);
  const field = (key: 'apiVersion' | 'kind') => (isRead ? textOf(value[key]) : marginal(text, key)) ?? '';
  // Of a text whose first lines are taken for the whole document the kind is what the API server misses.
  const read = { apiVersion: field('apiVersion'), kind: value === undefined || isRead ? field('kind') : '' };
  const { apiVersion, kind } = besideMachines(read, text) ?? read;
  if (apiVersion === '' && kind === '' && !manifest.syntax) {
    return undefined;
  }
  const named = (key: 'name' | 'namespace') => (isObject(value) ? textOf(metadata[key]) : belowMetadata(text, key));
  return { apiVersion, kind, id: kindId(isPlatformKind({ apiVersion, kind }) ? platformGroup : groupOf(apiVersion), kind), name: named('name'), namespace: named('namespace') };
}

/** A companion or a Secret of which a wrong indentation hides what it is: both are written, at the margin or one below the other. */
function besideMachines(read: { readonly apiVersion: string; readonly kind: string }, text: string): { apiVersion: string; kind: string } | undefined {
  if (read.apiVersion !== '' && read.kind !== '') {
    return undefined;
  }
  const pair = /^apiVersion:[^\S\n]*([\w./-]+)[^\S\n]*\n[^\S\n]*kind:[^\S\n]*(\w+)/m.exec(text) ?? /^\s*\{\s*"apiVersion"\s*:\s*"([\w./-]+)"\s*,\s*"kind"\s*:\s*"(\w+)"/.exec(text) ?? [];
  const [, apiVersion = read.apiVersion || marginal(text, 'apiVersion'), kind = read.kind || marginal(text, 'kind')] = pair;
  const written = { apiVersion: apiVersion ?? '', kind: kind ?? '' };
  return isCompanion(written) || (written.apiVersion === 'v1' && written.kind === 'Secret') ? written : undefined;
}

/** The platform's version in what is no mapping, but probably should be one: an entry of a list, or what a wrong line before it hides. Lists may hold manifests deep inside for programs of others. */
function versionIn(value: Json, text: string): string | undefined {
  const entries = Array.isArray(value) ? value.map((item) => (isObject(item) ? textOf(item['apiVersion']) : undefined)) : [new RegExp(`${versionAnywhere.source}\\w+`).exec(text)?.[0].replace(/.*[\s:"']/, '')];
  return [...entries, marginal(text, 'apiVersion')].find((each) => each !== undefined && groupOf(each) === platformGroup);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function marginal(text: string, key: string): string | undefined {
  return new RegExp(`^(?:${key}|\\s*"${key}")[^\\S\\n]*:[^\\S\\n]*["']?([\\w./-]+)`, 'm').exec(text)?.[1];
}

/** A field on a line of its own below `metadata`. */
function belowMetadata(text: string, key: string): string | undefined {
  const block = /^metadata:[ \t]*\r?\n((?:[ \t]+.*\r?\n?)+)/m.exec(text)?.[1] ?? '';
  const indent = /^[ \t]+/.exec(block)?.[0] ?? '';
  return new RegExp(`^${indent}${key}:[ \\t]*["']?([\\w.-]+)`, 'm').exec(block)?.[1];
}
