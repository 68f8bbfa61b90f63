import { builtinResources, reviewResources } from './builtin';
import type { Aggregator } from './aggregator';
import { objectsOf, textOf, type JsonObject, type Resource } from './model';
import { byPriority, type Registry } from './registry';

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const subresourceVerbs = ['get', 'patch', 'update'];

/** `/apis`, `/api/v1`, … in the old form: one document per group version. */
export class Discovery {
  readonly #registry: Registry;
  readonly #aggregator: Aggregator;

  constructor(registry: Registry, aggregator: Aggregator) {
    this.#registry = registry;
    this.#aggregator = aggregator;
  }

  coreVersions(): JsonObject {
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1' }] };
  }

  groupList(): JsonObject {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...this.#groups()].map(([name, versions]) => groupOf(name, versions)) };
  }

  /** Undefined when the group is not served. */
  group(name: string): JsonObject | undefined {
    const versions = this.#groups().get(name);
    return versions && { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, versions) };
  }

  /** Undefined when the group version is not served. */
  resourceList(group: string, version: string): JsonObject | undefined {
    const resources = this.#registry.all.filter((resource) => resource.group === group && resource.version === version);
    const reviews = reviewResources.filter((review) => review.group === group && review.version === version);
    if (resources.length + reviews.length === 0) {
      return undefined;
    }
    return {
      kind: 'APIResourceList', ...(group === '' ? {} : { apiVersion: 'v1' }), groupVersion: group === '' ? version : `${group}/${version}`,
      resources: [
        ...resources.flatMap(legacyEntries),
        ...reviews.map((review) => ({ name: review.plural, singularName: review.kind.toLowerCase(), namespaced: false, kind: review.kind, verbs: ['create'] })),
      ],
    };
  }

  /** The new form: everything in one document, for `/api` (`core`) or `/apis`. */
  async aggregated(core: boolean): Promise<JsonObject> {
    const groups = core ? [['', ['v1']] as const] : [...this.#groups()];
    return {
      kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {},
      items: await Promise.all(groups.map(async ([group, versions]) => ({
        metadata: { ...(group === '' ? {} : { name: group }), creationTimestamp: null },
        versions: await Promise.all(versions.map((version) => this.#aggregatedVersion(group, version))),
      }))),
    };
  }

  async #aggregatedVersion(group: string, version: string): Promise<JsonObject> {
    const foreign = this.#aggregator.versions.find((other) => other.group === group && other.version === version);
    if (!foreign) {
      return { version, resources: this.#aggregatedEntries(group, version), freshness: 'Current' };
    }
    const resources = await this.#aggregator.resources(foreign);
    return resources ? { version, resources: foreignEntries(resources, group, version), freshness: 'Current' } : { version, freshness: 'Stale' };
  }

  #aggregatedEntries(group: string, version: string): JsonObject[] {
    return [
      ...this.#registry.all.filter((resource) => resource.group === group && resource.version === version).map(aggregatedEntry),
      ...reviewResources.filter((review) => review.group === group && review.version === version).map((review) => ({
        resource: review.plural, responseKind: { group, version, kind: review.kind }, scope: 'Cluster', singularResource: review.kind.toLowerCase(), verbs: ['create'],
      })),
    ];
  }

  #groups(): Map<string, string[]> {
    const groups = new Map<string, string[]>();
    for (const { group, version } of [...builtinResources, ...reviewResources, ...this.#registry.all, ...this.#aggregator.versions]) {
      const versions = groups.get(group) ?? [];
      if (group !== '' && !versions.includes(version)) {
        groups.set(group, [...versions, version].sort(byPriority));
      }
    }
    return groups;
  }
}

function groupOf(name: string, versions: readonly string[]): JsonObject {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: entries, preferredVersion: entries[0] };
}

function legacyEntries(resource: Resource): JsonObject[] {
  const { plural, kind, namespaced } = resource;
  return [
    {
      name: plural, singularName: resource.singular, namespaced, kind, verbs,
      ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}), ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    },
    ...(resource.hasStatus ? [{ name: `${plural}/status`, singularName: '', namespaced, kind, verbs: subresourceVerbs }] : []),
    ...(resource.scale ? [{ name: `${plural}/scale`, singularName: '', namespaced, group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: subresourceVerbs }] : []),
  ];
}

function aggregatedEntry(resource: Resource): JsonObject {
  const { group, version, kind } = resource;
  const subresources = [
    ...(resource.hasStatus ? [{ subresource: 'status', responseKind: { group, version, kind }, verbs: subresourceVerbs }] : []),
    ...(resource.scale ? [{ subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' }, verbs: subresourceVerbs }] : []),
  ];
  return {
    resource: resource.plural, responseKind: { group, version, kind }, scope: resource.namespaced ? 'Namespaced' : 'Cluster', singularResource: resource.singular, verbs,
    ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}), ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  };
}

/** The old form of another server's resources in the new one. */
function foreignEntries(resources: readonly JsonObject[], group: string, version: string): JsonObject[] {
  const scopeOf = (resource: JsonObject) => (resource['namespaced'] === true ? 'Namespaced' : 'Cluster');
  const kindOf = (resource: JsonObject) => ({ group: textOf(resource['group']) || group, version: textOf(resource['version']) || version, kind: textOf(resource['kind']) });
  const entries = new Map<string, JsonObject>();
  for (const resource of resources) {
    const [plural = '', subresource] = textOf(resource['name']).split('/');
    const entry = entries.get(plural) ?? { resource: plural, responseKind: { group: '', version: '', kind: '' }, scope: scopeOf(resource), singularResource: '', verbs: [] };
    entries.set(plural, entry);
    if (subresource === undefined) {
      Object.assign(entry, { responseKind: kindOf(resource), singularResource: textOf(resource['singularName']), verbs: resource['verbs'] });
    } else {
      entry['subresources'] = [...objectsOf(entry['subresources']), { subresource, responseKind: kindOf(resource), verbs: resource['verbs'] }];
    }
  }
  return [...entries.values()];
}
