import { parseQuantity, toUnits } from '../../domain/quantity';
import { stringAt, valueAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import { canonicalQuantity } from '../quantityText';
import type { AdmissionRule, Facts, Outcome } from '../rule';
import { isUnchanged } from './unchanged';
import { defaultClass, deprecatedClassText, isDeprecatedClass, isReady, provisionerOf, snapshotProvisioner } from './storageFacts';

const sizePath = ['spec', 'persistentVolumeClaim', 'size'];
const classPath = ['spec', 'persistentVolumeClaim', 'storageClassName'];
const sourcePath = ['spec', 'dataSource', 'objectRef', 'name'];

/** Sizes on creation: zero, missing without a source, below what the source needs. */
export const diskSize: AdmissionRule = {
  code: 'platform/disk-size',
  *check({ object, before, facts }): Iterable<Outcome> {
    if (before) {
      return;
    }
    const bytes = sizeOf(object);
    if (bytes === 0n) {
      yield { deny: 'virtual disk size must be greater than 0', path: sizePath };
    }
    if ((valueAt(object, 'spec.dataSource') ?? null) === null && bytes === undefined) {
      yield { deny: "if the data source is not specified, it's necessary to set spec.PersistentVolumeClaim.size to create blank virtual disk", path: ['spec'] };
    }
    const needed = sourceSize(object, facts);
    if (bytes !== undefined && needed !== undefined && bytes < needed) {
      const text = canonicalQuantity(valueAt(object, 'spec.persistentVolumeClaim.size')) ?? '';
      yield { warn: `The specified pvc size is insufficient: ${bytes}${text === String(bytes) ? '' : ` (${text})`} < ${needed}`, path: sizePath };
    }
  },
};

/** Phases in which a disk has no data yet, so that it may still become smaller. */
const shrinkable: Readonly<Record<'1.10' | '0.17', readonly string[]>> = { '1.10': ['Pending', 'Provisioning', 'WaitForFirstConsumer'], '0.17': ['Pending', 'Provisioning'] };

export const diskShrinks = shrinkRule('1.10');
export const diskShrinksOld = shrinkRule('0.17');

function shrinkRule(module: '1.10' | '0.17'): AdmissionRule {
  return {
    code: 'platform/disk-shrinks',
    *check({ object, before }) {
      const [old, size] = [sizeOf(before), sizeOf(object)];
      const phase = stringAt(before, 'status.phase') ?? '';
      if (!before || old === size) {
        return;
      }
      if (module === '1.10' && phase === 'Migrating') {
        yield { deny: 'spec.persistentVolumeClaim.size cannot be changed during migration. Please wait for the migration to finish', path: sizePath };
      }
      if (old === undefined || (shrinkable[module].includes(phase) && !isReady(before))) {
        return;
      }
      if (size === undefined) {
        yield { deny: 'spec.persistentVolumeClaim.size cannot be omitted once set', path: sizePath };
      } else if (size < old) {
        yield { deny: `spec.persistentVolumeClaim.size value (${canonicalQuantity(valueAt(object, 'spec.persistentVolumeClaim.size')) ?? ''}) should be greater than or equal to the current value (${canonicalQuantity(valueAt(before, 'spec.persistentVolumeClaim.size')) ?? ''})`, path: sizePath };
      }
    },
  };
}

export const diskSourceFrozen = frozenSource(['Ready', 'Migrating', 'PVCLost']);
export const diskSourceFrozenOld = frozenSource(['Ready']);

function frozenSource(phases: readonly string[]): AdmissionRule {
  return {
    code: 'platform/disk-source-frozen',
    *check({ object, before }) {
      const isFrozen = phases.includes(stringAt(before, 'status.phase') ?? '') || isReady(before);
      if (before && isFrozen && !isUnchanged({ object, before }, 'spec.dataSource')) {
        yield { deny: 'data source cannot be changed if the VirtualDisk has already been provisioned', path: ['spec', 'dataSource'] };
      }
    },
  };
}

export const terminatingDiskFrozen: AdmissionRule = {
  code: 'platform/terminating-frozen',
  *check(situation) {
    if (situation.before && stringAt(situation.before, 'status.phase') === 'Terminating' && !isUnchanged(situation, 'spec')) {
      yield { deny: 'spec cannot be changed if the VirtualDisk is the process of termination', path: ['spec'] };
    }
  },
};

export const diskFromIso: AdmissionRule = {
  code: 'platform/disk-from-iso',
  *check({ object, before, facts }) {
    const isNew = !isUnchanged({ object, before }, 'spec.dataSource');
    const image = isNew ? sourceOf(object, facts) : undefined;
    if (image && valueAt(image, 'status.cdrom') === true) {
      yield { warn: 'Creating a virtual disk from an ISO image is not supported: please use a virtual image or a cluster virtual image instead', path: sourcePath };
    }
  },
};

export const diskClass: AdmissionRule = {
  code: 'platform/disk-storage-class',
  *check({ object, before, facts }): Iterable<Outcome> {
    const name = classOf(object);
    const phase = stringAt(before, 'status.phase') ?? '';
    if (!before) {
      yield* classProblems(name, facts, '');
      return;
    }
    if (classNameOf(before) === classNameOf(object)) {
      return;
    }
    if (phase === 'Pending') {
      yield* classProblems(name, facts, 'target ');
    } else if (phase === 'Migrating') {
      const current = stringAt(before, 'status.storageClassName') ?? '';
      yield { deny: name === current ? 'storage class cannot be changed if the VirtualDisk not mounted to virtual machine' : `storage class can be changed during migration only to rollback to "${current}"`, path: classPath };
    } else if (classNameOf(object) !== undefined && facts.settings.edition === 'CE') {
      yield { deny: 'storage class cannot be changed if volume migration is not enabled (EDITION="CE")', path: classPath };
    }
  },
};

/** Module 0.17: the class is looked at once the disk is ready only. */
export const diskClassFrozen: AdmissionRule = {
  code: 'platform/disk-storage-class',
  *check({ object, before }) {
    if (before && (stringAt(before, 'status.phase') === 'Ready' || isReady(before)) && classNameOf(before) !== classNameOf(object)) {
      yield { deny: 'storage class cannot be changed if the VirtualDisk has already been provisioned', path: classPath };
    }
  },
};

export const diskDriver: AdmissionRule = {
  code: 'platform/disk-driver',
  *check({ object, before, facts }): Iterable<Outcome> {
    if (before) {
      return;
    }
    const target = classOf(object) ?? defaultClass(facts, facts.settings.defaultDiskClass);
    if (target === null) {
      yield { deny: `storage class for VirtualDisk "${stringAt(object, 'metadata.name') ?? ''}" cannot be determined`, path: classPath };
      return;
    }
    const provisioner = provisionerOf(target, facts);
    const [kind, name] = [stringAt(object, 'spec.dataSource.objectRef.kind'), stringAt(object, 'spec.dataSource.objectRef.name') ?? ''];
    if (provisioner === undefined || target === undefined) {
      return;
    }
    const image = kind === 'VirtualImage' ? sourceOf(object, facts) : undefined;
    const imageClass = image && ['PersistentVolumeClaim', 'Kubernetes'].includes(stringAt(image, 'spec.storage') ?? '') ? stringAt(image, 'status.storageClassName') : undefined;
    const imageProvisioner = provisionerOf(imageClass, facts);
    if (imageProvisioner !== undefined && imageProvisioner !== provisioner) {
      yield { deny: `virtual disk storage class "${target}" provisioner does not match virtual image storage class "${imageClass ?? ''}" provisioner: source type with different provisioners is not supported yet`, path: classPath };
    }
    const snapshotDriver = kind === 'VirtualDiskSnapshot' ? snapshotProvisioner(name, stringAt(object, 'metadata.namespace'), facts) : undefined;
    if (snapshotDriver !== undefined && snapshotDriver !== provisioner) {
      yield { deny: `virtual disk storage class "${target}" provisioner "${provisioner}" does not match the source VirtualDiskSnapshot "${name}" provisioner "${snapshotDriver}": creating a disk from a snapshot on a different CSI driver is not supported`, path: classPath };
    }
  },
};

function* classProblems(name: string | undefined, facts: Facts, prefix: string): Iterable<Outcome> {
  const storageClass = name === undefined ? undefined : facts.get('StorageClass', name);
  if (storageClass === null) {
    yield { deny: `${prefix}storage class "${name ?? ''}" not found`, path: classPath };
  } else if (storageClass && isDeprecatedClass(storageClass)) {
    yield { deny: deprecatedClassText(storageClass.metadata.name), path: classPath };
  }
}

function sizeOf(object: JsonObject | undefined): bigint | undefined {
  const size = valueAt(object, 'spec.persistentVolumeClaim.size');
  const quantity = size === undefined ? undefined : parseQuantity(size);
  return quantity && toUnits(quantity);
}

function classOf(object: JsonObject): string | undefined {
  return stringAt(object, 'spec.persistentVolumeClaim.storageClassName');
}

/** Unlike {@link classOf}, tells an empty text from no text at all. */
function classNameOf(object: JsonObject): unknown {
  return valueAt(object, 'spec.persistentVolumeClaim.storageClassName') ?? undefined;
}

/** The image that a disk is made of, when it is ready. */
function sourceOf(object: JsonObject, facts: Facts): unknown {
  const [kind, name] = [stringAt(object, 'spec.dataSource.objectRef.kind'), stringAt(object, 'spec.dataSource.objectRef.name') ?? ''];
  const image = kind === 'VirtualImage' ? facts.get(kind, name, stringAt(object, 'metadata.namespace')) : kind === 'ClusterVirtualImage' ? facts.get(kind, name) : undefined;
  return stringAt(image, 'status.phase') === 'Ready' ? image : undefined;
}

function sourceSize(object: JsonObject, facts: Facts): bigint | undefined {
  const image = sourceOf(object, facts);
  const namespace = stringAt(object, 'metadata.namespace');
  const isSnapshot = stringAt(object, 'spec.dataSource.objectRef.kind') === 'VirtualDiskSnapshot';
  const snapshot = isSnapshot ? facts.get('VirtualDiskSnapshot', stringAt(object, 'spec.dataSource.objectRef.name') ?? '', namespace) : undefined;
  const size = image ? valueAt(image, 'status.size.unpackedBytes')
    : valueAt(facts.get('VolumeSnapshot.snapshot.storage.k8s.io', stringAt(snapshot, 'status.volumeSnapshotName') ?? '', namespace), 'status.restoreSize');
  const quantity = size === undefined ? undefined : parseQuantity(size);
  return quantity && toUnits(quantity);
}
