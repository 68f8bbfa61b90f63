import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Schema, SchemaFile } from '../../../scripts/schemas/structure';
import { mapSchema, readSchemaFiles } from '../../../scripts/schemas/structure';

const root = path.join(import.meta.dirname, '../../..');
export const schemasFolder = path.join(root, 'schemas');
/** Modules with the folder of their CRDs in the reference, which is not part of the project. */
export const modules = { '1.10': 'v1.10.2', '0.17': 'v0.17.1' } as const;
export type Module = keyof typeof modules;
export const moduleNames = Object.keys(modules) as Module[];

export const reference = path.join(root, '../shared/reference');
/** For the option `skip` of tests that compare with the reference. */
export const skipWithoutReference = existsSync(reference) ? false : 'no reference folder beside the project';

export const schemaFiles = (module: Module): ReadonlyMap<string, SchemaFile> => readSchemaFiles(path.join(schemasFolder, module));

/** Every field of every version of every kind of a module, without those inside `anyOf` and its like. */
export function* fieldsOf(module: Module): Generator<{ kind: string; path: string; schema: Schema; name: string }> {
  for (const { names, versions } of schemaFiles(module).values()) {
    for (const { schema, name } of versions) {
      const found: { path: string; schema: Schema }[] = [];
      mapSchema(schema, (field, path) => {
        if (path !== undefined) {
          found.push({ path, schema: field });
        }
        return field;
      });
      yield* found.map((field) => ({ ...field, kind: names.kind, name: `${module} ${names.kind} ${name} ${field.path}` }));
    }
  }
}
