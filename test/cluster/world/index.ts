import type { KubeObject } from '../../../src/domain/kubeObject';
import { company } from './company';
import { crowd } from './crowd';
import { ground } from './ground';
import { guide } from './guide';
import { Kit, type Module } from './kit';
import { evacuations } from './migrations';

export interface WorldOptions {
  readonly module: Module;
  /** The same seed makes the same world. */
  readonly seed?: number;
  /** Machines of the crowd, beside the company's; 0 by default. */
  readonly vms?: number;
  /** Machines on two nodes that are drained, with their migrations; 0 by default. */
  readonly evacuating?: number;
  /** Milliseconds since the epoch; ages count back from here. */
  readonly nowMs: number;
}

/**
 * What an embedded cluster holds: the guide's objects, a small company, and a crowd on demand.
 * Owners come before what they own and namespaces before their contents; objects carry `status`, and uids that owners and labels refer to.
 */
export function* world(options: WorldOptions): Iterable<KubeObject> {
  const kit = new Kit(options.module, options.seed ?? 1, options.nowMs);
  // Nodes, namespaces and the like are as old as the cluster.
  const creationTimestamp = kit.ago(founded);
  for (const object of objects(kit, options)) {
    yield object.metadata.creationTimestamp ? object : { ...object, metadata: { ...object.metadata, creationTimestamp } };
  }
}

/** Minutes since the cluster was made. */
const founded = 60 * 24 * 240;

function* objects(kit: Kit, { vms = 0, evacuating = 0 }: WorldOptions): Iterable<KubeObject> {
  yield* ground(kit);
  yield* guide(kit);
  yield* company(kit);
  if (vms > 0) {
    yield* crowd(kit, vms);
  }
  if (evacuating > 0) {
    yield* evacuations(kit, evacuating);
  }
}
