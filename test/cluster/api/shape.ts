import { isObject, objectOr, stringsOf, type JsonObject, type Resource } from './model';

/**
 * How a value is owned and merged: as a whole (`leaf`), field by field (`map`), element by element with keys (`list`)
 * or by value (`set`).
 */
export type Shape =
  | { readonly kind: 'leaf' }
  /** `isDeclared`: whether a field is one of the type's own, not one of a free map. */
  | { readonly kind: 'map'; readonly field: (name: string) => Shape; readonly isDeclared: (name: string) => boolean }
  | { readonly kind: 'list'; readonly keys: readonly string[]; readonly defaults: JsonObject; readonly item: Shape }
  | { readonly kind: 'set' };

const leaf: Shape = { kind: 'leaf' };

/** The shape of a whole object of a resource. */
export function shapeOf(resource: Resource): Shape {
  const known = resource.schema ?? builtinSchemas[`${resource.group}/${resource.plural}`] ?? {};
  return shapeOfSchema({ ...known, type: 'object', properties: { ...objectOr(known['properties']), metadata: metaSchema } });
}

/** Where no schema says more, objects are merged field by field and lists replaced as a whole. */
function shapeOfSchema(schema: JsonObject): Shape {
  if (schema['type'] === 'array') {
    switch (schema['x-kubernetes-list-type']) {
      case 'set': return { kind: 'set' };
      case 'map': {
        const items = objectOr(schema['items']);
        const keys = stringsOf(schema['x-kubernetes-list-map-keys']);
        const properties = objectOr(items['properties']);
        const defaults = Object.fromEntries(keys.flatMap((key) => ('default' in objectOr(properties[key]) ? [[key, objectOr(properties[key])['default']]] : [])));
        return { kind: 'list', keys, defaults, item: shapeOfSchema({ type: 'object', ...items }) };
      }
      default: return leaf;
    }
  }
  if (schema['x-kubernetes-map-type'] === 'atomic' || !(schema['type'] === 'object' || schema['type'] === undefined)) {
    return leaf;
  }
  const properties = objectOr(schema['properties']);
  const others = isObject(schema['additionalProperties']) ? schema['additionalProperties'] : {};
  return { kind: 'map', field: (name) => shapeOfSchema(objectOr(properties[name] ?? others)), isDeclared: (name) => Object.hasOwn(properties, name) };
}

/** Whether a value of this shape is owned as one. */
export function isLeaf(shape: Shape, value: unknown): boolean {
  return shape.kind === 'map' ? !isObject(value) : shape.kind === 'leaf' || !Array.isArray(value);
}

/** The path element of a list's item: `k:` with its keys in order, or `v:` with the value. */
export function elementOf(shape: Extract<Shape, { kind: 'list' | 'set' }>, item: unknown): string {
  if (shape.kind === 'set') {
    return `v:${JSON.stringify(item)}`;
  }
  const fields = { ...shape.defaults, ...objectOr(item) };
  return `k:${JSON.stringify(Object.fromEntries([...shape.keys].sort().filter((key) => fields[key] !== undefined).map((key) => [key, fields[key]])))}`;
}

const listBy = (...keys: string[]): JsonObject => ({ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
const object = (properties: JsonObject): JsonObject => ({ type: 'object', properties });
const atomic: JsonObject = { type: 'object', 'x-kubernetes-map-type': 'atomic' };

const metaSchema = object({ ownerReferences: listBy('uid'), finalizers: { type: 'array', 'x-kubernetes-list-type': 'set' } });

const container = object({ ports: listBy('containerPort', 'protocol'), env: listBy('name'), volumeMounts: listBy('mountPath') });
const podSpec = object({
  containers: { ...listBy('name'), items: container }, initContainers: { ...listBy('name'), items: container }, volumes: listBy('name'),
  imagePullSecrets: listBy('name'), nodeSelector: atomic,
});
const withConditions = object({ conditions: listBy('type'), addresses: listBy('type') });
const selector = atomic;

/** Lists of Kubernetes' own kinds that are merged by element. */
const builtinSchemas: Readonly<Record<string, JsonObject>> = {
  '/pods': object({ spec: podSpec, status: withConditions }),
  '/nodes': object({ status: withConditions }),
  '/namespaces': object({ status: withConditions }),
  '/persistentvolumeclaims': object({ status: withConditions }),
  '/services': object({
    spec: object({ ports: { ...listBy('port', 'protocol'), items: object({ protocol: { type: 'string', default: 'TCP' } }) }, selector }), status: withConditions,
  }),
  '/secrets': object({}),
  'apps/deployments': object({ spec: object({ selector, template: object({ spec: podSpec }) }), status: withConditions }),
  'apiregistration.k8s.io/apiservices': object({ status: withConditions }),
  'admissionregistration.k8s.io/validatingwebhookconfigurations': object({ webhooks: listBy('name') }),
  'admissionregistration.k8s.io/mutatingwebhookconfigurations': object({ webhooks: listBy('name') }),
};

