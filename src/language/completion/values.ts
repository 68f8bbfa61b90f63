import { t } from '@vscode/l10n';
import { mostCores, topologyOf } from '../../domain/topology';
import { numberAt, stringAt } from '../../domain/values';
import { choicesOf, readDescription } from '../schemaPath';
import { policiesOf, policyFor } from '../rules/machineSizing';
import type { Offer, ValuePlace } from './offer';
import { escapeSnippet } from './offer';
import { addressOffers } from './addresses';
import { labelValues } from './labels';
import { nameOffers } from './names';

/** The values that can stand at a place, most fitting first. */
export function valueOffers(place: ValuePlace): readonly Offer[] {
  const offers = [...nameOffers(place), ...addressOffers(place), ...labelValues(place), ...choices(place), ...amounts(place)];
  return [...new Map(offers.map((offer) => [offer.label, offer])).values()].map((offer) => quoted(offer, place));
}

function choices({ schema }: ValuePlace): readonly Offer[] {
  const { values } = readDescription(schema?.description);
  const preset = schema?.default === undefined || typeof schema.default === 'object' ? undefined : String(schema.default);
  const possible = choicesOf(schema) ?? (schema?.type === 'boolean' ? ['true', 'false'] : preset === undefined ? [] : [preset]);
  return possible.map((label) => ({
    label, kind: 'value',
    ...(label === preset ? { detail: t('default'), isPreselected: true } : {}),
    documentation: values.get(label) ?? '',
  }));
}

/** Numbers of cores, shares of them and sizes that the class allows or that people use. */
function amounts(place: ValuePlace): readonly Offer[] {
  const field = place.path.filter((step) => typeof step === 'string').slice(-2).join('.');
  const amount = (label: string, detail?: string): Offer => ({ label, kind: 'amount', ...(detail === undefined ? {} : { detail }) });
  const policies = policiesFor(place);
  const cores = numberAt(machineSpec(place), 'cpu.cores');
  const policy = policies && cores !== undefined ? policyFor(policies, cores) : undefined;
  switch (field) {
    case 'cpu.cores':
      return steps.filter((count) => !policies || policies.length === 0 || policyFor(policies, count)).map((count) => amount(String(count), topologyText(count)));
    case 'cpu.coreFraction':
      return (policy && policy.fractions.length > 0 ? policy.fractions : ['5%', '10%', '20%', '25%', '50%', '100%']).map((share) => amount(share));
    case 'memory.size':
      return memorySizes.filter((gib) => !policy || fits(BigInt(gib) << 30n, policy.memory) && fits((BigInt(gib) << 30n) / BigInt(cores ?? 1), policy.perCore)).map((gib) => amount(`${gib}Gi`));
    case 'persistentVolumeClaim.size':
      return [10, 20, 50, 100, 200, 500].map((gib) => amount(`${gib}Gi`));
    default:
      return [];
  }
}

/** The counts that people take; every one of them can be laid out in sockets. */
const steps: readonly number[] = Array.from({ length: mostCores }, (_, index) => index + 1).filter((count) => topologyOf(count) && (count <= 8 || count % 2 === 0));
const memorySizes = [1, 2, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 256] as const;

function topologyText(count: number): string {
  const { sockets, coresPerSocket } = topologyOf(count) ?? { sockets: 1, coresPerSocket: count };
  return sockets === 1 ? t('1 socket') : t('{0} sockets × {1}', sockets, coresPerSocket);
}

function machineSpec({ value, kind }: ValuePlace): unknown {
  const root = value as { spec?: { virtualMachineTemplate?: { spec?: unknown } } } | null;
  return kind === 'VirtualMachinePool' ? root?.spec?.virtualMachineTemplate?.spec : root?.spec;
}

function policiesFor(place: ValuePlace): ReturnType<typeof policiesOf> | undefined {
  const name = stringAt(machineSpec(place), 'virtualMachineClassName');
  const { view, workspace } = place.request.surroundings;
  const machineClass = name === undefined ? undefined : view?.get('VirtualMachineClass', name) ?? workspace.named('VirtualMachineClass', name)[0]?.object;
  return machineClass ? policiesOf(machineClass) : undefined;
}

function fits(bytes: bigint, { min, max }: { readonly min: bigint | undefined; readonly max: bigint | undefined }): boolean {
  return (min === undefined || bytes >= min) && (max === undefined || bytes <= max);
}

/** JSON has its own spelling, and texts that YAML would read as something else need quotes. */
function quoted(offer: Offer, { cursor, schema }: ValuePlace): Offer {
  const { label } = offer;
  const isText = offer.insert === undefined && (schema?.type === 'string' || schema === undefined || schema['x-kubernetes-int-or-string'] === true);
  const needsQuotes = isText && (cursor.style === 'json' || /^(?:y|n|yes|no|on|off|true|false|null|~|[-+.]?\d[\d_.eE+-]*)$/i.test(label));
  const quote = /^["']/.exec(cursor.prefix)?.[0];
  const text = offer.insert ?? escapeSnippet(quote !== undefined && isText ? `${quote}${label}${quote}` : needsQuotes ? JSON.stringify(label) : label);
  return { ...offer, insert: cursor.needsBlank ? ` ${text}` : text };
}

