import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KindId } from '../../../src/domain/kind';
import { kindId, groupOf } from '../../../src/domain/kinds';
import type { KubeObject } from '../../../src/domain/kubeObject';
import type { Facts, ModuleGeneration, ModuleSettings } from '../../../src/language/rule';
import type { KindSchema, Schema } from '../../../src/language/structural';

export const root = join(import.meta.dirname, '../../..');

/** The bundled schemas of a module by kind. */
export function kindSchemas(module: ModuleGeneration): ReadonlyMap<string, KindSchema> {
  const folder = join(root, 'schemas', module);
  return new Map(readdirSync(folder).map((file) => {
    const kind = JSON.parse(readFileSync(join(folder, file), 'utf8')) as KindSchema;
    return [kind.names.kind, kind];
  }));
}

/** A kind made up for a test: one served version `v1` of `Thing` in `example.org`. */
export function thing(schema: Schema): KindSchema {
  return {
    group: 'example.org', names: { kind: 'Thing', plural: 'things' }, scope: 'Namespaced',
    versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { type: 'object', ...schema } }],
  };
}

/** A cluster that holds exactly these objects, all kinds being known. */
export function factsOf(objects: readonly KubeObject[], settings: ModuleSettings): Facts {
  const idOf = (object: KubeObject): KindId => kindId(groupOf(object.apiVersion), object.kind);
  const list = (kind: KindId, namespace?: string) => objects.filter((object) => idOf(object) === kind && (namespace === undefined || object.metadata.namespace === namespace));
  return {
    settings,
    list,
    get: (kind, name, namespace) => list(kind).find(({ metadata }) => metadata.name === name && (metadata.namespace === undefined || metadata.namespace === namespace)) ?? null,
  };
}
