import { clusterVirtualImage } from './clusterVirtualImage';
import { nodeUSBDevice } from './nodeUSBDevice';
import { usbDevice } from './usbDevice';
import { virtualDisk } from './virtualDisk';
import { virtualDiskSnapshot } from './virtualDiskSnapshot';
import { virtualImage } from './virtualImage';
import { virtualMachine } from './virtualMachine';
import { virtualMachineBlockDeviceAttachment } from './virtualMachineBlockDeviceAttachment';
import { virtualMachineClass } from './virtualMachineClass';
import { virtualMachineIPAddress } from './virtualMachineIPAddress';
import { virtualMachineIPAddressLease } from './virtualMachineIPAddressLease';
import { virtualMachineMACAddress } from './virtualMachineMACAddress';
import { virtualMachineMACAddressLease } from './virtualMachineMACAddressLease';
import { virtualMachineOperation } from './virtualMachineOperation';
import { virtualMachinePool } from './virtualMachinePool';
import { virtualMachineRestore } from './virtualMachineRestore';
import { virtualMachineSnapshot } from './virtualMachineSnapshot';
import { virtualMachineSnapshotOperation } from './virtualMachineSnapshotOperation';
import type { Kind, KindId, KindName } from '../kind';
import { companions } from './companions';

/** The only list of the platform's kinds. The order is the order of the tree. */
export const kinds: Readonly<Record<KindName, Kind>> = {
  VirtualMachine: virtualMachine,
  VirtualDisk: virtualDisk,
  VirtualImage: virtualImage,
  ClusterVirtualImage: clusterVirtualImage,
  VirtualMachineOperation: virtualMachineOperation,
  VirtualMachineSnapshot: virtualMachineSnapshot,
  VirtualDiskSnapshot: virtualDiskSnapshot,
  VirtualMachineSnapshotOperation: virtualMachineSnapshotOperation,
  VirtualMachineRestore: virtualMachineRestore,
  VirtualMachineBlockDeviceAttachment: virtualMachineBlockDeviceAttachment,
  VirtualMachineIPAddress: virtualMachineIPAddress,
  VirtualMachineIPAddressLease: virtualMachineIPAddressLease,
  VirtualMachineMACAddress: virtualMachineMACAddress,
  VirtualMachineMACAddressLease: virtualMachineMACAddressLease,
  VirtualMachineClass: virtualMachineClass,
  VirtualMachinePool: virtualMachinePool,
  USBDevice: usbDevice,
  NodeUSBDevice: nodeUSBDevice,
};

const known: ReadonlyMap<string, Kind> = new Map(Object.entries({ ...kinds, ...companions }));

/** The descriptor of a known kind; `undefined` for one that only discovery knows. */
export function knownKind(id: KindId): Kind | undefined {
  return known.get(id);
}

/** The id of a kind by its group and name: bare for known kinds, `Kind.group` for others. */
export function kindId(group: string, name: string): KindId {
  return knownKind(name)?.group === group ? name : `${name}.${group}`;
}

/** The group of an `apiVersion`, `''` for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}
