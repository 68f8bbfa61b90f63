import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineClassConditions } from './conditions/virtualMachineClass';

export const virtualMachineClass: Kind = {
  id: 'VirtualMachineClass',
  name: 'VirtualMachineClass',
  group: platformGroup,
  versions: ['v1alpha3', 'v1alpha2'],
  plural: 'virtualmachineclasses',
  shortNames: ['vmc', 'vmclass'],
  namespaced: false,
  title: text('Classes'),
  icon: 'chip',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Ready: 'ok', Terminating: 'busy' },
  conditions: virtualMachineClassConditions,
};
