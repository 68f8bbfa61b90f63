import { listAt, stringAt, valueAt } from '../../domain/values';
import type { AdmissionRule } from '../rule';

const path = ['spec', 'type'];

export const migrateTargetEdition: AdmissionRule = {
  code: 'platform/migration-target',
  *check({ object, before, facts }) {
    if (!before && facts.settings.edition === 'CE' && valueAt(object, 'spec.migrate.nodeSelector') !== undefined) {
      yield { deny: 'the `nodeSelector` field is not available in the Community Edition version', path: ['spec', 'migrate', 'nodeSelector'] };
    }
  },
};

export const migrationOfLocalDisks: AdmissionRule = {
  code: 'platform/migration-of-local-disks',
  *check({ object, before, facts }) {
    const [name, namespace] = [stringAt(object, 'spec.virtualMachineName') ?? '', stringAt(object, 'metadata.namespace')];
    if (before || !isMigration(stringAt(object, 'spec.type') ?? '') || facts.settings.edition !== 'CE') {
      return;
    }
    const machine = facts.get('VirtualMachine', name, namespace);
    if (machine === null) {
      yield { deny: `VirtualMachine.virtualization.deckhouse.io "${name}" not found`, code: 404, path: ['spec', 'virtualMachineName'] };
    }
    const claims = listAt(machine, 'status.blockDeviceRefs').filter((device) => stringAt(device, 'kind') === 'VirtualDisk').map((device) => {
      const disk = facts.get('VirtualDisk', stringAt(device, 'name') ?? '', namespace);
      return facts.get('PersistentVolumeClaim', stringAt(disk, 'status.target.persistentVolumeClaimName') ?? '', namespace);
    });
    if (claims.some((claim) => claim && !listAt(claim, 'spec.accessModes').includes('ReadWriteMany'))) {
      yield { deny: 'migration of virtual machines with local (RWO) virtual disks is available only in the Enterprise Edition (EE)', path };
    }
  },
};

export const operationUnderWay: AdmissionRule = {
  code: 'platform/operation-under-way',
  *check({ object, before, facts }) {
    const machine = stringAt(object, 'spec.virtualMachineName');
    const others = before ? [] : facts.list('VirtualMachineOperation', stringAt(object, 'metadata.namespace')) ?? [];
    const blocking = others.find((other) => other.metadata.name !== stringAt(object, 'metadata.name') && stringAt(other, 'spec.virtualMachineName') === machine
      && !['Completed', 'Failed', 'Superseded'].includes(stringAt(other, 'status.phase') ?? '') && !supersedes(object, other));
    if (blocking) {
      yield { deny: `VMOP cannot be executed now. Previously created operation "${blocking.metadata.name}" should finish first`, path };
    }
  },
};

export const deprecatedMigrate: AdmissionRule = {
  code: 'platform/deprecated-migrate',
  *check({ object, before }) {
    if (!before && stringAt(object, 'spec.type') === 'Migrate') {
      yield { warn: 'The Migrate type is deprecated, consider using Evict operation', path };
    }
  },
};

/** Which operations may take the place of one that is under way. */
function supersedes(next: unknown, active: unknown): boolean {
  const [type, other] = [stringAt(next, 'spec.type') ?? '', stringAt(active, 'spec.type') ?? ''];
  const isForced = valueAt(next, 'spec.force') === true;
  if (other === 'Start') {
    return type === 'Stop';
  }
  if (other === 'Stop' || other === 'Restart') {
    return valueAt(active, 'spec.force') !== true && isForced && (type === 'Stop' || type === 'Restart');
  }
  return isMigration(other) && (type === 'Stop' || type === 'Restart');
}

function isMigration(type: string): boolean {
  return type === 'Migrate' || type === 'Evict';
}
