import type { Path } from '../domain/values';
import type { KindVersion, Schema } from './structural';
import { propertyOf } from './structural';

/** What is said about `metadata`, which no CRD describes; apimachinery v1 ObjectMeta as far as people write it. */
const metadata: Schema = {
  type: 'object',
  description: 'Name, namespace, labels and annotations. See [object metadata](https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/).',
  required: ['name'],
  properties: {
    name: { type: 'string', description: 'Name of the object, unique for its kind in the namespace: lower-case letters, digits, `-` and `.`. It cannot be changed later.' },
    namespace: { type: 'string', description: 'Namespace of the object. Left out, the one of the current context is used.' },
    labels: { type: 'object', description: 'Short marks that selectors can find.', additionalProperties: { type: 'string' } },
    annotations: { type: 'object', description: 'Remarks for people and programs; no selector finds them.', additionalProperties: { type: 'string' } },
    generateName: { type: 'string', description: 'Beginning of a name that the cluster completes with five random characters. Only for `kubectl create`.' },
    finalizers: { type: 'array', description: 'Programs that have to agree before the object goes.', items: { type: 'string' } },
    ownerReferences: { type: 'array', description: 'Objects with which this one goes.', items: { type: 'object' } },
  },
};

const identityWords: Readonly<Record<string, Schema>> = {
  apiVersion: { type: 'string', description: 'API group and version of this manifest.' },
  kind: { type: 'string', description: 'What this manifest describes.' },
};

const complete = new WeakMap<Schema, Schema>();

/** The schema of a whole manifest, with `metadata` filled in and `status` left to the cluster. */
export function manifestSchema(version: KindVersion): Schema {
  let schema = complete.get(version.schema);
  if (!schema) {
    const properties = Object.fromEntries(Object.entries(version.schema.properties ?? {}).filter(([name]) => name !== 'status'));
    schema = {
      ...version.schema,
      properties: { ...identityWords, ...properties, metadata: { ...metadata, ...(properties['metadata']?.description ? { description: properties['metadata'].description } : {}) } },
      required: ['apiVersion', 'kind', 'metadata', ...(version.schema.properties?.['spec'] ? ['spec'] : [])],
    };
    complete.set(version.schema, schema);
  }
  return schema;
}

/** The schema of what is at a path; `undefined` where nothing is said about it. */
export function schemaAt(root: Schema | undefined, path: Path): Schema | undefined {
  let schema = root;
  for (const step of path) {
    schema = typeof step === 'number' ? schema?.items : propertyOf(schema, step);
  }
  return schema;
}

/** The values of an enum that people write; nothing for a choice is the same as leaving it out. */
export function choicesOf(schema: Schema | undefined): readonly string[] | undefined {
  return schema?.enum?.filter((each) => each !== '').map(String);
}

/** A description's first paragraph, and what it says about single values of an enum. */
export function readDescription(description: string | undefined): { readonly text: string; readonly values: ReadonlyMap<string, string> } {
  const values = new Map<string, string>();
  // A picture would be fetched from wherever a cluster's description says.
  const lines = (description ?? '').replaceAll('![', '!\\[').split('\n').filter((line) => {
    const match = /^- `([^`]+)`: (.*)$/.exec(line);
    if (match?.[1] !== undefined) {
      values.set(match[1], match[2] ?? '');
    }
    return !match;
  });
  return { text: lines.join('\n').trim(), values };
}
