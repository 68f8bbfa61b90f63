import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachineSnapshot: Kind = {
  id: 'VirtualMachineSnapshot',
  name: 'VirtualMachineSnapshot',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachinesnapshots',
  shortNames: ['vmsnapshot', 'vms'],
  namespaced: true,
  title: 'Machine snapshots',
  icon: 'device-camera',
  references: [],
  operations: ['object.delete'],
  phases: { Pending: 'busy', InProgress: 'busy', Ready: 'ok', Failed: 'failed', Terminating: 'busy' },
  conditions: {},
};
