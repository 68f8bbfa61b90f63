import { t } from '@vscode/l10n';
import { stringAt } from '../../domain/values';
import { leasedAddress, rangeOf, toNumber } from '../rules/ranges';
import type { Offer, ValuePlace } from './offer';

const mostOffered = 12;

/** Addresses that nobody has, the lowest of each range of the module first. Nothing while the ranges or the leases are not known. */
export function addressOffers({ kind, path, request: { surroundings: { view, workspace, settings } } }: ValuePlace): readonly Offer[] {
  const leases = kind === 'VirtualMachineIPAddress' && path.join('.') === 'spec.staticIP' ? view?.list('VirtualMachineIPAddressLease') : undefined;
  if (!leases) {
    return [];
  }
  const taken = new Set([
    ...leases.filter((lease) => stringAt(lease, 'status.phase') !== 'Released').flatMap(({ metadata }) => leasedAddress(metadata.name) ?? []),
    ...[...view?.list('VirtualMachineIPAddress') ?? [], ...workspace.list('VirtualMachineIPAddress').map(({ object }) => object)].flatMap((address) => [stringAt(address, 'spec.staticIP'), stringAt(address, 'status.address')])
      .flatMap((address) => toNumber(address ?? '') ?? []),
  ]);
  return (settings.addressRanges ?? []).flatMap((text) => {
    const range = rangeOf(text);
    const free: Offer[] = [];
    // The first and the last address of a range are not given to machines.
    for (let address = (range?.first ?? 0) + 1; range && address < range.last && free.length < mostOffered; address++) {
      if (!taken.has(address)) {
        free.push({ label: textOf(address), kind: 'amount', detail: t('free in {0}', text) });
      }
    }
    return free;
  });
}

function textOf(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}
