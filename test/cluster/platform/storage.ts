import type { KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import type { Known } from './known';

const accessMode = 'virtualdisk.virtualization.deckhouse.io/access-mode';
const isDefault = 'storageclass.kubernetes.io/is-default-class';

/** The storage class of a disk: the one it names, the one it has got, or the default one. */
export function storageClassOf(disk: KubeObject, known: Known): KubeObject | undefined {
  const name = stringAt(disk, 'spec.persistentVolumeClaim.storageClassName') ?? stringAt(disk, 'status.storageClassName');
  return name ? known.get('StorageClass', name) : [...known.all('StorageClass')].find((one) => one.metadata.annotations?.[isDefault] === 'true');
}

/** Whether only one node at a time can use a disk, as its own annotation or its storage class says. */
export function isLocal(disk: KubeObject, known: Known): boolean {
  const mode = disk.metadata.annotations?.[accessMode] ?? storageClassOf(disk, known)?.metadata.annotations?.[accessMode];
  return mode === 'ReadWriteOnce';
}

/** The claim of a disk, which nobody makes in an embedded cluster, as far as it matters to others. */
export function playedClaim(name: string, namespace: string | undefined, known: Known): KubeObject | undefined {
  const [disk] = known.by(`disk of claim:${namespace ?? ''}/${name}`);
  return disk && {
    apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec: { accessModes: [isLocal(disk, known) ? 'ReadWriteOnce' : 'ReadWriteMany'] },
  };
}
