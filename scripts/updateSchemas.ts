import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatJson } from './schemas/format';
import { readDefinitions, readSchemaFiles } from './schemas/structure';

/**
 * `updateSchemas.ts <module> [<folder of CRDs>]` rewrites `schemas/<module>/`: structure from the CRDs when a folder is given,
 * otherwise as it is. Words of the CRDs never get in.
 */
const [module, definitions] = process.argv.slice(2);
if (module === undefined) {
  console.error('Usage: updateSchemas.ts <module> [<folder of CRDs>]');
  process.exit(2);
}
const folder = path.join(import.meta.dirname, '../schemas', module);
mkdirSync(folder, { recursive: true });
const files = definitions === undefined ? readSchemaFiles(folder) : readDefinitions(definitions);
for (const [plural, file] of files) {
  writeFileSync(path.join(folder, `${plural}.json`), formatJson(file));
}
for (const name of readdirSync(folder)) {
  if (!files.has(path.basename(name, '.json')) && existsSync(path.join(folder, name))) {
    rmSync(path.join(folder, name));
  }
}
console.log(`${files.size} kinds in schemas/${module}`);
