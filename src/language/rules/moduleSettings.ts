import { parseQuantity } from '../../domain/quantity';
import { listAt, stringAt, valueAt } from '../../domain/values';
import { goQuote } from '../goText';
import { quantityError } from '../quantityText';
import type { AdmissionRule, Facts, Outcome, Situation } from '../rule';
import { isAddress, leasedAddress, overlaps, rangeOf } from './ranges';

const rangesField = 'spec.settings.virtualMachineCIDRs';
const rangesPath = rangesField.split('.');

/** Ranges for the addresses of machines: readable, apart from each other and from what the cluster itself uses. */
export const moduleRanges: AdmissionRule = {
  code: 'platform/module-ranges',
  *check(situation): Iterable<Outcome> {
    const ranges = rangesIn(situation.object);
    for (const [index, text] of ranges.entries()) {
      const path = [...rangesPath, index];
      const mistake = mistakeIn(text);
      const other = ranges.slice(0, index).find((each) => isOverlapping(each, text));
      if (mistake !== undefined) {
        yield { deny: `failed to parse CIDR ${text}: netip.ParsePrefix(${goQuote(text)}): ${mistake}`, path };
      } else if (other !== undefined) {
        yield { deny: `subnet ${text} is invalid: should not overlap with subnet ${other}. Please adjust the configuration to resolve this issue`, path };
      }
      for (const [name, taken] of takenBy(situation.facts)) {
        if (isOverlapping(text, taken)) {
          yield { deny: `check overlap with global ${name}: subnet ${text} is invalid: should not overlap with subnet ${taken}. Please adjust the configuration to resolve this issue`, path };
          break;
        }
      }
    }
  },
};

/** A range goes while machines hold addresses in it. One that a wider range replaces has not gone. */
export const moduleRangeInUse: AdmissionRule = {
  code: 'platform/module-range-in-use',
  *check({ object, before, facts }) {
    const ranges = rangesIn(object);
    for (const gone of before ? rangesIn(before).filter((text) => !ranges.includes(text)) : []) {
      const lease = facts.list('VirtualMachineIPAddressLease')?.find(({ metadata: { name } }) => holds(gone, name) && !ranges.some((range) => holds(range, name)));
      if (lease) {
        yield { deny: `virtualMachineCIDRs item "${gone}" can't be removed: VirtualMachineIPAddressLease/${lease.metadata.name} holds IP address from this network`, path: rangesPath };
      }
    }
  },
};

export const registrySize: AdmissionRule = {
  code: 'platform/registry-size',
  *check({ object }) {
    const field = 'spec.settings.dvcr.storage.persistentVolumeClaim.size';
    const size = valueAt(object, field);
    if (typeof size === 'string' && parseQuantity(size) === undefined) {
      yield { deny: quantityError, path: field.split('.') };
    }
  },
};

/** The platform keeps a profile for every storage class. */
export const moduleImageClass: AdmissionRule = {
  code: 'platform/module-image-class',
  *check({ object, facts }) {
    const field = 'spec.settings.virtualImages.defaultStorageClassName';
    const name = stringAt(object, field) ?? '';
    const profile = name === '' ? undefined : facts.get('StorageProfile.storage.virtualization.deckhouse.io', name);
    if (profile === null || (name !== '' && profile === undefined && facts.get('StorageClass', name) === null)) {
      yield { deny: `StorageProfile.storage.virtualization.deckhouse.io "${name}" not found`, path: field.split('.'), code: 404 };
    }
  },
};

function rangesIn(object: Situation['object']): readonly string[] {
  return listAt(object, rangesField).filter((range) => typeof range === 'string');
}

/** In Go's words; `undefined` where a range can be read. */
function mistakeIn(text: string): string | undefined {
  const slash = text.lastIndexOf('/');
  const [address, bits] = [text.slice(0, slash), text.slice(slash + 1)];
  if (slash < 0) {
    return "no '/'";
  }
  if (!isAddress(address)) {
    return `ParseAddr(${goQuote(address)}): unable to parse IP`;
  }
  if (!/^(?:0|[1-9]\d*)$/.test(bits)) {
    return `bad bits after slash: ${goQuote(bits)}`;
  }
  return Number(bits) > (address.includes(':') ? 128 : 32) ? 'prefix length out of range' : undefined;
}

/** What addresses the cluster gives to others. Without its configuration the nodes tell where the Pods on them are, and from Kubernetes 1.33 on the ranges of Services are objects. */
function takenBy(facts: Facts): readonly (readonly [name: string, range: string])[] {
  const { settings } = facts;
  const ofNodes = settings.podRange === undefined ? (facts.list('Node') ?? []).flatMap((node) => stringAt(node, 'spec.podCIDR') ?? []) : [settings.podRange];
  const ofServices = settings.serviceRange === undefined ? (facts.list('ServiceCIDR') ?? []).flatMap((object) => listAt(object, 'spec.cidrs').filter((range) => typeof range === 'string')) : [settings.serviceRange];
  return [...ofNodes.map((range) => ['podSubnetCIDR', range] as const), ...ofServices.map((range) => ['serviceSubnetCIDR', range] as const)];
}

function isOverlapping(a: string, b: string): boolean {
  const [one, other] = [rangeOf(a), rangeOf(b)];
  return one !== undefined && other !== undefined && overlaps(one, other);
}

/** Whether the address of a lease is in a range. */
function holds(text: string, lease: string): boolean {
  const [range, address] = [rangeOf(text), leasedAddress(lease)];
  return range !== undefined && address !== undefined && address >= range.first && address <= range.last;
}
