import { platformGroup } from './kind';
import type { KubeObject } from './kubeObject';
import { isActive } from './operations/machineOperation';

/** How many migrations drained nodes have asked for, as far as the cluster remembers them, and how many of them go on. */
export function evacuating(operations: readonly KubeObject[]): { readonly active: number; readonly all: number } {
  const drains = operations.filter(({ metadata }) => metadata.annotations?.[`${platformGroup}/evacuation`] === 'true');
  return { active: drains.filter(isActive).length, all: drains.length };
}
