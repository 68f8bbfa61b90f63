import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachinePoolConditions } from './conditions/virtualMachinePool';

export const virtualMachinePool: Kind = {
  id: 'VirtualMachinePool',
  name: 'VirtualMachinePool',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinepools',
  shortNames: ['vmpool', 'vmpools'],
  namespaced: true,
  title: text('Pools'),
  icon: 'layers',
  references: [
    { path: 'spec.virtualMachineTemplate.spec.virtualMachineClassName', to: 'VirtualMachineClass' },
    { path: 'spec.virtualMachineTemplate.spec.blockDeviceRefs[].name', to: { field: 'kind', kinds: ['VirtualImage', 'ClusterVirtualImage'] } },
    { path: 'spec.virtualMachineTemplate.spec.provisioning.userDataRef.name', to: 'Secret' },
    { path: 'spec.virtualMachineTemplate.spec.provisioning.sysprepRef.name', to: 'Secret' },
    { path: 'spec.virtualDiskTemplates[].spec.dataSource.objectRef.name', to: { field: 'kind', kinds: ['ClusterVirtualImage', 'VirtualImage', 'VirtualDiskSnapshot'] } },
    { path: 'spec.virtualDiskTemplates[].spec.persistentVolumeClaim.storageClassName', to: 'StorageClass' },
  ],
  operations: ['object.delete'],
  phases: {},
  conditions: virtualMachinePoolConditions,
};
