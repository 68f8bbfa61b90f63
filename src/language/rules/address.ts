import { stringAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule, Facts, Outcome, Situation } from '../rule';
import { isAddress, isIpv4, rangeOf, toNumber } from './ranges';

const addressPath = ['spec', 'staticIP'];

export const addressText: AdmissionRule = {
  code: 'platform/address',
  *check({ object, before }) {
    const start = before ? 'error validating VirtualMachineIP update: ' : 'the VirtualMachineIPAddress validation is failed: ';
    const [type, address, name] = [stringAt(object, 'spec.type') ?? '', stringAt(object, 'spec.staticIP') ?? '', stringAt(object, 'metadata.name') ?? ''];
    if (type !== 'Static' && type !== 'Auto') {
      yield { deny: `${start}invalid type for VirtualMachineIP: ${type}. Type must be either 'Static' or 'Auto'`, path: ['spec', 'type'] };
    } else if (type === 'Auto' && address !== '') {
      yield { deny: `${start}the VirtualMachineIPAddress cannot be created: The 'Static IP' field is set for the ${name} IP address with the 'Auto' type`, path: addressPath };
    } else if (type === 'Static' && address === '') {
      yield { deny: `${start}the 'Static IP' field should be set for the IP address with the 'Static' type`, path: addressPath };
    } else if (address !== '' && !isAddress(address)) {
      yield { deny: `${start}the specified static IP address "${address}" is not a valid textual representation of an IP address`, path: addressPath };
    }
  },
};

/** Module 0.17: one text for every bad address, and an automatic one may get an address on update. */
export const addressTextOld: AdmissionRule = {
  code: 'platform/address',
  *check({ object, before }) {
    const start = `error validating VirtualMachineIP ${before ? 'update' : 'creation'}: `;
    const [type, address, name] = [stringAt(object, 'spec.type') ?? '', stringAt(object, 'spec.staticIP') ?? '', stringAt(object, 'metadata.name') ?? ''];
    if (before && isBound(before) && stringAt(before, 'spec.type') === 'Auto' && type === 'Static') {
      return;
    }
    if (type !== 'Static' && type !== 'Auto') {
      yield { deny: `${start}invalid type for VirtualMachineIP: ${type}. Type must be either 'Static' or 'Auto'`, path: ['spec', 'type'] };
    } else if (type === 'Auto') {
      if (address !== '' && !before) {
        yield { deny: `VirtualMachineIPAddress cannot be created: The 'Static IP' field is set for the ${name} IP address with the 'Auto' type`, path: addressPath };
      }
    } else if (!isAddress(address)) {
      yield { deny: `${start}the VirtualMachineIP address is not a valid textual representation of an IP address`, path: addressPath };
    }
  },
};

export const addressRange: AdmissionRule = {
  code: 'platform/address-range',
  *check(situation) {
    const { object, before } = situation;
    const address = newAddress(situation);
    if (address === undefined || !isOutside(address, situation.facts)) {
      return;
    }
    if (!before) {
      yield { deny: `the requested address ${address} is out of the valid range`, path: addressPath };
    } else if (!isBound(before) && stringAt(object, 'spec.type') === 'Static') {
      yield { warn: `The requested address ${address} is out of the valid range`, path: addressPath };
    }
  },
};

export const addressRangeOld: AdmissionRule = {
  code: 'platform/address-range',
  *check(situation) {
    const address = situation.before ? undefined : newAddress(situation);
    if (address !== undefined && isOutside(address, situation.facts)) {
      yield { warn: `The requested address ${address} is out of the valid range`, path: addressPath };
    }
  },
};

export const addressTaken: AdmissionRule = {
  code: 'platform/address-taken',
  *check(situation) {
    const address = newAddress(situation);
    if (address !== undefined && holderOf(address, situation.facts)) {
      yield { deny: `the VirtualMachineIPAddress cannot be created: the specified IP address ${address} has already been allocated and has not been released`, path: addressPath };
    }
  },
};

export const addressTakenOld: AdmissionRule = {
  code: 'platform/address-taken',
  *check(situation) {
    const address = situation.before ? undefined : newAddress(situation);
    const lease = address === undefined ? undefined : holderOf(address, situation.facts);
    if (lease) {
      const holder = stringAt(lease, 'spec.virtualMachineIPAddressRef.name') ?? '';
      const exists = situation.facts.get('VirtualMachineIPAddress', holder, stringAt(lease, 'spec.virtualMachineIPAddressRef.namespace'));
      yield {
        deny: `VirtualMachineIPAddress cannot be created: the IP address ${address ?? ''} has already been allocated by VirtualMachineIPAddress/${exists === null ? '' : holder} in ns/${stringAt(lease, 'spec.virtualMachineIPAddressRef.namespace') ?? ''}`,
        path: addressPath,
      };
    }
  },
};

export const boundAddressFrozen: AdmissionRule = {
  code: 'platform/bound-address-frozen',
  *check({ object, before }): Iterable<Outcome> {
    if (!before || !isBound(before)) {
      return;
    }
    const [oldType, type] = [stringAt(before, 'spec.type'), stringAt(object, 'spec.type')];
    const [old, address] = [stringAt(before, 'spec.staticIP') ?? '', stringAt(object, 'spec.staticIP') ?? ''];
    const current = stringAt(before, 'status.address') ?? '';
    if (oldType === 'Auto' && type === 'Static') {
      if (address !== current) {
        yield { deny: `only type change Auto->Static is allowed: can't change current IP ${current} to the specified ${address}`, path: addressPath };
      }
    } else if (oldType !== type) {
      yield { deny: "the VirtualMachineIPAddress is in 'Bound' state -> type cannot be changed", path: ['spec', 'type'] };
    } else if (type === 'Static' && old !== address) {
      yield { deny: "the VirtualMachineIPAddress is in 'Bound' state -> static IP cannot be changed", path: addressPath };
    }
  },
};

export const leaseName = leaseRule('the VirtualMachineIpAddressLease address is not a valid textual representation of an IP address');
export const leaseNameOld = leaseRule('the lease address is not a valid textual representation of an IP address');

function leaseRule(words: string): AdmissionRule {
  return {
    code: 'platform/lease-name',
    *check({ object, before }) {
      const name = stringAt(object, 'metadata.name') ?? '';
      if (!before && !(name.startsWith('ip-') && isIpv4(name.slice(3).replaceAll('-', '.')))) {
        yield { deny: words, path: ['metadata', 'name'] };
      }
    },
  };
}

function newAddress({ object, before }: Situation): string | undefined {
  const address = stringAt(object, 'spec.staticIP');
  return address !== undefined && isAddress(address) && address !== stringAt(before, 'spec.staticIP') ? address : undefined;
}

function isBound(address: JsonObject): boolean {
  return stringAt(address, 'status.phase') === 'Bound';
}

function holderOf(address: string, facts: Facts): unknown {
  const lease = facts.get('VirtualMachineIPAddressLease', `ip-${address.replaceAll('.', '-')}`);
  return lease && stringAt(lease, 'status.phase') !== 'Released' ? lease : undefined;
}

/** Outside every range; the first and the last address of a range are not given to machines. False while the ranges are not known. */
function isOutside(address: string, facts: Facts): boolean {
  const ranges = facts.settings.addressRanges;
  const value = toNumber(address);
  return ranges !== undefined && !ranges.some((text) => {
    const range = rangeOf(text);
    return value !== undefined && range !== undefined && value > range.first && value < range.last;
  });
}
