import type { KubeObject } from '../../domain/kubeObject';
import { stringAt } from '../../domain/values';
import type { JsonObject } from '../prune';
import type { AdmissionRule } from '../rule';
import { deviceLimitText, devicesOf, largestDeviceCount } from './machineDevices';

export const diskAttachedTwice: AdmissionRule = {
  code: 'platform/disk-attached-twice',
  *check({ object, before, facts }) {
    const [kind, disk, namespace] = [stringAt(object, 'spec.blockDeviceRef.kind'), stringAt(object, 'spec.blockDeviceRef.name') ?? '', stringAt(object, 'metadata.namespace')];
    if (before || kind !== 'VirtualDisk') {
      return;
    }
    const name = stringAt(object, 'metadata.name') ?? '';
    const other = facts.list('VirtualMachineBlockDeviceAttachment', namespace)?.find((each) => each.metadata.name !== name
      && stringAt(each, 'spec.blockDeviceRef.kind') === kind && stringAt(each, 'spec.blockDeviceRef.name') === disk && blocks(each, name, facts.settings.nowMs));
    if (other) {
      yield {
        deny: `another VirtualMachineBlockDeviceAttachment ${namespace ?? ''}/${other.metadata.name} already exists with the same block device ${disk} for hot-plugging`,
        path: ['spec', 'blockDeviceRef', 'name'],
      };
    }
  },
};

export const attachmentOverLimit: AdmissionRule = {
  code: 'platform/too-many-devices',
  *check({ object, before, facts }) {
    const [machineName, namespace] = [stringAt(object, 'spec.virtualMachineName') ?? '', stringAt(object, 'metadata.namespace')];
    const machine = facts.get('VirtualMachine', machineName, namespace);
    const attachments = facts.list('VirtualMachineBlockDeviceAttachment', namespace);
    if (before || !machine || !attachments) {
      return;
    }
    const others = attachments.filter((each) => stringAt(each, 'spec.virtualMachineName') === machineName && each.metadata.name !== stringAt(object, 'metadata.name'));
    const count = devicesOf(machine as unknown as JsonObject).length + others.length;
    if (count >= largestDeviceCount) {
      yield { deny: deviceLimitText(machineName, count), path: ['spec', 'virtualMachineName'] };
    }
  },
};

/** An attachment under way always blocks; one that has failed or not begun only when it is older, by whole seconds and then by name. */
function blocks(other: KubeObject, name: string, nowMs: number | undefined): boolean {
  const phase = stringAt(other, 'status.phase');
  if (phase !== undefined && phase !== 'Failed') {
    return true;
  }
  const created = Math.floor(Date.parse(other.metadata.creationTimestamp ?? '') / 1000);
  const now = nowMs === undefined ? undefined : Math.floor(nowMs / 1000);
  return now === undefined || Number.isNaN(created) || created < now || (created === now && other.metadata.name < name);
}
