import type { Kind } from '../kind';
import { platformGroup } from '../kind';
import { text } from '../text';
import { virtualMachineBlockDeviceAttachmentConditions } from './conditions/virtualMachineBlockDeviceAttachment';

export const virtualMachineBlockDeviceAttachment: Kind = {
  id: 'VirtualMachineBlockDeviceAttachment',
  name: 'VirtualMachineBlockDeviceAttachment',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachineblockdeviceattachments',
  shortNames: ['vmbda'],
  namespaced: true,
  title: text('Attachments'),
  icon: 'plug',
  references: [
    { path: 'spec.virtualMachineName', to: 'VirtualMachine' },
    { path: 'spec.blockDeviceRef.name', to: { field: 'kind', kinds: ['VirtualDisk', 'VirtualImage', 'ClusterVirtualImage'] } },
  ],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Attached: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: virtualMachineBlockDeviceAttachmentConditions,
};
