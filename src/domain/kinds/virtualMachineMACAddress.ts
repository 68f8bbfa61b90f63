import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineMACAddress: Kind = {
  id: 'VirtualMachineMACAddress',
  name: 'VirtualMachineMACAddress',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinemacaddresses',
  shortNames: ['vmmac'],
  namespaced: true,
  title: 'MAC addresses',
  icon: 'radio-tower',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', Bound: 'ok', Attached: 'ok' },
  conditions: {},
};
