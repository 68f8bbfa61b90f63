import { platformGroup } from '../domain/kind';
import { kinds } from '../domain/kinds/index';
import { isObject } from './prune';
import type { SchemaSource } from './schemaSource';
import type { KindSchema, KindVersion, Schema } from './structural';

/** One document of a cluster's OpenAPI v3, as far as it is read. */
export interface OpenApiDocument {
  readonly paths?: Readonly<Record<string, unknown>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, OpenApiSchema>> };
}

interface OpenApiSchema extends Schema {
  readonly 'x-kubernetes-group-version-kind'?: readonly { readonly group: string; readonly version: string; readonly kind: string }[];
}

/**
 * The platform's kinds as a cluster describes them, rules included. Words, the order of fields and what a cluster does not
 * say (short names, which version is outdated) come from the bundled schemas; companions and cloud-init are theirs.
 */
export function clusterSchemas(bundled: SchemaSource, documents: readonly OpenApiDocument[]): SchemaSource {
  const served = new Map<string, KindSchema>();
  for (const document of documents) {
    for (const schema of Object.values(document.components?.schemas ?? {})) {
      const [id, ...others] = schema['x-kubernetes-group-version-kind'] ?? [];
      const place = id?.group === platformGroup && others.length === 0 ? placeOf(document, id.version, schema, id.kind) : undefined;
      if (id && place) {
        const known = served.get(id.kind);
        const version = versionOf(id.version, schema, place.subresources, bundled.kind(platformGroup, id.kind));
        served.set(id.kind, known ? { ...known, versions: [...known.versions, version] } : {
          group: platformGroup, names: { kind: id.kind, plural: place.plural }, scope: place.scope, versions: [version],
        });
      }
    }
  }
  const order = Object.keys(kinds);
  const rank = ({ names }: KindSchema) => (order.includes(names.kind) ? order.indexOf(names.kind) : order.length);
  const all = [...served.values()].map((kind) => withNames(kind, bundled)).sort((a, b) => rank(a) - rank(b));
  return {
    module: bundled.module,
    kind: (group, name) => (group === platformGroup ? all.find(({ names }) => names.kind === name) : bundled.kind(group, name)),
    platformKinds: () => all,
    cloudInit: () => bundled.cloudInit(),
    isOfCluster: (group) => group === platformGroup,
  };
}

/** Newest versions first, as bundled; short names and the like where they are known. */
function withNames(kind: KindSchema, bundled: SchemaSource): KindSchema {
  const known = bundled.kind(platformGroup, kind.names.kind);
  const order = known?.versions.map(({ name }) => name) ?? [];
  const versions = [...kind.versions].sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  return { ...kind, versions, ...(known && { names: { ...known.names, ...kind.names } }) };
}

/** Where the objects of a kind are: OpenAPI tells by its paths. `undefined` for lists and parts of objects. */
function placeOf({ paths = {} }: OpenApiDocument, version: string, { properties = {} }: Schema, kind: string): { readonly plural: string; readonly scope: KindSchema['scope']; readonly subresources: NonNullable<KindVersion['subresources']> } | undefined {
  if (!properties['apiVersion'] || !properties['metadata']) {
    return undefined;
  }
  const root = `/apis/${platformGroup}/${version}`;
  for (const [path, item] of Object.entries(paths)) {
    const [, namespaced, plural] = new RegExp(`^${root.replaceAll('.', '\\.')}(/namespaces/\\{namespace\\})?/([^/]+)/\\{name\\}$`).exec(path) ?? [];
    if (plural !== undefined && holds(item, kind)) {
      const subresources = { ...(paths[`${path}/status`] ? { status: {} } : {}), ...(paths[`${path}/scale`] ? { scale: { specReplicasPath: '.spec.replicas' } } : {}) };
      return { plural, scope: namespaced ? 'Namespaced' : 'Cluster', subresources };
    }
  }
  return undefined;
}

function holds(item: unknown, kind: string): boolean {
  const operations = isObject(item as never) ? Object.values(item as Record<string, unknown>) : [];
  return operations.some((operation) => (operation as { 'x-kubernetes-group-version-kind'?: { kind?: string } } | null)?.['x-kubernetes-group-version-kind']?.kind === kind);
}

function versionOf(name: string, schema: OpenApiSchema, subresources: NonNullable<KindVersion['subresources']>, bundled: KindSchema | undefined): KindVersion {
  const known = bundled?.versions.find((version) => version.name === name);
  const { metadata, apiVersion, kind, ...fields } = schema.properties ?? {};
  const own = { ...schema, properties: { ...(apiVersion && { apiVersion }), ...(kind && { kind }), metadata: { ...(metadata?.description ? { description: metadata.description } : {}), type: 'object' as const }, ...fields } };
  return {
    name, served: true, storage: known?.storage ?? true, subresources: { ...known?.subresources, ...subresources }, schema: inOurWords(own, known?.schema),
    ...(known?.deprecated && { deprecated: true }), ...(known?.deprecationWarning !== undefined && { deprecationWarning: known.deprecationWarning }),
  };
}

/** The same structure with our descriptions where we have some, and fields in our order. */
function inOurWords(schema: Schema, ours: Schema | undefined): Schema {
  if (!ours) {
    return schema;
  }
  const names = Object.keys(schema.properties ?? {});
  const known = Object.keys(ours.properties ?? {}).filter((name) => names.includes(name));
  const ordered = [...known, ...names.filter((name) => !known.includes(name))];
  const properties = Object.fromEntries(ordered.flatMap((name) => {
    const field = schema.properties?.[name];
    return field ? [[name, inOurWords(field, ours.properties?.[name])] as const] : [];
  }));
  const values = typeof schema.additionalProperties === 'object' && typeof ours.additionalProperties === 'object' ? inOurWords(schema.additionalProperties, ours.additionalProperties) : schema.additionalProperties;
  return {
    ...schema,
    ...(ours.description !== undefined && { description: ours.description }),
    ...(schema.properties && { properties }),
    ...(schema.items && { items: inOurWords(schema.items, ours.items) }),
    ...(values !== undefined && { additionalProperties: values }),
  };
}
