import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { objectOr, type ApiObject, type JsonObject } from './api/model';

/** The two generations of the platform that the schemas describe. */
export type Module = '1.10' | '0.17';

interface SchemaFile {
  readonly group: string;
  readonly scope: string;
  readonly names: JsonObject;
  readonly versions: readonly (JsonObject & { readonly printerColumns?: readonly JsonObject[]; readonly schema: JsonObject })[];
}

const schemas = path.join(import.meta.dirname, '../../schemas');

/** The CustomResourceDefinitions of a module, made of `schemas/<module>/*.json`, and the one of the settings of modules. */
export async function crdsOf(module: Module): Promise<ApiObject[]> {
  const files = (await readdir(path.join(schemas, module))).filter((file) => file.endsWith('.json')).sort().map((file) => `${module}/${file}`);
  return await Promise.all([...files, 'companions/moduleconfigs.json'].map(async (file) => crdOf(JSON.parse(await readFile(path.join(schemas, file), 'utf8')) as SchemaFile)));
}

function crdOf({ group, scope, names, versions }: SchemaFile): ApiObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition',
    metadata: { name: `${String(names['plural'])}.${group}`, labels: { module: 'virtualization' } },
    spec: {
      group, scope, names,
      versions: versions.map(({ printerColumns, schema, ...version }) => ({
        ...version, schema: { openAPIV3Schema: { ...schema, properties: { ...properties(schema), metadata: metadataOf(schema) } } }, ...(printerColumns?.length ? { additionalPrinterColumns: printerColumns } : {}),
      })),
    },
  };
}

const properties = (schema: JsonObject) => objectOr(schema['properties']);

/** A CRD may restrict nothing of `metadata` but the two names. */
function metadataOf(schema: JsonObject): JsonObject {
  const { name, generateName } = properties(objectOr(properties(schema)['metadata']));
  const names = { ...(name === undefined ? {} : { name }), ...(generateName === undefined ? {} : { generateName }) };
  return { type: 'object', ...(Object.keys(names).length > 0 ? { properties: names } : {}) };
}
