import { stringAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule, Facts, Outcome } from '../rule';
import { isUnchanged } from './unchanged';
import { defaultClass, deprecatedClassText, isDeprecatedClass, isReady, provisionerOf, snapshotProvisioner } from './storageFacts';

const classPath = ['spec', 'persistentVolumeClaim', 'storageClassName'];

/** A source in a volume of another driver than the one that the image goes to. */
export const imageDriver: AdmissionRule = {
  code: 'platform/image-driver',
  *check({ object, before, facts }) {
    const storage = stringAt(object, 'spec.storage');
    const target = classOf(object) ?? defaultClass(facts, facts.settings.defaultImageClass);
    const [provisioner, source] = [provisionerOf(target, facts), sourceProvisioner(object, facts)];
    if (!before && storage !== 'ContainerRegistry' && provisioner !== undefined && source !== undefined && provisioner !== source) {
      yield { deny: `virtual image storage class "${target ?? ''}" provisioner "${provisioner}" does not match the source provisioner "${source}": source type with different provisioners is not supported yet`, path: classPath };
    }
  },
};

export const oldImageStorage: AdmissionRule = {
  code: 'platform/old-image-storage',
  *check({ object, before }) {
    if (!before && stringAt(object, 'spec.storage') === 'Kubernetes') {
      yield { warn: "Using the 'Kubernetes' storage type is deprecated. It is recommended to use 'PersistentVolumeClaim' instead.", path: ['spec', 'storage'] };
    }
  },
};

export const imageClass: AdmissionRule = {
  code: 'platform/image-storage-class',
  *check({ object, before, facts }): Iterable<Outcome> {
    const storage = stringAt(object, 'spec.storage');
    const name = classOf(object);
    const isPending = before && stringAt(before, 'status.phase') === 'Pending' && classOf(before) !== name;
    if (storage === 'ContainerRegistry' || (!before && storage === 'Kubernetes') || (before && !isPending)) {
      return;
    }
    const storageClass = name === undefined ? undefined : facts.get('StorageClass', name);
    if (storageClass === null) {
      yield { deny: before ? `target storage class "${name ?? ''}" not found` : `storage class "${name ?? ''}" ${sourceProvisioner(object, facts) === undefined ? 'not found' : 'was not found'}`, path: classPath };
    } else if (storageClass && isDeprecatedClass(storageClass)) {
      yield { deny: deprecatedClassText(storageClass.metadata.name), path: classPath };
    } else if (!before && name === undefined && defaultClass(facts, facts.settings.defaultImageClass) === null) {
      yield { deny: 'the default storage class was not found in either the cluster or the module settings; please specify a storage class name explicitly in the spec', path: classPath };
    }
  },
};

export const imageFrozen: AdmissionRule = {
  code: 'platform/image-frozen',
  *check(situation): Iterable<Outcome> {
    const { object, before } = situation;
    const phase = stringAt(before, 'status.phase') ?? '';
    if (!before || isUnchanged(situation, 'spec')) {
      return;
    }
    if (phase === 'Terminating') {
      yield { deny: 'spec cannot be changed if the VirtualImage is the process of termination', path: ['spec'] };
    } else if (['Ready', 'ImageLost', 'PVCLost'].includes(phase) || isReady(before)) {
      if (!isUnchanged(situation, 'spec.dataSource')) {
        yield { deny: 'data source cannot be changed if the VirtualImage has already been provisioned', path: ['spec', 'dataSource'] };
      }
      if (classOf(before) !== classOf(object)) {
        yield { deny: 'storage class cannot be changed if the VirtualImage has already been provisioned', path: classPath };
      }
    }
  },
};

export const clusterImageFrozen: AdmissionRule = {
  code: 'platform/image-frozen',
  *check(situation) {
    if (situation.before && stringAt(situation.before, 'status.phase') === 'Ready' && !isUnchanged(situation, 'spec')) {
      yield { deny: 'ClusterVirtualImage is in a Ready state: configuration changes are not available', path: ['spec'] };
    }
  },
};

function classOf(object: JsonObject): string | undefined {
  return stringAt(object, 'spec.persistentVolumeClaim.storageClassName');
}

function sourceProvisioner(object: JsonObject, facts: Facts): string | undefined {
  const [kind, name, namespace] = [stringAt(object, 'spec.dataSource.objectRef.kind'), stringAt(object, 'spec.dataSource.objectRef.name') ?? '', stringAt(object, 'metadata.namespace')];
  switch (kind) {
    case 'VirtualDisk':
      return provisionerOf(stringAt(facts.get('VirtualDisk', name, namespace), 'status.storageClassName'), facts);
    case 'VirtualImage':
      return provisionerOf(stringAt(facts.get('VirtualImage', name, namespace), 'status.storageClassName'), facts);
    case 'VirtualDiskSnapshot':
      return snapshotProvisioner(name, namespace, facts);
    case undefined:
    default:
      return undefined;
  }
}
