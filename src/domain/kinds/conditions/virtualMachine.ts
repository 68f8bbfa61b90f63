import type { ConditionHelp } from '../../kind';
import { text } from '../../text';
import { machineRuntimeConditions } from './machineRuntime';

/** What a machine needs before it can start; causes first, so that the first bad one is the one to fix. */
const needs: Readonly<Record<string, ConditionHelp>> = {
  VirtualMachineClassReady: {
    good: 'True',
    meaning: text('The class of the machine can be used.'),
    reasons: {
      VirtualMachineClassReady: { meaning: text('The class of the machine is ready.') },
      VirtualMachineClassNotReady: {
        meaning: text('The class of the machine is missing, being deleted, or has no suitable nodes.'),
        next: text('Open the class and look at its conditions, or name another class in "virtualMachineClassName".'),
        brief: text('class is not ready'), health: 'warning',
      },
    },
  },
  SizingPolicyMatched: {
    good: 'absent',
    meaning: text('Cores and memory do not fit the sizing policies of the class.'),
    reasons: {
      SizingPolicyNotMatched: {
        meaning: text('No sizing policy of the class allows these cores and this memory. A running machine goes on, but its specification cannot be changed and it cannot start again.'),
        next: text('Change cores, core fraction or memory to what the class allows, or choose another class.'),
        brief: text('size does not fit class'), health: 'warning',
      },
      VirtualMachineClassNotFound: {
        meaning: text('The class does not exist, so nobody can say whether the size fits.'),
        next: text('Name an existing class in "virtualMachineClassName".'),
        brief: text('class does not exist'), health: 'warning',
      },
      VirtualMachineClassTerminating: {
        meaning: text('The class is being deleted. A running machine goes on; once stopped it does not start again.'),
        next: text('Choose another class before you restart the machine.'),
        brief: text('class is being deleted'), health: 'warning',
      },
    },
  },
  BlockDevicesReady: {
    good: 'True',
    meaning: text('All disks and images of the machine can be used.'),
    reasons: {
      BlockDevicesReady: { meaning: text('All disks and images of the machine are ready.') },
      BlockDevicesNotReady: {
        meaning: text('A disk or image is missing, not ready, being deleted, or used elsewhere.'),
        next: text('Look at the disks below the machine: the one that is not ready says why.'),
        brief: text('disks are not ready'), health: 'warning',
      },
      WaitingForWaitForFirstConsumerBlockDevicesToBeReady: {
        meaning: text('A disk is created only when the first machine that uses it starts.'),
        next: text('Start the machine. If it runs already, attach the disk with a VirtualMachineBlockDeviceAttachment: through the specification it would wait for ever.'),
        brief: text('disk waits for the start'),
      },
      BlockDeviceLimitExceeded: {
        meaning: text('The machine has more disks and images than the 16 that are possible, attachments included.'),
        next: text('Remove a disk or an attachment.'),
        brief: text('too many disks'), health: 'warning',
      },
    },
  },
  ProvisioningReady: {
    good: 'True',
    meaning: text('The first-boot configuration of the guest can be used.'),
    reasons: {
      ProvisioningReady: { meaning: text('The first-boot configuration can be used, or there is none.') },
      ProvisioningReadyWithWarnings: {
        meaning: text('The machine starts, but the cloud-init text does not look right.'),
        next: text('Check the cloud-init text; the guest may ignore it.'),
        brief: text('cloud-init looks wrong'), health: 'warning',
      },
      ProvisioningNotReady: {
        meaning: text('The first-boot configuration is empty, or its Secret is missing, has the wrong type or lacks its key.'),
        next: text('Correct "spec.provisioning" or the Secret that it names.'),
        brief: text('first-boot data not usable'), health: 'warning',
      },
    },
  },
  VirtualMachineIPAddressReady: {
    good: 'True',
    meaning: text('The machine has its address in the main network.'),
    reasons: {
      VirtualMachineIPAddressReady: { meaning: text('The machine has its address, or needs none.') },
      VirtualMachineIPAddressNotReady: {
        meaning: text('The address object is missing, being made, not bound yet, or used by another machine.'),
        next: text('Look at the address below the machine, or name another one in "virtualMachineIPAddressName".'),
        brief: text('address is not ready'), health: 'warning',
      },
      VirtualMachineIPAddressNotAvailable: {
        meaning: text('The address cannot be taken.'),
        next: text('Choose another address or free this one.'),
        brief: text('address is taken'), health: 'warning',
      },
      VirtualMachineIPAddressNotAssigned: {
        meaning: text('The guest does not report the address on its network interface.'),
        next: text('Check the network settings inside the guest. If the address was changed, restart the machine.'),
        brief: text('guest lacks its address'), health: 'warning',
      },
    },
  },
  VirtualMachineMACAddressReady: {
    good: 'True',
    meaning: text('The machine has the hardware addresses of its network interfaces.'),
    reasons: {
      VirtualMachineMACAddressReady: { meaning: text('The machine has its hardware addresses, or needs none of its own.') },
      VirtualMachineMACAddressNotReady: {
        meaning: text('A hardware address is still being made or bound.'),
        next: text('Wait a moment; if it lasts, look at the MAC addresses of the namespace.'),
        brief: text('MAC address not ready'), health: 'warning',
      },
      VirtualMachineMACAddressNotAvailable: {
        meaning: text('A hardware address is used by another machine.'),
        next: text('Choose another MAC address or free this one.'),
        brief: text('MAC address is taken'), health: 'warning',
      },
    },
  },
  NetworkReady: {
    good: 'True',
    meaning: text('The additional networks of the machine can be used.'),
    reasons: {
      NetworkReady: { meaning: text('All additional networks are connected.') },
      NetworkNotReady: { meaning: text('An additional network is not connected yet.'), next: text('Look at the network that the machine names.'), brief: text('network is not ready'), health: 'warning' },
      SDNModuleDisabled: {
        meaning: text('Additional networks need the platform\'s SDN module, which is off. The machine cannot start.'),
        next: text('Enable the module "sdn" or remove the additional networks.'),
        brief: text('SDN module is off'), health: 'warning',
      },
    },
  },
  GPUClassReady: {
    good: 'True',
    meaning: text('The GPU class of the machine can be used.'),
    reasons: {
      GPUClassReady: { meaning: text('The GPU class is ready.') },
      GPUClassNotFound: { meaning: text('The GPU class does not exist.'), next: text('Name an existing GPU class.'), brief: text('GPU class does not exist'), health: 'warning' },
      GPUClassNotReady: { meaning: text('The GPU class is not ready.'), next: text('Ask the administrator of the cluster.'), brief: text('GPU class is not ready'), health: 'warning' },
    },
  },
};

/** Conditions of machines, in the order in which a person should read what is wrong. */
export const virtualMachineConditions: Readonly<Record<string, ConditionHelp>> = { ...needs, ...machineRuntimeConditions };
