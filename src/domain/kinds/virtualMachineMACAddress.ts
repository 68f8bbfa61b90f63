import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineMACAddressConditions } from './conditions/virtualMachineMACAddress';

export const virtualMachineMACAddress: Kind = {
  id: 'VirtualMachineMACAddress',
  name: 'VirtualMachineMACAddress',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinemacaddresses',
  shortNames: ['vmmac'],
  namespaced: true,
  title: text('MAC addresses'),
  icon: 'radio-tower',
  references: [
    { path: 'status.virtualMachineName', to: 'VirtualMachine' },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Bound: 'ok', Attached: 'ok' },
  conditions: virtualMachineMACAddressConditions,
};
