import { createHash } from 'node:crypto';
import { reviewResources } from './builtin';
import { groupVersionOf, objectOr, type JsonObject, type Resource } from './model';
import type { Registry } from './registry';
import { derived, type Storage } from './storage';

/** One document of OpenAPI v3, with the hash that its address carries. */
export interface OpenApiDocument { readonly text: string; readonly hash: string }

/** OpenAPI v3, one document per group version: what `kubectl explain`, `create` and `apply` ask for. */
export class OpenApi {
  readonly #documents: () => ReadonlyMap<string, OpenApiDocument>;

  constructor(storage: Storage, registry: Registry) {
    this.#documents = derived(storage, ['apiextensions.k8s.io/customresourcedefinitions'], () => {
      const paths = new Map<string, Resource[]>(reviewResources.map((review) => [pathOf(review), []]));
      for (const resource of registry.all) {
        paths.set(pathOf(resource), [...(paths.get(pathOf(resource)) ?? []), resource]);
      }
      return new Map([...paths].map(([path, resources]) => {
        const text = JSON.stringify(documentOf(resources));
        return [path, { text, hash: createHash('sha256').update(text).digest('hex').toUpperCase() }];
      }));
    });
  }

  index(): JsonObject {
    return { paths: Object.fromEntries([...this.#documents()].map(([path, { hash }]) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }])) };
  }

  /** `path` like `apis/GROUP/VERSION`; undefined when it is not served. */
  document(path: string): OpenApiDocument | undefined {
    return this.#documents().get(path);
  }
}

const pathOf = (of: { readonly group: string; readonly version: string }) => (of.group === '' ? `api/${of.version}` : `apis/${groupVersionOf(of)}`);

const metaName = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';
const reference = (name: string) => ({ $ref: `#/components/schemas/${name}` });

function documentOf(resources: readonly Resource[]): JsonObject {
  return {
    openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.34.4' },
    paths: Object.fromEntries(resources.flatMap(pathsOf)),
    components: { schemas: { [metaName]: metaSchema, ...Object.fromEntries(resources.flatMap((resource) => [[schemaName(resource), schemaOf(resource)], [`${schemaName(resource)}List`, listSchemaOf(resource)]])) } },
  };
}

/** The group's labels reversed, as Kubernetes names schemas: `io.deckhouse.virtualization.v1alpha2.VirtualMachine`. */
function schemaName({ group, version, kind }: Resource): string {
  const prefix = group === '' ? 'io.k8s.api.core' : group.split('.').reverse().join('.');
  return `${prefix}.${version}.${kind}`;
}

const gvkOf = ({ group, version, kind }: Resource) => ({ group, version, kind });

function schemaOf(resource: Resource): JsonObject {
  const schema = resource.schema ?? { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    ...schema,
    properties: { ...envelope, ...objectOr(schema['properties']), metadata: { description: 'Standard object\'s metadata.', allOf: [reference(metaName)] } },
    'x-kubernetes-group-version-kind': [gvkOf(resource)],
  };
}

function listSchemaOf(resource: Resource): JsonObject {
  return {
    description: `${resource.listKind} is a list of ${resource.kind}`, type: 'object', required: ['items'],
    properties: { ...envelope, items: { type: 'array', items: reference(schemaName(resource)) }, metadata: { type: 'object' } },
    'x-kubernetes-group-version-kind': [{ ...gvkOf(resource), kind: resource.listKind }],
  };
}

const envelope = {
  apiVersion: { type: 'string', description: 'The versioned schema of this representation of an object.' },
  kind: { type: 'string', description: 'The REST resource this object represents.' },
};

const text = (description: string) => ({ type: 'string', description });
const texts = (description: string) => ({ type: 'object', description, additionalProperties: { type: 'string' } });

const metaSchema: JsonObject = {
  type: 'object', description: 'Metadata that all persisted objects have.',
  properties: {
    name: text('Unique within a namespace, or within the cluster.'), generateName: text('Prefix of a name that the server completes.'),
    namespace: text('The space within which the name is unique.'), labels: texts('Keys and values to select by.'), annotations: texts('Keys and values for tools.'),
    uid: text('Unique in time and space; set by the server.'), resourceVersion: text('Opaque version of the object; set by the server.'),
    generation: { type: 'integer', format: 'int64', description: 'Counts the changes of the desired state; set by the server.' },
    creationTimestamp: { ...text('When the object was created.'), format: 'date-time' }, deletionTimestamp: { ...text('When deletion was asked for.'), format: 'date-time' },
    finalizers: { type: 'array', items: { type: 'string' }, description: 'Must be empty before the object is removed.', 'x-kubernetes-list-type': 'set' },
    ownerReferences: { type: 'array', items: { type: 'object' }, description: 'Objects this one depends on.' },
    managedFields: { type: 'array', items: { type: 'object' }, description: 'Who owns which fields; kept by the server.' },
  },
};

/** Only what clients look for: that a kind can be patched, and with which parameters. */
function pathsOf(resource: Resource): [string, JsonObject][] {
  const collection = `/${pathOf(resource)}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}`;
  const operation = (action: string, ...parameters: string[]) => ({
    operationId: `${action}${resource.version}${resource.kind}`, 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': gvkOf(resource),
    parameters: parameters.map((name) => ({ name, in: 'query', schema: { type: 'string', uniqueItems: true } })),
    responses: { 200: { description: 'OK', content: { 'application/json': { schema: reference(schemaName(resource)) } } } },
  });
  const writes = ['dryRun', 'fieldManager', 'fieldValidation'];
  return [
    [collection, { get: operation('list', 'limit', 'continue', 'labelSelector', 'fieldSelector'), post: operation('post', ...writes) }],
    [`${collection}/{name}`, { get: operation('get'), put: operation('put', ...writes), patch: operation('patch', ...writes, 'force'), delete: operation('delete', 'dryRun') }],
  ];
}
