import type { ClusterView } from '../clusterView';
import { listAt, stringAt } from '../values';

/** The platform reads a disk's own wish first, then its storage class's (virtualization v1.10). */
const wish = 'virtualdisk.virtualization.deckhouse.io/access-mode';

/** How the volume of a disk may be used, e.g. `ReadWriteOnce`; `undefined`: neither its claim nor its storage class can be read, or they do not say. */
export function claimModes(name: string, namespace: string | undefined, view: ClusterView): readonly string[] | undefined {
  const disk = view.get('VirtualDisk', name, namespace);
  const claimName = stringAt(disk, 'status.target.persistentVolumeClaimName');
  const claim = claimName === undefined ? undefined : view.get('PersistentVolumeClaim', claimName, namespace);
  const modes = listAt(claim, 'spec.accessModes').filter((mode): mode is string => typeof mode === 'string');
  if (modes.length > 0) {
    return modes;
  }
  const className = stringAt(disk, 'status.storageClassName');
  const wished = disk?.metadata.annotations?.[wish] ?? (className === undefined ? undefined : view.get('StorageClass', className)?.metadata.annotations?.[wish]);
  return wished === undefined ? undefined : [wished];
}
