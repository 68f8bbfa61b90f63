import { visit } from 'yaml';
import { groupOf, kindId } from '../domain/kinds/index';
import type { KindId } from '../domain/kind';
import { platformGroup } from '../domain/kind';
import type { Manifest } from './manifest';
import { isObject } from './prune';

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

/** Whether anything in a file can be ours: everything else is left alone without being parsed. */
export function mayHoldManifests(text: string): boolean {
  return text.includes(platformGroup);
}

/** Whether a kind is one that this product answers for wherever it stands. */
export function isPlatformKind({ apiVersion }: Identity): boolean {
  return groupOf(apiVersion) === platformGroup;
}

/** Types of Secrets that configure machines at their first boot. */
export const provisioningTypes = { cloudInit: `provisioning.${platformGroup}/cloud-init`, sysprep: `provisioning.${platformGroup}/sysprep` } as const;

/** Whether the document is one of the platform's kinds or a Secret that provisions machines. */
export function isOurs(manifest: Manifest): boolean {
  const identity = identityOf(manifest);
  return identity !== undefined && (isPlatformKind(identity) || (identity.id === 'Secret' && Object.values(provisioningTypes).some((type) => manifest.text.includes(type))));
}

/** Whether a document is a template of Helm rather than a manifest: it has actions outside of block texts. */
export function isTemplate(manifest: Manifest): boolean {
  if (!manifest.text.includes('{{')) {
    return false;
  }
  const blocks: (readonly [number, number])[] = [];
  if (manifest.tree && !manifest.syntax) {
    visit(manifest.tree, { Scalar: (_, node) => { if (node.type?.startsWith('BLOCK_') && node.range) { blocks.push([node.range[0], node.range[2]]); } } });
  }
  return [...manifest.text.matchAll(/\{\{/g)].some(({ index }) => !blocks.some(([start, end]) => index >= start && index < end));
}

function identify(manifest: Manifest): Identity | undefined {
  const { value, text } = manifest;
  if (value !== undefined && !isObject(value)) {
    return undefined;
  }
  const metadata = isObject(value) && isObject(value['metadata']) ? value['metadata'] : {};
  const field = (key: 'apiVersion' | 'kind') => (isObject(value) ? textOf(value[key]) : marginal(text, key)) ?? '';
  const [apiVersion, kind] = [field('apiVersion'), field('kind')];
  if (apiVersion === '' && kind === '') {
    return undefined;
  }
  const named = (key: 'name' | 'namespace') => (isObject(value) ? textOf(metadata[key]) : belowMetadata(text, key));
  return { apiVersion, kind, id: kindId(groupOf(apiVersion), kind), name: named('name'), namespace: named('namespace') };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function marginal(text: string, key: string): string | undefined {
  return new RegExp(`^(?:${key}|\\s*"${key}")[ \\t]*:[ \\t]*["']?([\\w./-]+)`, 'm').exec(text)?.[1];
}

/** A field on a line of its own below `metadata`. */
function belowMetadata(text: string, key: string): string | undefined {
  const block = /^metadata:[ \t]*\r?\n((?:[ \t]+.*\r?\n?)+)/m.exec(text)?.[1] ?? '';
  const indent = /^[ \t]+/.exec(block)?.[0] ?? '';
  return new RegExp(`^${indent}${key}:[ \\t]*["']?([\\w.-]+)`, 'm').exec(block)?.[1];
}
