import type { Admission, Denial } from '../../../../src/language/apiServer';
import type { Facts } from '../../../../src/language/rule';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { isRecord } from '../../../../src/domain/kubeObject';
import { listAt, stringAt, valueAt } from '../../../../src/domain/values';
import { supersedes } from '../controllers/operationTables';
import { isFinal } from '../dependents';
import type { Module } from '../resources';

const webhook = 'vmop.virtualization-controller.validate.d8-virtualization';

/** Operations, Community Edition, in the order of the platform (facts 7.7): selector, local disks, one at a time. */
export function operationAdmission(facts: Facts, module: Module): Admission {
  return {
    validate: (json, before) => {
      const operation = json as unknown as KubeObject;
      if (before !== undefined) {
        return { warnings: [] };
      }
      if (module === '0.17') {
        return { warnings: stringAt(operation, 'spec.type') === 'Migrate' ? ['The Migrate type is deprecated, consider using Evict operation'] : [] };
      }
      const denial = selector(operation) ?? localDisks(operation, facts) ?? unfinished(operation, facts);
      return { warnings: [], ...(denial ? { denial } : {}) };
    },
  };
}

const deny = (message: string, path: Denial['path'], code: Denial['code'] = 403): Denial => ({ webhook, message, code, path });

/** OP-2: moving to chosen nodes is for the Enterprise Edition. */
function selector(operation: KubeObject): Denial | undefined {
  return valueAt(operation, 'spec.migrate.nodeSelector') === undefined ? undefined
    : deny('the `nodeSelector` field is not available in the Community Edition version', ['spec', 'migrate', 'nodeSelector']);
}

/** OP-7 and OP-3: a migration needs a machine, and one whose connected disks every node can reach. */
function localDisks(operation: KubeObject, facts: Facts): Denial | undefined {
  const type = stringAt(operation, 'spec.type');
  const name = stringAt(operation, 'spec.virtualMachineName') ?? '';
  const { namespace } = operation.metadata;
  if (type !== 'Migrate' && type !== 'Evict') {
    return undefined;
  }
  const machine = facts.get('VirtualMachine', name, namespace);
  if (machine === null) {
    return deny(`VirtualMachine.virtualization.deckhouse.io "${name}" not found`, ['spec', 'virtualMachineName'], 404);
  }
  const disks = listAt(machine, 'status.blockDeviceRefs').filter(isRecord).filter((ref) => ref['kind'] === 'VirtualDisk');
  const isLocal = disks.some((ref) => isLocalDisk(facts.get('VirtualDisk', String(ref['name']), namespace), facts));
  return isLocal ? deny('migration of virtual machines with local (RWO) virtual disks is available only in the Enterprise Edition (EE)', ['spec', 'type']) : undefined;
}

/** The storage class of a disk says who may reach its volume; the embedded cluster says it in an annotation. */
const accessModeAnnotation = 'embedded.dvp-tools/access-mode';

function isLocalDisk(disk: KubeObject | null | undefined, facts: Facts): boolean {
  const name = stringAt(disk, 'status.storageClassName');
  return name !== undefined && facts.get('StorageClass', name)?.metadata.annotations?.[accessModeAnnotation] === 'ReadWriteOnce';
}

/** OP-1: one operation of a machine at a time, unless the new one may take the old one's place. */
function unfinished(operation: KubeObject, facts: Facts): Denial | undefined {
  const name = stringAt(operation, 'spec.virtualMachineName');
  const active = facts.list('VirtualMachineOperation', operation.metadata.namespace)?.find((other) => stringAt(other, 'spec.virtualMachineName') === name && !isFinal(other));
  return active && !supersedes(operation, active)
    ? deny(`VMOP cannot be executed now. Previously created operation "${active.metadata.name}" should finish first`, ['spec']) : undefined;
}
