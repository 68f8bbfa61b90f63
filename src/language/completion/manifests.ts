import { t } from '@vscode/l10n';
import { platformGroup } from '../../domain/kind';
import type { SchemaSource } from '../schemaSource';
import { readDescription } from '../schemaPath';
import type { KindSchema } from '../structural';
import type { Offer } from './offer';
import { Places, requiredLines } from './structure';

/** A whole manifest of each kind, with everything that is required. */
export function manifestOffers(schemas: SchemaSource): readonly Offer[] {
  return creatable(schemas).map((kind) => ({
    label: kind.names.kind, kind: 'manifest', detail: t('whole manifest'), insert: manifestSnippet(kind), documentation: aboutKind(kind),
  }));
}

/** The kinds that a manifest can be of; only those of `apiVersion` where it is written already. */
export function kindOffers(schemas: SchemaSource, apiVersion: string | undefined): readonly Offer[] {
  return creatable(schemas).filter(({ versions }) => apiVersion === undefined || versions.some(({ name, served }) => served && apiVersion === `${platformGroup}/${name}`))
    .map((kind) => ({ label: kind.names.kind, kind: 'value', documentation: aboutKind(kind) }));
}

/** The versions of the kind, preferred first; of all kinds where none is named yet. */
export function versionOffers(schemas: SchemaSource, kindName: string | undefined): readonly Offer[] {
  const kinds = creatable(schemas);
  const chosen = kinds.filter(({ names }) => names.kind === kindName);
  const versions = (chosen.length > 0 ? chosen : kinds).flatMap(preferredFirst);
  return [...new Set(versions)].map((name) => ({ label: `${platformGroup}/${name}`, kind: 'value' }));
}

/** Leases and devices of nodes are made by the platform, never by people. */
const madeByPlatform = new Set(['VirtualMachineIPAddressLease', 'VirtualMachineMACAddressLease', 'NodeUSBDevice', 'USBDevice']);

function creatable(schemas: SchemaSource): readonly KindSchema[] {
  return schemas.platformKinds().filter(({ names }) => !madeByPlatform.has(names.kind));
}

function preferredFirst({ versions }: KindSchema): readonly string[] {
  const served = versions.filter((version) => version.served);
  return [...served.filter(({ deprecated }) => !deprecated), ...served.filter(({ deprecated }) => deprecated)].map(({ name }) => name);
}

function manifestSnippet(kind: KindSchema): string {
  const places = new Places();
  const [name] = preferredFirst(kind);
  const spec = kind.versions.find((version) => version.name === name)?.schema.properties?.['spec'];
  const head = [`apiVersion: ${platformGroup}/${name ?? ''}`, `kind: ${kind.names.kind}`, 'metadata:', `  name: ${places.next('name')}`];
  const body = spec ? requiredLines(spec, places, 'spec').join('\n').replaceAll(/^/gm, '  ') : '';
  return [...head, ...(spec ? ['spec:', body || `  ${places.next(undefined)}`] : []), ''].join('\n');
}

function aboutKind(kind: KindSchema): string {
  return readDescription(kind.versions[0]?.schema.description).text;
}
