import type { Resource } from '../../../src/cluster/api';
import { knownKind } from '../../../src/domain/kinds/index';

export type Module = '1.10' | '0.17';

/** What the platform half watches, in the order in which it is listed: what others refer to comes first. */
const watched = [
  'Node', 'StorageClass', 'PersistentVolumeClaim', 'Secret', 'VirtualMachineClass', 'ClusterVirtualImage', 'VirtualImage', 'VirtualDisk',
  'VirtualMachineIPAddressLease', 'VirtualMachineIPAddress', 'VirtualMachine', 'VirtualMachineBlockDeviceAttachment', 'VirtualMachineOperation',
] as const;

/** The kinds that the platform half watches, with the version it reads and writes. */
export function watchedResources(module: Module): ReadonlyMap<string, Resource> {
  return new Map(watched.map((kind) => [kind, resourceOf(kind, module)]));
}

export function resourceOf(kind: string, module: Module): Resource {
  const known = knownKind(kind);
  if (!known) {
    throw new Error(`The platform half does not know the kind ${kind}.`);
  }
  const version = kind === 'VirtualMachineClass' ? (module === '1.10' ? 'v1alpha3' : 'v1alpha2') : known.versions[0] ?? 'v1';
  return { group: known.group, version, plural: known.plural, namespaced: known.namespaced };
}
