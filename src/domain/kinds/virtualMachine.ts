import type { Kind } from '../kind';
import { platformGroup } from '../kind';

export const virtualMachine: Kind = {
  id: 'VirtualMachine',
  name: 'VirtualMachine',
  group: platformGroup,
  versions: ['v1alpha2'],
  plural: 'virtualmachines',
  shortNames: ['vm'],
  namespaced: true,
  title: 'Machines',
  icon: 'vm',
  references: [],
  operations: ['vm.start', 'vm.stop', 'vm.restart', 'vm.forceStop', 'vm.forceRestart', 'vm.migrate', 'vm.evict', 'object.delete'],
  phases: { Pending: 'busy', Running: 'ok', Degraded: 'failed', Terminating: 'busy', Stopped: 'off', Stopping: 'busy', Starting: 'busy', Migrating: 'busy', Pause: 'off' },
  conditions: {},
};
