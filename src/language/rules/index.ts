import type { AdmissionRule, ModuleGeneration } from '../rule';
import { addressRange, addressRangeOld, addressTaken, addressTakenOld, addressText, addressTextOld, boundAddressFrozen, leaseName, leaseNameOld } from './address';
import { attachmentOverLimit, diskAttachedTwice } from './attachment';
import { diskClass, diskClassFrozen, diskDriver, diskFromIso, diskShrinks, diskShrinksOld, diskSize, diskSourceFrozen, diskSourceFrozenOld, terminatingDiskFrozen } from './disk';
import { attachedDiskOutOfReach, diskOutOfReach } from './diskReach';
import { frozenRule } from './frozen';
import { clusterImageFrozen, imageClass, imageDriver, imageFrozen, oldImageStorage } from './image';
import { classFractions, defaultClassAnnotation, defaultFraction, overlappingPolicies } from './machineClass';
import { deviceAlreadyAttached, duplicateBootOrder, duplicateDevice, firstDeviceNotBootable, hotplugWithoutParavirtualization, tooManyDevices, usbDevices } from './machineDevices';
import { machineNameTooLong, reservedKey } from './machineMetadata';
import { addressWithOwnName, addressWithoutMainNetwork, invalidNetworks, missingNetwork, networkIdChanged, networksNeedSdn } from './machineNetworks';
import { coreCount, coreCountUnlimited, missingClass, sizingPolicy, sizingPolicyOld } from './machineSizing';
import { moduleImageClass, moduleRangeInUse, moduleRanges, registrySize } from './moduleSettings';
import { nameRule } from './names';
import { deprecatedMigrate, migrateTargetEdition, migrationOfLocalDisks, operationUnderWay } from './operation';
import { invalidAffinity, invalidSpread } from './placement';

/** A validating webhook of the platform: its name on the wire and its rules, in the order in which it asks them. */
export interface Webhook {
  readonly name: string;
  readonly rules: readonly AdmissionRule[];
}

const suffix = '.virtualization-controller.validate.d8-virtualization';

/** The only list of admission rules: webhooks by module and kind. Kinds that are not here are not looked at by the platform. */
export const webhooks: Readonly<Record<ModuleGeneration, Readonly<Record<string, Webhook>>>> = {
  '1.10': {
    VirtualMachine: {
      name: `vm${suffix}`,
      rules: [
        machineNameTooLong, reservedKey, addressWithoutMainNetwork, addressWithOwnName, duplicateDevice, duplicateBootOrder, hotplugWithoutParavirtualization,
        missingClass, sizingPolicy, tooManyDevices, invalidAffinity, invalidSpread, coreCount, networksNeedSdn, networkIdChanged, invalidNetworks, missingNetwork,
        firstDeviceNotBootable, usbDevices, deviceAlreadyAttached, diskOutOfReach,
      ],
    },
    VirtualDisk: {
      name: `vd${suffix}`,
      rules: [diskSize, diskShrinks, diskSourceFrozen, terminatingDiskFrozen, diskFromIso, nameRule({ kind: 'VirtualDisk' }), diskClass, diskDriver],
    },
    VirtualImage: { name: `vi${suffix}`, rules: [nameRule({ kind: 'VirtualImage' }), imageDriver, oldImageStorage, imageFrozen, imageClass] },
    ClusterVirtualImage: { name: `cvi${suffix}`, rules: [nameRule({ kind: 'ClusterVirtualImage' }), clusterImageFrozen] },
    VirtualMachineOperation: { name: `vmop${suffix}`, rules: [migrateTargetEdition, migrationOfLocalDisks, operationUnderWay] },
    VirtualMachineBlockDeviceAttachment: {
      name: `vmbda${suffix}`,
      rules: [frozenRule('VirtualMachineBlockDeviceAttachment'), diskAttachedTwice, attachmentOverLimit, attachedDiskOutOfReach],
    },
    VirtualMachineIPAddress: { name: `vmip${suffix}`, rules: [addressText, addressRange, addressTaken, boundAddressFrozen] },
    VirtualMachineIPAddressLease: { name: `vmipl${suffix}`, rules: [leaseName] },
    VirtualMachineClass: { name: `vmclass${suffix}`, rules: [classFractions, overlappingPolicies, defaultClassAnnotation, defaultFraction] },
    VirtualDiskSnapshot: { name: `vdsnapshot${suffix}`, rules: [frozenRule('VirtualDiskSnapshot')] },
    VirtualMachineSnapshot: { name: `vmsnapshot${suffix}`, rules: [frozenRule('VirtualMachineSnapshot')] },
    ModuleConfig: { name: `moduleconfig${suffix}`, rules: [moduleRanges, moduleRangeInUse, registrySize, moduleImageClass] },
  },
  '0.17': {
    VirtualMachine: {
      name: `vm${suffix}`,
      rules: [reservedKey, addressWithOwnName, duplicateDevice, missingClass, sizingPolicyOld, tooManyDevices, invalidAffinity, invalidSpread, coreCountUnlimited],
    },
    VirtualDisk: {
      name: `vd${suffix}`,
      rules: [diskSize, diskShrinksOld, diskSourceFrozenOld, terminatingDiskFrozen, diskFromIso, nameRule({ kind: 'VirtualDisk', longest: 60 }), diskClassFrozen],
    },
    VirtualImage: { name: `vi${suffix}`, rules: [nameRule({ kind: 'VirtualImage', longest: 49 }), oldImageStorage, imageFrozen] },
    ClusterVirtualImage: { name: `cvi${suffix}`, rules: [nameRule({ kind: 'ClusterVirtualImage', longest: 48 }), clusterImageFrozen] },
    VirtualMachineOperation: { name: `vmop${suffix}`, rules: [deprecatedMigrate] },
    VirtualMachineBlockDeviceAttachment: { name: `vmbda${suffix}`, rules: [frozenRule('VirtualMachineBlockDeviceAttachment'), diskAttachedTwice, attachmentOverLimit] },
    VirtualMachineIPAddress: { name: `vmip${suffix}`, rules: [addressTextOld, addressRangeOld, addressTakenOld, boundAddressFrozen] },
    VirtualMachineIPAddressLease: { name: `vmipl${suffix}`, rules: [leaseNameOld] },
    VirtualMachineClass: { name: `vmclass${suffix}`, rules: [overlappingPolicies] },
    VirtualDiskSnapshot: { name: `vdsnapshot${suffix}`, rules: [frozenRule('VirtualDiskSnapshot')] },
    VirtualMachineSnapshot: { name: `vmsnapshot${suffix}`, rules: [frozenRule('VirtualMachineSnapshot')] },
    VirtualMachineRestore: { name: `vmrestore${suffix}`, rules: [frozenRule('VirtualMachineRestore')] },
  },
};
