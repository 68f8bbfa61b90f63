import { timeOf } from './age';
import type { ClusterView } from './clusterView';
import type { KindId } from './kind';
import type { KubeObject } from './kubeObject';
import { isRecord } from './kubeObject';
import { isActive } from './operations/machineOperation';
import type { ObjectRef } from './treeNode';
import { listAt, stringAt } from './values';

/** How many operations that are over are shown with a machine. */
const endedOperations = 3;

/** What belongs to an object, in the order in which it is shown. From indexes only: the cost does not grow with the cluster. */
export function relatedTo(object: KubeObject, kind: string, view: ClusterView): readonly ObjectRef[] {
  return distinct(partsOf(object, kind, view).flatMap((part) => part()));
}

/** Whether anything belongs to an object. Asked for every row, so it looks no further than the first find. */
export function hasRelated(object: KubeObject, kind: string, view: ClusterView): boolean {
  return partsOf(object, kind, view).some((part) => part().length > 0);
}

type Part = () => readonly ObjectRef[];

function partsOf(object: KubeObject, kind: string, view: ClusterView): readonly Part[] {
  const { namespace } = object.metadata;
  switch (kind) {
    case 'VirtualMachine': return [
      () => devicesOf(object), () => referring('VirtualMachineBlockDeviceAttachment', object, kind, view), () => addressesOf(object),
      () => referring('VirtualMachineIPAddress', object, kind, view), () => referring('VirtualMachineMACAddress', object, kind, view), () => usbDevicesOf(object),
      () => newestFirst('VirtualMachineSnapshot', referrers('VirtualMachineSnapshot', object, kind, view)), () => operationsOf(object, view),
    ];
    case 'VirtualDisk': return [() => sourceOf(object), () => machinesOf(object), () => referring('VirtualDiskSnapshot', object, kind, view)];
    case 'VirtualImage':
    case 'ClusterVirtualImage': return [() => sourceOf(object), () => referring('VirtualMachine', object, kind, view), () => referring('VirtualDisk', object, kind, view)];
    case 'VirtualMachineSnapshot': return [
      () => named('VirtualMachine', object, 'spec.virtualMachineName'), () => diskSnapshotsOf(object),
      () => referring('VirtualMachineSnapshotOperation', object, kind, view), () => referring('VirtualMachineRestore', object, kind, view),
    ];
    case 'VirtualDiskSnapshot': return [() => named('VirtualDisk', object, 'spec.virtualDiskName'), () => referring('VirtualDisk', object, kind, view)];
    case 'VirtualMachineBlockDeviceAttachment': return [() => deviceRefs(listOf(object, 'spec.blockDeviceRef'), namespace), () => named('VirtualMachine', object, 'spec.virtualMachineName')];
    case 'VirtualMachineIPAddress':
    case 'VirtualMachineMACAddress': return [() => named('VirtualMachine', object, 'status.virtualMachineName')];
    case 'VirtualMachineOperation': return [() => named('VirtualMachine', object, 'spec.virtualMachineName')];
    case 'VirtualMachineSnapshotOperation':
    case 'VirtualMachineRestore': return [() => named('VirtualMachineSnapshot', object, 'spec.virtualMachineSnapshotName')];
    case 'VirtualMachinePool': return [() => referring('VirtualMachine', object, kind, view)];
    default: return [];
  }
}

/** Disks and images of a machine: those it asks for, then those that it has besides. */
export function devicesOf(machine: KubeObject): readonly ObjectRef[] {
  return distinct(deviceRefs([...listAt(machine, 'spec.blockDeviceRefs'), ...listAt(machine, 'status.blockDeviceRefs')], machine.metadata.namespace));
}

/** The operation that works on a machine now, the newest if there are several. */
export function activeOperationOf(machine: KubeObject, view: ClusterView): KubeObject | undefined {
  const known = view.referring('VirtualMachineOperation', 'VirtualMachine', machine.metadata.name, machine.metadata.namespace) ?? [];
  return [...known].filter(isActive).sort(byAge)[0];
}

