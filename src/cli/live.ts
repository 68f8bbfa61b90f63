import type { ClusterView } from '../domain/clusterView';
import type { KindId } from '../domain/kind';
import { groupOf, kindId, knownKind } from '../domain/kinds/index';
import { isRecord, type KubeObject } from '../domain/kubeObject';
import type { Loaded } from './files';

/** Objects as a cluster had them when they were saved: one per document, or the items of a `List`. @throws Error when a document is none */
export function savedObjects({ file, parts }: Loaded): readonly KubeObject[] {
  return parts.flatMap(({ manifest: { value: json, syntax } }) => {
    const value: unknown = json;
    if (syntax) {
      throw new Error(`${file} holds no objects: ${syntax.message}`);
    }
    const items: readonly unknown[] = isRecord(value) && Array.isArray(value['items']) ? value['items'] : [value];
    return items.map((item) => {
      if (!isRecord(item) || typeof item['kind'] !== 'string' || typeof item['apiVersion'] !== 'string' || !isRecord(item['metadata']) || typeof item['metadata']['name'] !== 'string') {
        throw new Error(`${file} holds something that is no object of a cluster: apiVersion, kind and metadata.name are needed.`);
      }
      return placed(item as unknown as KubeObject);
    });
  });
}

/** Saved objects before what a connected cluster says; without one they are all that is known, and of others nothing is. */
export function savedView(objects: readonly KubeObject[], cluster: ClusterView | undefined): ClusterView {
  const byKey = new Map(objects.map((object) => [keyOf(idOf(object), object.metadata.name, object.metadata.namespace), object]));
  return {
    connection: cluster?.connection ?? { phase: 'idle' },
    kinds: cluster?.kinds,
    state: (kind) => cluster?.state(kind) ?? { phase: 'unlisted' },
    list: (kind, namespace) => cluster?.list(kind, namespace),
    get: (kind, name, namespace) => byKey.get(keyOf(kind, name, knownKind(kind)?.namespaced === false ? undefined : namespace)) ?? cluster?.get(kind, name, namespace),
    referring: (kind, to, name, namespace) => cluster?.referring(kind, to, name, namespace),
    noticed: (kind) => cluster?.noticed(kind),
  };
}

/** The namespace of the only saved object of that kind and name; `undefined` when there is none or several. */
export function savedNamespace(objects: readonly KubeObject[]): (kind: string, name: string | undefined) => string | undefined {
  const places = new Map<string, Set<string | undefined>>();
  objects.forEach((object) => {
    const key = keyOf(idOf(object), object.metadata.name, undefined);
    places.set(key, (places.get(key) ?? new Set()).add(object.metadata.namespace));
  });
  return (kind, name) => {
    const found = places.get(keyOf(kind, name ?? '', undefined));
    return found?.size === 1 ? [...found][0] : undefined;
  };
}

/** An object that was saved without its namespace is in the one that `kubectl` takes when nobody says. */
function placed(object: KubeObject): KubeObject {
  const { metadata } = object;
  return metadata.namespace !== undefined || knownKind(idOf(object))?.namespaced === false ? object : { ...object, metadata: { ...metadata, namespace: 'default' } };
}

const idOf = ({ apiVersion, kind }: KubeObject): KindId => kindId(groupOf(apiVersion), kind);

function keyOf(kind: string, name: string, namespace: string | undefined): string {
  return `${kind} ${namespace ?? ''} ${name}`;
}
