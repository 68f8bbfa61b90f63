import type { KubeApi, Resource } from '../../../src/cluster/api';
import { ClusterError } from '../../../src/cluster/errors';
import { knownKind } from '../../../src/domain/kinds/index';

export type Module = '1.10' | '0.17';

/** What the platform half watches, in the order in which it is listed: what others refer to comes first. */
const watched = [
  'Node', 'StorageClass', 'PersistentVolumeClaim', 'Secret', 'VirtualMachineClass', 'ClusterVirtualImage', 'VirtualImage', 'VirtualDisk',
  'VirtualDiskSnapshot', 'VirtualMachineIPAddressLease', 'VirtualMachineIPAddress', 'VirtualMachine', 'VirtualMachineBlockDeviceAttachment', 'VirtualMachineOperation',
] as const;

/** Kinds of the layers below, and the module's settings, that only admission asks for; most clusters serve but some of them. */
const below: ReadonlyMap<string, Resource> = new Map([
  ['PersistentVolume', { group: '', version: 'v1', plural: 'persistentvolumes', namespaced: false }],
  ['VolumeSnapshot', { group: 'snapshot.storage.k8s.io', version: 'v1', plural: 'volumesnapshots', namespaced: true }],
  ['VirtualMachineInstance', { group: 'kubevirt.io', version: 'v1', plural: 'virtualmachineinstances', namespaced: true }],
  ['ModuleConfig', { group: 'deckhouse.io', version: 'v1alpha1', plural: 'moduleconfigs', namespaced: false }],
  ['ClusterNetwork', { group: 'network.deckhouse.io', version: 'v1alpha1', plural: 'clusternetworks', namespaced: false }],
  ['Network', { group: 'network.deckhouse.io', version: 'v1alpha1', plural: 'networks', namespaced: true }],
]);

/** The kinds that the platform half watches, with the version it reads and writes. */
export function watchedResources(module: Module): ReadonlyMap<string, Resource> {
  return new Map(watched.map((kind) => [kind, resourceOf(kind, module)]));
}

/** Those kinds of the layers below that the cluster serves. */
export async function servedBelow(api: KubeApi): Promise<ReadonlyMap<string, Resource>> {
  const isServed = await Promise.all([...below.values()].map((resource) => api.listPage(resource, { limit: 1 }).then(() => true, isNotServed)));
  return new Map([...below].filter((_, index) => isServed[index]));
}

export function resourceOf(kind: string, module: Module): Resource {
  const known = knownKind(kind);
  if (!known) {
    throw new Error(`The platform half does not know the kind ${kind}.`);
  }
  const version = kind === 'VirtualMachineClass' ? (module === '1.10' ? 'v1alpha3' : 'v1alpha2') : known.versions[0] ?? 'v1';
  return { group: known.group, version, plural: known.plural, namespaced: known.namespaced };
}

function isNotServed(error: unknown): false {
  if (!(error instanceof ClusterError && error.reason === 'notServed')) {
    throw error;
  }
  return false;
}
