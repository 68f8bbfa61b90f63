import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineBlockDeviceAttachment: Kind = {
  id: 'VirtualMachineBlockDeviceAttachment',
  name: 'VirtualMachineBlockDeviceAttachment',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineblockdeviceattachments',
  shortNames: ['vmbda'],
  namespaced: true,
  title: 'Attachments',
  icon: 'plug',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Attached: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: {},
};
