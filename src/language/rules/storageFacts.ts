import type { KubeObject } from '../../domain/kubeObject';
import { listAt, stringAt } from '../../domain/values';
import type { Facts } from '../rule';

/** The cluster's default storage class; `null` when there is none, `undefined` while that is not known. */
export function defaultClass(facts: Facts, ofModule: string | undefined): string | null | undefined {
  if (ofModule !== '') {
    return ofModule;
  }
  const classes = facts.list('StorageClass');
  const chosen = classes?.filter((each) => each.metadata.annotations?.['storageclass.kubernetes.io/is-default-class'] === 'true')
    .sort((a, b) => (b.metadata.creationTimestamp ?? '').localeCompare(a.metadata.creationTimestamp ?? ''))[0];
  return classes && (chosen?.metadata.name ?? null);
}

/** Made by the module that the platform no longer supports for machines. */
export function isDeprecatedClass(storageClass: KubeObject): boolean {
  return storageClass.metadata.labels?.['module'] === 'local-path-provisioner';
}

/** The platform's own words. */
export function deprecatedClassText(name: string): string {
  return `the provisioner of the "${name}" storage class is deprecated; please use a different one`;
}

/** `undefined`: there is no such storage class, or nobody knows. */
export function provisionerOf(name: string | null | undefined, facts: Facts): string | undefined {
  const storageClass = name ? facts.get('StorageClass', name) : undefined;
  return storageClass && typeof storageClass['provisioner'] === 'string' ? storageClass['provisioner'] : undefined;
}

/** The driver that holds the data of a disk's snapshot. */
export function snapshotProvisioner(name: string, namespace: string | undefined, facts: Facts): string | undefined {
  const snapshot = facts.get('VirtualDiskSnapshot', name, namespace);
  const volumeSnapshot = facts.get('VolumeSnapshot.snapshot.storage.k8s.io', stringAt(snapshot, 'status.volumeSnapshotName') ?? '', namespace);
  const claim = facts.get('PersistentVolumeClaim', stringAt(volumeSnapshot, 'spec.source.persistentVolumeClaimName') ?? '', namespace);
  return claim?.metadata.annotations?.['volume.kubernetes.io/storage-provisioner'] ?? provisionerOf(stringAt(claim, 'spec.storageClassName'), facts);
}

/** Whether the condition `Ready` of an object is true. */
export function isReady(object: unknown): boolean {
  return listAt(object, 'status.conditions').some((condition) => stringAt(condition, 'type') === 'Ready' && stringAt(condition, 'status') === 'True');
}
