import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachinePool: Kind = {
  id: 'VirtualMachinePool',
  name: 'VirtualMachinePool',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinepools',
  shortNames: ['vmpool', 'vmpools'],
  namespaced: true,
  title: 'Pools',
  icon: 'layers',
  references: [],
  operations: ['object.delete'],
  phases: {},
  conditions: {},
};
