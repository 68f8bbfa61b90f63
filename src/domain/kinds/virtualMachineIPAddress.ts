import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineIPAddressConditions } from './conditions/virtualMachineIPAddress';

export const virtualMachineIPAddress: Kind = {
  id: 'VirtualMachineIPAddress',
  name: 'VirtualMachineIPAddress',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineipaddresses',
  shortNames: ['vmip'],
  namespaced: true,
  title: text('IP addresses'),
  icon: 'globe',
  references: [
    { path: 'status.virtualMachineName', to: 'VirtualMachine' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Bound: 'ok', Attached: 'ok' },
  conditions: virtualMachineIPAddressConditions,
};
