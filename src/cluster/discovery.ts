import type { ServedKind } from '../domain/clusterView';
import { platformGroup } from '../domain/kind';
import { kindId, kinds, knownKind } from '../domain/kinds/index';
import type { KubeApi } from './api';
import { ClusterError } from './errors';

interface Group {
  /** Best first. */
  readonly versions?: readonly { readonly version: string }[];
}

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean; readonly shortNames?: readonly string[]; readonly verbs?: readonly string[] }[];
}

/**
 * The kinds of the platform's group, in the tree's order, each in the best version that has it; empty when the cluster does not serve the group.
 * Asks for this group alone: the aggregated answer for all groups of a cluster is a hundred times as large, and this is asked often. Throws `ClusterError`.
 */
export async function discover(api: KubeApi, signal: AbortSignal): Promise<ServedKind[]> {
  const group = await ask<Group>(api, `/apis/${platformGroup}`, signal);
  const found = new Map<string, ServedKind>();
  for (const { version } of group.versions ?? []) {
    const list = await ask<ResourceList>(api, `/apis/${platformGroup}/${version}`, signal);
    for (const { name: plural, kind, namespaced, shortNames = [], verbs = [] } of list.resources ?? []) {
      if (!plural.includes('/') && !found.has(kind)) {
        found.set(kind, served(kind, version, plural, namespaced, shortNames, verbs));
      }
    }
  }
  const order = Object.keys(kinds);
  const rank = ({ id }: ServedKind) => (order.includes(id) ? order.indexOf(id) : order.length);
  return [...found.values()].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** A group or version that is not there, or vanishes between two questions, has nothing. */
async function ask<T extends object>(api: KubeApi, path: string, signal: AbortSignal): Promise<T | Record<string, never>> {
  try {
    return await api.request<T>('GET', path, { signal });
  } catch (error) {
    if (error instanceof ClusterError && (error.reason === 'notServed' || error.reason === 'notFound')) {
      return {};
    }
    throw error;
  }
}

/** The known descriptor with what the server says; for kinds that nobody has described, what can be said of any. */
function served(name: string, version: string, plural: string, namespaced: boolean, shortNames: readonly string[], verbs: readonly string[]): ServedKind {
  const id = kindId(platformGroup, name);
  const known = knownKind(id) ?? { id, name, group: platformGroup, versions: [version], title: name, icon: 'symbol-misc', references: [], operations: [], phases: {}, conditions: {} };
  return { ...known, version, plural, namespaced, shortNames, verbs };
}
