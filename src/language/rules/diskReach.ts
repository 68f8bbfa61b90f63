import { isRecord, type KubeObject } from '../../domain/kubeObject';
import { listAt, stringAt, valueAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule, Facts } from '../rule';
import { devicesOf } from './machineDevices';

export const diskOutOfReach: AdmissionRule = {
  code: 'platform/disk-out-of-reach',
  *check({ object, before, facts }) {
    if (before && JSON.stringify(devicesOf(before)) === JSON.stringify(devicesOf(object))) {
      return;
    }
    const [name, namespace] = [stringAt(object, 'metadata.name') ?? '', stringAt(object, 'metadata.namespace')];
    const disks = devicesOf(object).filter(({ kind }) => kind === 'VirtualDisk');
    const where = nodeOfRunning(name, namespace, facts);
    const lost = where === undefined ? [] : disks.filter((disk) => !reaches(where, volumeOf(disk.name, namespace, facts)));
    if (where && lost.length > 0) {
      yield { deny: `unable to attach disks to VM "${name}": disks [${lost.map((disk) => `"${disk.name}"`).join(', ')}] are not available on node "${where.metadata.name}" where the VM is running`, path: ['spec', 'blockDeviceRefs'] };
    } else if (canRunNowhere(object, disks.map((disk) => disk.name), facts)) {
      yield { deny: `unable to ${before ? 'update' : 'create'} VM "${name}" due to a topology conflict. Ensure that all disks are accessible on the nodes in accordance with the VM node placement rules (node selector, affinity, tolerations)`, path: ['spec', 'blockDeviceRefs'] };
    }
  },
};

export const attachedDiskOutOfReach: AdmissionRule = {
  code: 'platform/disk-out-of-reach',
  *check({ object, facts }) {
    const [machineName, namespace] = [stringAt(object, 'spec.virtualMachineName') ?? '', stringAt(object, 'metadata.namespace')];
    const disk = stringAt(object, 'spec.blockDeviceRef.kind') === 'VirtualDisk' ? stringAt(object, 'spec.blockDeviceRef.name') : undefined;
    const machine = facts.get('VirtualMachine', machineName, namespace);
    if (disk === undefined || !machine) {
      return;
    }
    const path = ['spec', 'blockDeviceRef', 'name'];
    const nodeName = stringAt(machine, 'status.nodeName');
    const node = nodeName === undefined ? undefined : facts.get('Node', nodeName);
    if (node) {
      if (!reaches(node, volumeOf(disk, namespace, facts))) {
        yield { deny: `unable to attach disk to VM "${machineName}": the disk "${disk}" is not available on node "${node.metadata.name}" where the VM is running`, path };
      }
    } else if (canRunNowhere(machine as unknown as JsonObject, [disk], facts)) {
      yield { deny: `unable to attach disk to VM "${machineName}" due to a topology conflict. Ensure that disk "${disk}" is accessible on the nodes in accordance with the VM node placement rules (node selector, affinity, tolerations)`, path };
    }
  },
};

/** Whether local volumes of these disks leave no node that the machine may run on. False while nodes or volumes are not known. */
function canRunNowhere(machine: JsonObject, disks: readonly string[], facts: Facts): boolean {
  const nodes = facts.list('Node');
  if (!nodes) {
    return false;
  }
  const machineClass = facts.get('VirtualMachineClass', stringAt(machine, 'spec.virtualMachineClassName') ?? '');
  const volumes = disks.map((disk) => volumeOf(disk, stringAt(machine, 'metadata.namespace'), facts)).filter((volume) => volume !== undefined && hasAffinity(volume));
  if (!machineClass || volumes.length === 0) {
    return false;
  }
  return !nodes.some((node) => mayRun(machine, machineClass, node) && volumes.every((volume) => reaches(node, volume)));
}

function nodeOfRunning(name: string, namespace: string | undefined, facts: Facts): KubeObject | undefined {
  const instance = facts.get('VirtualMachineInstance.kubevirt.io', name, namespace);
  const node = instance ? stringAt(instance, 'status.nodeName') : undefined;
  return node === undefined ? undefined : facts.get('Node', node) ?? undefined;
}

function volumeOf(disk: string, namespace: string | undefined, facts: Facts): KubeObject | undefined {
  const claimName = stringAt(facts.get('VirtualDisk', disk, namespace), 'status.target.persistentVolumeClaimName');
  const claim = claimName === undefined ? undefined : facts.get('PersistentVolumeClaim', claimName, namespace);
  const volume = stringAt(claim, 'spec.volumeName');
  return volume === undefined ? undefined : facts.get('PersistentVolume.', volume) ?? undefined;
}

function hasAffinity(volume: KubeObject): boolean {
  return listAt(volume, 'spec.nodeAffinity.required.nodeSelectorTerms').length > 0;
}

function reaches(node: KubeObject, volume: KubeObject | undefined): boolean {
  const terms = listAt(volume, 'spec.nodeAffinity.required.nodeSelectorTerms');
  return terms.length === 0 || terms.some((term) => matchesTerm(node, term));
}

function mayRun(machine: JsonObject, machineClass: KubeObject, node: KubeObject): boolean {
  const required = listAt(machine, 'spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms');
  const tolerations = [...listAt(machine, 'spec.tolerations'), ...listAt(machineClass, 'spec.tolerations')];
  return hasLabels(node, valueAt(machine, 'spec.nodeSelector'))
    && hasLabels(node, valueAt(machineClass, 'spec.nodeSelector.matchLabels'))
    && listAt(machineClass, 'spec.nodeSelector.matchExpressions').every((expression) => matchesExpression(node.metadata.labels ?? {}, expression))
    && (required.length === 0 || required.some((term) => matchesTerm(node, term)))
    && listAt(node, 'spec.taints').every((taint) => stringAt(taint, 'effect') === 'PreferNoSchedule' || tolerations.some((toleration) => tolerates(toleration, taint)));
}

function hasLabels(node: KubeObject, labels: unknown): boolean {
  return !isRecord(labels) || Object.entries(labels).every(([key, value]) => node.metadata.labels?.[key] === value);
}

function matchesTerm(node: KubeObject, term: unknown): boolean {
  const expressions = listAt(term, 'matchExpressions');
  const fields = listAt(term, 'matchFields');
  // A term that asks for nothing matches no node.
  return expressions.length + fields.length > 0
    && expressions.every((expression) => matchesExpression(node.metadata.labels ?? {}, expression))
    && fields.every((field) => matchesExpression({ 'metadata.name': node.metadata.name }, field));
}

function matchesExpression(labels: Readonly<Record<string, string>>, expression: unknown): boolean {
  const value = labels[stringAt(expression, 'key') ?? ''];
  const values = listAt(expression, 'values');
  switch (stringAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
      return value !== undefined && Number(value) > Number(values[0]);
    case 'Lt':
      return value !== undefined && Number(value) < Number(values[0]);
    case undefined:
    default:
      return false;
  }
}

function tolerates(toleration: unknown, taint: unknown): boolean {
  const effect = stringAt(toleration, 'effect');
  const key = stringAt(toleration, 'key');
  const exists = stringAt(toleration, 'operator') === 'Exists';
  return (effect === undefined || effect === stringAt(taint, 'effect'))
    && (key === undefined ? exists : key === stringAt(taint, 'key'))
    && (exists || (stringAt(toleration, 'value') ?? '') === (stringAt(taint, 'value') ?? ''));
}
