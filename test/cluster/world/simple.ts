import type { KubeObject } from '../../../src/domain/kubeObject';
import type { Kit } from './kit';
import { machine, type MachineOptions } from './machine';
import { disk } from './storage';

/** A machine with one root disk of its own, both well unless the options say otherwise. */
export function simple(kit: Kit, name: string, options: Omit<MachineOptions, 'disks'> & { readonly size?: string; readonly from?: string; readonly storageClass?: string }): readonly KubeObject[] {
  const { size = '20Gi', from = 'debian-12', storageClass, ...rest } = options;
  const root = `${name}-root`;
  return [
    disk(kit, root, { namespace: options.namespace, size, source: { clusterImage: from }, machine: name, idle: options.state?.phase === 'Stopped', ...(storageClass ? { storageClass } : {}), ageMinutes: (options.ageMinutes ?? 60 * 24 * 9) + 3 }),
    ...machine(kit, name, { guest: 'debian', ...rest, disks: [{ name: root, size }] }).objects,
  ];
}
