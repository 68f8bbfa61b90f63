import { isRecord, type KubeObject } from '../../../src/domain/kubeObject';
import { listAt, stringAt } from '../../../src/domain/values';

/** Labels by which an address knows its machine and a lease its address. */
export const machineUidLabel = 'virtualization.deckhouse.io/virtual-machine-uid';
export const addressUidLabel = 'virtualization.deckhouse.io/virtual-machine-ip-address-uid';

/** What an object can be found by besides its name: the values of `Known.by`. */
export function indexValuesOf(object: KubeObject): readonly string[] {
  const namespace = object.metadata.namespace ?? '';
  switch (object.kind) {
    case 'VirtualMachine': {
      const address = stringAt(object, 'spec.virtualMachineIPAddressName');
      const secret = secretOf(object);
      return [
        ...devicesOf(object).map((device) => `machine of device:${deviceKey(device.kind, device.name, namespace)}`),
        `machine of class:${stringAt(object, 'spec.virtualMachineClassName') ?? ''}`,
        ...(address ? [`machine of address:${namespace}/${address}`] : []),
        ...(secret ? [`machine of secret:${namespace}/${secret}`] : []),
        `uid:${object.metadata.uid ?? ''}`,
        ...(stringAt(object, 'status.nodeName') ? [`machine on node:${stringAt(object, 'status.nodeName')}`] : []),
      ];
    }
    case 'VirtualMachineOperation':
      return [`operation of machine:${namespace}/${stringAt(object, 'spec.virtualMachineName') ?? ''}`];
    case 'VirtualMachineBlockDeviceAttachment':
      return [
        `attachment of machine:${namespace}/${stringAt(object, 'spec.virtualMachineName') ?? ''}`,
        `attachment of device:${deviceKey(stringAt(object, 'spec.blockDeviceRef.kind') ?? 'VirtualDisk', stringAt(object, 'spec.blockDeviceRef.name') ?? '', namespace)}`,
      ];
    case 'VirtualDisk': {
      const kind = stringAt(object, 'spec.dataSource.objectRef.kind');
      const name = stringAt(object, 'spec.dataSource.objectRef.name');
      const claim = stringAt(object, 'status.target.persistentVolumeClaimName');
      return [...(kind && name ? [`disk from image:${deviceKey(kind, name, namespace)}`] : []), ...(claim ? [`disk of claim:${namespace}/${claim}`] : [])];
    }
    case 'VirtualMachineIPAddress': {
      const machine = object.metadata.labels?.[machineUidLabel];
      return machine ? [`address of machine:${machine}`] : [];
    }
    case 'VirtualMachineIPAddressLease': {
      const address = object.metadata.labels?.[addressUidLabel];
      return [`lease of address:${address ?? ''}`];
    }
    default:
      return [];
  }
}

/** `kind/namespace/name` of a block device that a machine of `namespace` names. */
export function deviceKey(kind: string, name: string, namespace: string): string {
  return `${kind}/${kind === 'ClusterVirtualImage' ? '' : namespace}/${name}`;
}

export interface Device {
  readonly kind: string;
  readonly name: string;
}

/** The block devices of a machine's spec. */
export function devicesOf(machine: KubeObject): readonly Device[] {
  return listAt(machine, 'spec.blockDeviceRefs').flatMap((ref) =>
    isRecord(ref) && typeof ref['name'] === 'string' ? [{ kind: typeof ref['kind'] === 'string' ? ref['kind'] : 'VirtualDisk', name: ref['name'] }] : []);
}

/** The Secret with the provisioning data of a machine; `undefined` when it needs none. */
export function secretOf(machine: KubeObject): string | undefined {
  return stringAt(machine, 'spec.provisioning.userDataRef.name') ?? stringAt(machine, 'spec.provisioning.sysprepRef.name');
}
