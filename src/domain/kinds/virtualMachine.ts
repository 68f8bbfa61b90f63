import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineConditions } from './conditions/virtualMachine';

export const virtualMachine: Kind = {
  id: 'VirtualMachine',
  name: 'VirtualMachine',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachines',
  shortNames: ['vm'],
  namespaced: true,
  title: text('Machines'),
  icon: 'vm',
  references: [
    { path: 'spec.blockDeviceRefs[].name', to: { field: 'kind', kinds: ['VirtualDisk', 'VirtualImage', 'ClusterVirtualImage'] } },
    { path: 'spec.virtualMachineClassName', to: 'VirtualMachineClass' },
    { path: 'spec.virtualMachineIPAddressName', to: 'VirtualMachineIPAddress' },
    { path: 'spec.networks[].virtualMachineMACAddressName', to: 'VirtualMachineMACAddress' },
    { path: 'spec.usbDevices[].name', to: 'USBDevice' },
    { path: 'spec.provisioning.userDataRef.name', to: 'Secret' },
    { path: 'spec.provisioning.sysprepRef.name', to: 'Secret' },
    { path: 'status.blockDeviceRefs[].name', to: { field: 'kind', kinds: ['VirtualDisk', 'VirtualImage', 'ClusterVirtualImage'] } },
    { path: 'status.virtualMachineIPAddressName', to: 'VirtualMachineIPAddress' },
    { path: 'status.networks[].virtualMachineMACAddressName', to: 'VirtualMachineMACAddress' },
    { path: 'status.nodeName', to: 'Node' },
    { path: 'metadata.ownerReferences[].name', to: { field: 'kind', kinds: ['VirtualMachinePool'] } },
  ],
  operations: ['vm.start', 'vm.stop', 'vm.restart', 'vm.forceStop', 'vm.forceRestart', 'vm.migrate', 'vm.migrateTo', 'vm.forceMigrate', 'vm.evict', 'object.delete'],
  phases: { Pending: 'busy', Starting: 'busy', Running: 'ok', Migrating: 'busy', Pause: 'off', Stopping: 'busy', Stopped: 'off', Degraded: 'failed', Terminating: 'busy' },
  conditions: virtualMachineConditions,
};
