import { builtinResources } from './builtin';
import { groupVersionOf, objectOr, objectsOf, stringsOf, type ApiObject, type Column, type JsonObject, type Resource, textOf } from './model';
import { decode, derived, type Storage } from './storage';

/** Where objects of a resource are kept, whatever the version they are asked in. */
export function storageKey(resource: { readonly group: string; readonly plural: string }): string {
  return `${resource.group}/${resource.plural}`;
}

/** What is served: Kubernetes' own kinds and those of the stored CustomResourceDefinitions. */
export class Registry {
  readonly #served: () => { readonly all: readonly Resource[]; readonly byPath: ReadonlyMap<string, Resource>; readonly byKind: ReadonlyMap<string, Resource> };

  constructor(storage: Storage) {
    this.#served = derived(storage, [crdKey], () => {
      const custom = storage.snapshot(crdKey).items.flatMap((stored) => resourcesOfCrd(decode(stored)));
      const all = [...builtinResources, ...custom];
      return {
        all,
        byPath: new Map(all.map((resource) => [pathOf(resource.group, resource.version, resource.plural), resource])),
        byKind: new Map(all.map((resource) => [`${groupVersionOf(resource)}/${resource.kind}`, resource])),
      };
    });
  }

  /** Every resource in every served version; the preferred version of a kind comes first. */
  get all(): readonly Resource[] {
    return this.#served().all;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#served().byPath.get(pathOf(group, version, plural));
  }

  /** The served versions of a resource. */
  versionsOf({ group, plural }: Resource): readonly string[] {
    return this.all.filter((resource) => resource.group === group && resource.plural === plural).map((resource) => resource.version);
  }

  /** The resource of a kind in exactly this version. */
  ofKind(apiVersion: string, kind: string): Resource | undefined {
    return this.#served().byKind.get(`${apiVersion}/${kind}`);
  }
}

const crdKey = 'apiextensions.k8s.io/customresourcedefinitions';

const pathOf = (group: string, version: string, plural: string) => `${group}/${version}/${plural}`;

function resourcesOfCrd(crd: ApiObject): Resource[] {
  const spec = objectOr(crd['spec']);
  const names = objectOr(spec['names']);
  const versions = objectsOf(spec['versions']);
  const storageVersion = textOf(versions.find((version) => version['storage'] === true)?.['name']);
  const conversion = objectOr(spec['conversion']);
  if (crd.metadata.deletionTimestamp !== undefined) {
    return [];
  }
  return versions.filter((version) => version['served'] === true).sort((left, right) => byPriority(textOf(left['name']), textOf(right['name']))).map((version): Resource => {
    const subresources = objectOr(version['subresources']);
    const scale = objectOr(subresources['scale']);
    const kind = textOf(names['kind']);
    return {
      group: textOf(spec['group']), version: textOf(version['name']), storageVersion,
      plural: textOf(names['plural']), singular: textOf(names['singular']) || kind.toLowerCase(), kind, listKind: textOf(names['listKind']) || `${kind}List`,
      shortNames: stringsOf(names['shortNames']), categories: stringsOf(names['categories']),
      namespaced: spec['scope'] === 'Namespaced', hasStatus: 'status' in subresources,
      schema: objectOr(objectOr(version['schema'])['openAPIV3Schema']),
      columns: columnsOf(version),
      ...('scale' in subresources ? { scale: {
        specReplicasPath: textOf(scale['specReplicasPath']), statusReplicasPath: textOf(scale['statusReplicasPath']),
        ...(scale['labelSelectorPath'] === undefined ? {} : { labelSelectorPath: textOf(scale['labelSelectorPath']) }),
      } } : {}),
      ...(version['deprecated'] === true ? { deprecationWarning: textOf(version['deprecationWarning']) || `${textOf(spec['group'])}/${textOf(version['name'])} ${kind} is deprecated` } : {}),
      ...(conversion['strategy'] === 'Webhook' ? { conversion: objectOr(conversion['webhook']) } : {}),
    };
  });
}

function columnsOf(version: JsonObject): readonly Column[] {
  const declared = objectsOf(version['additionalPrinterColumns']) as unknown as readonly Column[];
  return declared.length > 0 ? declared : [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }];
}

/** Kubernetes' order of versions: stable before beta before alpha, then the higher number. */
export function byPriority(left: string, right: string): number {
  const rank = (version: string) => {
    const match = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version);
    return match ? [match[2] === undefined ? 2 : match[2] === 'beta' ? 1 : 0, Number(match[1]), Number(match[3] ?? 0)] : [-1, 0, 0];
  };
  const [a, b] = [rank(left), rank(right)];
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : b[at]! - a[at]!;
}
