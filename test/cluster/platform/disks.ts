import { phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { deviceOf } from './controllers/virtualMachineBlockDeviceAttachment';
import { devicesOf } from './indexes';
import type { Known } from './known';
import { uidOf } from './objects';
import { bytesOf } from './quantity';
import type { GuestDisk } from './lower/hypervisor';

/** Where an object does not tell its size. */
const unknownBytes = 64 * 2 ** 20;

/** The disks that a machine's spec names and those attached to it, or the one that an attachment names, as far as they exist. */
export function disksOf(object: KubeObject, known: Known): readonly GuestDisk[] {
  const { namespace = '', name } = object.metadata;
  if (object.kind === 'VirtualMachineBlockDeviceAttachment') {
    return [deviceOf(object)].flatMap(({ kind, name: disk }) => diskOf(kind, disk, namespace, known));
  }
  const attached = [...known.by(`attachment of machine:${namespace}/${name}`)].filter((attachment) => phaseOf(attachment) === 'Attached').map(deviceOf);
  return [...devicesOf(object), ...attached].flatMap((device) => diskOf(device.kind, device.name, namespace, known));
}

function diskOf(kind: string, name: string, namespace: string, known: Known): readonly GuestDisk[] {
  const object = known.get(kind, name, kind === 'ClusterVirtualImage' ? undefined : namespace);
  if (!object) {
    return [];
  }
  const isImage = kind !== 'VirtualDisk';
  const size = isImage ? stringAt(object, 'status.size.unpacked') : stringAt(object, 'status.capacity') ?? stringAt(object, 'spec.persistentVolumeClaim.size');
  return [{ id: uidOf(object), sizeBytes: Math.ceil(bytesOf(size) / 512) * 512 || unknownBytes, isReadOnly: isImage }];
}
