import { platformGroup } from './kind';
import type { KubeObject } from './kubeObject';
import { isActive } from './operations/machineOperation';

/** Whether a migration goes on that a drained node has asked for. */
export function isEvacuating(operations: readonly KubeObject[]): boolean {
  return operations.some((operation) => operation.metadata.annotations?.[`${platformGroup}/evacuation`] === 'true' && isActive(operation));
}
