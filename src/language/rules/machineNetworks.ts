import { isRecord } from '../../domain/kubeObject';
import { listAt, numberAt, stringAt, valueAt, type Path } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule, Outcome } from '../rule';

/** Highest number of a network interface; virtualization v1.10. */
const highestId = 16383;

interface Network {
  readonly type: string;
  readonly name: string;
  readonly id: number | undefined;
  readonly path: Path;
}

export const addressWithoutMainNetwork: AdmissionRule = {
  code: 'platform/address-without-main-network',
  *check({ object }) {
    const networks = networksOf(object);
    if (stringAt(object, 'spec.virtualMachineIPAddressName') && networks.length > 0 && !networks.some(({ type }) => type === 'Main')) {
      yield { deny: 'spec.virtualMachineIPAddressName cannot be set without Main network type in spec.networks', path: ['spec', 'virtualMachineIPAddressName'] };
    }
  },
};

export const addressWithOwnName: AdmissionRule = {
  code: 'platform/address-with-own-name',
  *check({ object, before, facts }) {
    const name = stringAt(object, 'metadata.name');
    if (before || name === undefined || stringAt(object, 'spec.virtualMachineIPAddressName')) {
      return;
    }
    const address = facts.get('VirtualMachineIPAddress', name, stringAt(object, 'metadata.namespace'));
    if (address) {
      const ip = stringAt(address, 'status.address') ?? stringAt(address, 'spec.staticIP') ?? '';
      yield {
        deny: `VirtualMachineIPAddress with the name of the virtual machine already exists: set spec.virtualMachineIPAddress field to ${name} to use IP ${ip}`,
        path: ['spec', 'virtualMachineIPAddressName'],
      };
    }
  },
};

export const networksNeedSdn: AdmissionRule = {
  code: 'platform/networks-need-sdn',
  *check({ object, facts }) {
    const networks = networksOf(object);
    const isOnlyMain = networks.length === 1 && networks[0]?.type === 'Main';
    if (facts.settings.sdn === false && networks.length > 0 && !isOnlyMain) {
      yield { deny: 'network configuration requires SDN to be enabled', path: ['spec', 'networks'] };
    }
  },
};

export const networkIdChanged: AdmissionRule = {
  code: 'platform/network-id-changed',
  *check({ object, before }) {
    const phase = stringAt(before, 'status.phase') ?? '';
    if (!before || phase === 'Stopped') {
      return;
    }
    const old = new Map(networksOf(before).map((network) => [labelOf(network), network.id]));
    for (const network of networksOf(object)) {
      const id = old.get(labelOf(network));
      if (id !== undefined && network.id !== undefined && id !== network.id) {
        yield { deny: `cannot change network ID for network '${labelOf(network)}' while VM is in phase '${phase}' (only allowed when VM is stopped)`, path: [...network.path, 'id'] };
      }
    }
  },
};

export const invalidNetworks: AdmissionRule = {
  code: 'platform/invalid-networks',
  *check({ object }): Iterable<Outcome> {
    const names = new Set<string>();
    const ids = new Set<number>();
    for (const network of networksOf(object)) {
      const { type, name, id, path } = network;
      const isMain = type === 'Main';
      const label = labelOf(network);
      if (isMain && path.at(-1) !== 0) {
        yield { deny: 'the Main network must be first in spec.networks', path: [...path, 'type'] };
      }
      if (isMain && name !== '') {
        yield { deny: 'the Main network must not have a name', path: [...path, 'name'] };
      } else if (!isMain && name === '') {
        yield { deny: `network of type ${type} must have a name`, path };
      }
      if (names.has(label)) {
        yield { deny: `network ${label} is listed more than once in spec.networks`, path };
      }
      names.add(label);
      if (id === undefined) {
        continue;
      }
      if (ids.has(id)) {
        yield { deny: `network id ${id} is duplicated for network ${label}`, path: [...path, 'id'] };
      }
      ids.add(id);
      if (id < 1 || id > highestId) {
        yield { deny: `network id must be between 1 and ${highestId} for network ${label}, got ${id}`, path: [...path, 'id'] };
      }
      if (isMain && id !== 1) {
        yield { deny: `network id of network Main must be 1, got ${id}`, path: [...path, 'id'] };
      }
    }
  },
};

export const missingNetwork: AdmissionRule = {
  code: 'platform/missing-network',
  *check({ object, before, facts }) {
    const old = new Set(networksOf(before).map(labelOf));
    const namespace = stringAt(object, 'metadata.namespace');
    for (const network of before ? networksOf(object).filter((each) => !old.has(labelOf(each))) : []) {
      const { type, name, path } = network;
      if (type === 'ClusterNetwork' && facts.get('ClusterNetwork.network.deckhouse.io', name) === null) {
        yield { deny: `ClusterNetwork "${name}" referenced in spec.networks does not exist`, path: [...path, 'name'] };
      } else if (type === 'Network' && facts.get('Network.network.deckhouse.io', name, namespace) === null) {
        yield { deny: `network "${name}" referenced in spec.networks does not exist in namespace "${namespace ?? ''}"`, path: [...path, 'name'] };
      }
    }
  },
};

/** Gives networks without a number the one that the platform gives: 1 to Main, else the smallest free one from 2. Changes `object`. */
export function numberNetworks(object: JsonObject): void {
  const networks = listAt(object, 'spec.networks').filter((network) => isRecord(network)) as JsonObject[];
  const taken = new Set(networks.map((network) => network['id']));
  let next = 2;
  for (const network of networks) {
    if (typeof network['id'] === 'number') {
      continue;
    }
    if (network['type'] === 'Main') {
      network['id'] = 1;
      continue;
    }
    while (taken.has(next)) {
      next++;
    }
    network['id'] = next++;
  }
}

function networksOf(object: JsonObject | undefined): readonly Network[] {
  return Array.isArray(valueAt(object, 'spec.networks'))
    ? listAt(object, 'spec.networks').map((network, index) => ({
      type: stringAt(network, 'type') ?? '', name: stringAt(network, 'name') ?? '', id: numberAt(network, 'id'), path: ['spec', 'networks', index],
    })) : [];
}

function labelOf({ type, name }: Network): string {
  return type === 'Main' && name === '' ? 'Main' : `${type}/${name}`;
}
