import type { Controller } from '../controller';
import { virtualDisk } from './virtualDisk';
import { clusterVirtualImage, virtualImage } from './virtualImage';
import { virtualMachine } from './virtualMachine';
import { virtualMachineBlockDeviceAttachment } from './virtualMachineBlockDeviceAttachment';
import { virtualMachineClass } from './virtualMachineClass';
import { virtualMachineIPAddress } from './virtualMachineIPAddress';
import { virtualMachineIPAddressLease } from './virtualMachineIPAddressLease';
import { virtualMachineOperation } from './virtualMachineOperation';

/** Every controller; a kind that is not here is left as it is. */
export const controllers: readonly Controller[] = [
  virtualMachineClass, clusterVirtualImage, virtualImage, virtualDisk, virtualMachineIPAddressLease, virtualMachineIPAddress, virtualMachine, virtualMachineBlockDeviceAttachment, virtualMachineOperation,
];
