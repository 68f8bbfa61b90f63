import { timeOf } from './age';
import type { ClusterView } from './clusterView';
import type { KindId } from './kind';
import type { KubeObject } from './kubeObject';
import { isActive } from './operations/machineOperation';
import type { ObjectRef } from './treeNode';
import { listAt, stringAt, valueAt } from './values';

/** How many operations that are over are shown with a machine. */
const endedOperations = 3;

/** What belongs to an object, in the order in which it is shown. From indexes only: the cost does not grow with the cluster. */
export function relatedTo(object: KubeObject, kind: string, view: ClusterView): readonly ObjectRef[] {
  return distinct((parts[kind] ?? []).flatMap((part) => part(object, view)));
}

/** Whether anything belongs to an object. Asked for every row, so it looks no further than the first find. */
export function hasRelated(object: KubeObject, kind: string, view: ClusterView): boolean {
  return parts[kind]?.some((part) => part(object, view).length > 0) ?? false;
}

type Part = (object: KubeObject, view: ClusterView) => readonly ObjectRef[];

const parts: Readonly<Partial<Record<KindId, readonly Part[]>>> = {
  VirtualMachine: [
    wantedDevicesOf, presentDevicesOf, referring('VirtualMachineBlockDeviceAttachment'), addressesOf, referring('VirtualMachineIPAddress'), referring('VirtualMachineMACAddress'), usbDevicesOf,
    (machine, view) => newestFirst('VirtualMachineSnapshot', referrers('VirtualMachineSnapshot', machine, view)), operationsOf,
  ],
  VirtualDisk: [sourceOf, machinesOf, referring('VirtualDiskSnapshot')],
  VirtualImage: [sourceOf, referring('VirtualMachine'), referring('VirtualDisk')],
  ClusterVirtualImage: [sourceOf, referring('VirtualMachine'), referring('VirtualDisk')],
  VirtualMachineSnapshot: [named('VirtualMachine', 'spec.virtualMachineName'), diskSnapshotsOf, referring('VirtualMachineSnapshotOperation'), referring('VirtualMachineRestore')],
  VirtualDiskSnapshot: [named('VirtualDisk', 'spec.virtualDiskName'), referring('VirtualDisk')],
  VirtualMachineBlockDeviceAttachment: [({ spec, metadata }) => deviceRefs([valueAt(spec, 'blockDeviceRef')], metadata.namespace), named('VirtualMachine', 'spec.virtualMachineName')],
  VirtualMachineIPAddress: [named('VirtualMachine', 'status.virtualMachineName')],
  VirtualMachineMACAddress: [named('VirtualMachine', 'status.virtualMachineName')],
  VirtualMachineOperation: [named('VirtualMachine', 'spec.virtualMachineName')],
  VirtualMachineSnapshotOperation: [named('VirtualMachineSnapshot', 'spec.virtualMachineSnapshotName')],
  VirtualMachineRestore: [named('VirtualMachineSnapshot', 'spec.virtualMachineSnapshotName')],
  VirtualMachinePool: [referring('VirtualMachine')],
};

/** Disks and images of a machine: those it asks for, then those that it has besides. */
export function devicesOf(machine: KubeObject): readonly ObjectRef[] {
  return distinct([...wantedDevicesOf(machine), ...presentDevicesOf(machine)]);
}

function wantedDevicesOf(machine: KubeObject): readonly ObjectRef[] {
  return deviceRefs(listAt(machine, 'spec.blockDeviceRefs'), machine.metadata.namespace);
}

function presentDevicesOf(machine: KubeObject): readonly ObjectRef[] {
  return deviceRefs(listAt(machine, 'status.blockDeviceRefs'), machine.metadata.namespace);
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
    ...refsAt('VirtualMachineIPAddress', machine, [machine], 'status.virtualMachineIPAddressName'),
    ...refsAt('VirtualMachineIPAddress', machine, [machine], 'spec.virtualMachineIPAddressName'),
    ...refsAt('VirtualMachineMACAddress', machine, networks, 'virtualMachineMACAddressName'),
  ];
}

function usbDevicesOf(machine: KubeObject): readonly ObjectRef[] {
  return refsAt('USBDevice', machine, listAt(machine, 'spec.usbDevices'), 'name');
}

function machinesOf(disk: KubeObject): readonly ObjectRef[] {
  return refsAt('VirtualMachine', disk, listAt(disk, 'status.attachedToVirtualMachines'), 'name');
}

function diskSnapshotsOf({ metadata, status }: KubeObject): readonly ObjectRef[] {
  return listAt(status, 'virtualDiskSnapshotNames').flatMap((name) => (typeof name === 'string' ? [{ kind: 'VirtualDiskSnapshot', name, namespace: metadata.namespace }] : []));
}

function sourceOf({ spec, metadata }: KubeObject): readonly ObjectRef[] {
  return deviceRefs([valueAt(spec, 'dataSource.objectRef')], metadata.namespace);
}

/** Entries of the form `{kind, name, namespace?}`; cluster images have no namespace. */
function deviceRefs(entries: readonly unknown[], namespace: string | undefined): readonly ObjectRef[] {
  const refs: ObjectRef[] = [];
  for (const entry of entries) {
    const kind = stringAt(entry, 'kind');
    const name = stringAt(entry, 'name');
    if (kind !== undefined && name !== undefined) {
      refs.push({ kind, name, namespace: kind === 'ClusterVirtualImage' ? undefined : stringAt(entry, 'namespace') ?? namespace });
    }
  }
  return refs;
}

/** The one object that a field names. */
function named(kind: KindId, dotted: string): Part {
  return (object) => refsAt(kind, object, [object], dotted);
}

/** What a field of each holder names, in the namespace of the object. */
function refsAt(kind: KindId, { metadata }: KubeObject, holders: readonly unknown[], dotted: string): readonly ObjectRef[] {
  return holders.flatMap((holder) => {
    const name = stringAt(holder, dotted);
    return name === undefined ? [] : [{ kind, name, namespace: metadata.namespace }];
  });
}

function referring(from: KindId): Part {
  return (object, view) => refsOf(from, referrers(from, object, view));
}

function referrers(from: KindId, { kind, metadata }: KubeObject, view: ClusterView): readonly KubeObject[] | undefined {
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
