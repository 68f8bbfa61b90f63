import { phaseOf, type KubeObject } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { addressUidLabel, deviceKey, devicesOf, machineUidLabel } from './indexes';
import type { Known } from './known';
import { isDraining } from './lower/nodes';
import { refOf, uidOf, type Ref } from './objects';

/**
 * The objects of other kinds that have to be looked at after one changed (`old` → `object`; deleted when `object` is
 * absent). Only what a controller reads may be a reason, so that steady traffic wakes nobody.
 */
export function* dependentsOf(object: KubeObject | undefined, old: KubeObject | undefined, known: Known): Iterable<Ref> {
  const one = object ?? old;
  if (!one) {
    return;
  }
  const { namespace = '', name } = one.metadata;
  const key = `${namespace}/${name}`;
  switch (one.kind) {
    case 'VirtualMachine':
      for (const machine of old && object ? [old, object] : [one]) {
        for (const device of devicesOf(machine)) {
          yield { kind: device.kind, name: device.name, ...(device.kind === 'ClusterVirtualImage' ? {} : { namespace }) };
        }
      }
      yield* refs(known.by(`operation of machine:${key}`), (operation) => !isFinal(operation));
      yield* refs(known.by(`attachment of machine:${key}`));
      yield* refs(known.by(`address of machine:${uidOf(one)}`));
      yield* named('VirtualMachineIPAddress', stringAt(one, 'spec.virtualMachineIPAddressName'), namespace);
      // Only a class that is to go asks who uses it.
      if (known.get('VirtualMachineClass', stringAt(one, 'spec.virtualMachineClassName') ?? '')?.metadata.deletionTimestamp) {
        yield* named('VirtualMachineClass', stringAt(one, 'spec.virtualMachineClassName'));
      }
      break;
    case 'VirtualDisk':
    case 'VirtualImage':
    case 'ClusterVirtualImage':
      yield* refs(known.by(`machine of device:${deviceKey(one.kind, name, namespace)}`));
      yield* refs(known.by(`disk from image:${deviceKey(one.kind, name, namespace)}`));
      yield* refs(known.by(`attachment of device:${deviceKey(one.kind, name, namespace)}`));
      break;
    case 'VirtualMachineBlockDeviceAttachment':
      yield* named('VirtualMachine', stringAt(one, 'spec.virtualMachineName'), namespace);
      if (stringAt(one, 'spec.blockDeviceRef.kind') === 'VirtualDisk') {
        yield* named('VirtualDisk', stringAt(one, 'spec.blockDeviceRef.name'), namespace);
      }
      break;
    case 'VirtualMachineClass':
      if (!object || !old || phaseOf(object) !== phaseOf(old) || object.metadata.generation !== old.metadata.generation) {
        yield* refs(known.by(`machine of class:${name}`));
      }
      break;
    case 'VirtualMachineOperation': {
      const machine = stringAt(one, 'spec.virtualMachineName') ?? '';
      yield { kind: 'VirtualMachine', name: machine, namespace };
      yield* refs(known.by(`operation of machine:${namespace}/${machine}`), (operation) => !isFinal(operation));
      break;
    }
    case 'VirtualMachineIPAddress': {
      const uid = one.metadata.labels?.[machineUidLabel];
      yield* refs(uid ? known.by(`uid:${uid}`) : []);
      yield* refs(known.by(`machine of address:${key}`));
      yield* refs(known.by(`lease of address:${uidOf(one)}`));
      break;
    }
    case 'VirtualMachineIPAddressLease': {
      const address = one.metadata.labels?.[addressUidLabel] ?? old?.metadata.labels?.[addressUidLabel];
      const ref = stringAt(one, 'spec.virtualMachineIPAddressRef.name');
      if (address && ref) {
        yield* named('VirtualMachineIPAddress', ref, stringAt(one, 'spec.virtualMachineIPAddressRef.namespace'));
      }
      break;
    }
    case 'Secret':
      yield* refs(known.by(`machine of secret:${key}`));
      break;
    case 'Node':
      if (!object || !old) {
        yield* refs(known.all('VirtualMachineClass'));
      }
      if (isDraining(object) !== isDraining(old)) {
        yield* refs(known.by(`machine on node:${name}`));
      }
      break;
    default:
  }
}

function* refs(objects: Iterable<KubeObject>, wanted: (object: KubeObject) => boolean = () => true): Iterable<Ref> {
  for (const object of objects) {
    if (wanted(object)) {
      yield refOf(object);
    }
  }
}

function* named(kind: string, name: string | undefined, namespace?: string): Iterable<Ref> {
  if (name !== undefined) {
    yield { kind, name, ...(namespace === undefined ? {} : { namespace }) };
  }
}

/** An operation that has ended stays as it is. */
export function isFinal(operation: KubeObject): boolean {
  return ['Completed', 'Failed', 'Superseded'].includes(phaseOf(operation) ?? '');
}

