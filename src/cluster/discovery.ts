import type { ServedKind } from '../domain/clusterView';
import { platformGroup } from '../domain/kind';
import { kindId, kinds, knownKind } from '../domain/kinds/index';
import type { KubeApi } from './api';
import { ClusterError } from './errors';

/** Aggregated discovery, `apidiscovery.k8s.io/v2`: one answer for all groups. Older servers answer in the old form. */
const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

interface GroupDiscoveryList {
  readonly kind?: string;
  readonly items?: readonly {
    readonly metadata?: { readonly name?: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly DiscoveredResource[] }[];
  }[];
  readonly groups?: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[];
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind?: { readonly kind?: string };
  readonly scope?: string;
  readonly shortNames?: readonly string[];
  readonly verbs?: readonly string[];
}

interface ResourceList {
  readonly resources?: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean; readonly shortNames?: readonly string[]; readonly verbs?: readonly string[] }[];
}

/** The kinds of the platform's group, in the tree's order; empty when the cluster does not serve it. Throws `ClusterError`. */
export async function discover(api: KubeApi, signal: AbortSignal): Promise<ServedKind[]> {
  const groups = await api.request<GroupDiscoveryList>('GET', '/apis', { accept: aggregated, signal });
  const found = groups.kind === 'APIGroupDiscoveryList' ? fromAggregated(groups) : await fromLegacy(api, groups, signal);
  const order = Object.keys(kinds);
  const rank = ({ id }: ServedKind) => (order.includes(id) ? order.indexOf(id) : order.length);
  return found.sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

/** Versions come best first; a kind is served in the first that has it. */
function fromAggregated({ items }: GroupDiscoveryList): ServedKind[] {
  const found = new Map<string, ServedKind>();
  const group = items?.find((item) => item.metadata?.name === platformGroup);
  for (const { version, resources } of group?.versions ?? []) {
    for (const resource of resources ?? []) {
      const name = resource.responseKind?.kind;
      if (name && !found.has(name)) {
        found.set(name, served(name, version, resource.resource, resource.scope === 'Namespaced', resource.shortNames ?? [], resource.verbs ?? []));
      }
    }
  }
  return [...found.values()];
}

async function fromLegacy(api: KubeApi, { groups }: GroupDiscoveryList, signal: AbortSignal): Promise<ServedKind[]> {
  const found = new Map<string, ServedKind>();
  const group = groups?.find(({ name }) => name === platformGroup);
  for (const { version } of group?.versions ?? []) {
    const list = await resourcesOf(api, version, signal);
    for (const { name: plural, kind, namespaced, shortNames, verbs } of list.resources ?? []) {
      if (!plural.includes('/') && !found.has(kind)) {
        found.set(kind, served(kind, version, plural, namespaced, shortNames ?? [], verbs ?? []));
      }
    }
  }
  return [...found.values()];
}

/** A version may vanish between the two questions. */
async function resourcesOf(api: KubeApi, version: string, signal: AbortSignal): Promise<ResourceList> {
  try {
    return await api.request<ResourceList>('GET', `/apis/${platformGroup}/${version}`, { signal });
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
  return { ...known, version, plural, namespaced, shortNames: [...shortNames], verbs: [...verbs] };
}
