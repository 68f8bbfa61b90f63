import type { ClusterView } from '../domain/clusterView';
import type { ModuleGeneration } from './rule';

/** Which generation a cluster has: the older one still has the kind that operations replaced. Today's counts while nothing is known. */
export function generationOf(view: ClusterView | undefined): ModuleGeneration {
  const ids = view?.kinds?.map(({ id }) => id);
  return ids?.includes('VirtualMachineRestore') && !ids.includes('VirtualMachineSnapshotOperation') ? '0.17' : '1.10';
}