function operationsOf(machine: KubeObject, view: ClusterView): readonly ObjectRef[] {
  const known = [...view.referring('VirtualMachineOperation', 'VirtualMachine', machine.metadata.name, machine.metadata.namespace) ?? []].sort(byAge);
  return refsOf('VirtualMachineOperation', [...known.filter(isActive), ...known.filter((operation) => !isActive(operation)).slice(0, endedOperations)]);
}

function addressesOf(machine: KubeObject): readonly ObjectRef[] {
  const networks = [...listAt(machine, 'spec.networks'), ...listAt(machine, 'status.networks')];
  return [
    ...named('VirtualMachineIPAddress', machine, 'status.virtualMachineIPAddressName'),
    ...named('VirtualMachineIPAddress', machine, 'spec.virtualMachineIPAddressName'),
    ...networks.flatMap((network) => named('VirtualMachineMACAddress', machine, 'virtualMachineMACAddressName', network)),
  ];
}

function usbDevicesOf(machine: KubeObject): readonly ObjectRef[] {
  return listAt(machine, 'spec.usbDevices').flatMap((device) => named('USBDevice', machine, 'name', device));
}

function machinesOf(disk: KubeObject): readonly ObjectRef[] {
  return listAt(disk, 'status.attachedToVirtualMachines').flatMap((machine) => named('VirtualMachine', disk, 'name', machine));
}

function diskSnapshotsOf({ metadata, status }: KubeObject): readonly ObjectRef[] {
  return listAt(status, 'virtualDiskSnapshotNames').flatMap((name) => (typeof name === 'string' ? [{ kind: 'VirtualDiskSnapshot', name, namespace: metadata.namespace }] : []));
}

function sourceOf(object: KubeObject): readonly ObjectRef[] {
  return deviceRefs(listOf(object, 'spec.dataSource.objectRef'), object.metadata.namespace);
}

function listOf(object: KubeObject, dotted: string): readonly unknown[] {
  return stringAt(object, `${dotted}.name`) === undefined ? [] : [dotted.split('.').reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), object)];
}

/** Entries of the form `{kind, name, namespace?}`; cluster images have no namespace. */
function deviceRefs(entries: readonly unknown[], namespace: string | undefined): readonly ObjectRef[] {
  return entries.flatMap((entry) => {
    const kind = stringAt(entry, 'kind');
    const name = stringAt(entry, 'name');
    return kind === undefined || name === undefined ? [] : [{ kind, name, namespace: kind === 'ClusterVirtualImage' ? undefined : stringAt(entry, 'namespace') ?? namespace }];
  });
}

function named(kind: KindId, { metadata, ...object }: KubeObject, dotted: string, at: unknown = object): readonly ObjectRef[] {
  const name = stringAt(at, dotted);
  return name === undefined ? [] : [{ kind, name, namespace: metadata.namespace }];
}

function referring(from: KindId, object: KubeObject, kind: KindId, view: ClusterView): readonly ObjectRef[] {
  return refsOf(from, referrers(from, object, kind, view));
}

function referrers(from: KindId, { metadata }: KubeObject, kind: KindId, view: ClusterView): readonly KubeObject[] | undefined {
  return view.referring(from, kind, metadata.name, metadata.namespace);
}

function refsOf(kind: KindId, objects: readonly KubeObject[] = []): readonly ObjectRef[] {
  return objects.map(({ metadata }) => ({ kind, name: metadata.name, namespace: metadata.namespace }));
}

function newestFirst(kind: KindId, objects: readonly KubeObject[] = []): readonly ObjectRef[] {
  return refsOf(kind, [...objects].sort(byAge));
}

function byAge(a: KubeObject, b: KubeObject): number {
  return (timeOf(b.metadata.creationTimestamp) ?? 0) - (timeOf(a.metadata.creationTimestamp) ?? 0);
}

function distinct(refs: readonly ObjectRef[]): readonly ObjectRef[] {
  return [...new Map(refs.map((ref) => [`${ref.kind} ${ref.namespace ?? ''}/${ref.name}`, ref])).values()];
}
