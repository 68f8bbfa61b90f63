import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, readDescriptions } from './schemas/descriptions';
import { formatJson } from './schemas/format';
import { readDefinitions, readSchemaFiles, withoutWordsIn } from './schemas/structure';

/**
 * `updateSchemas.ts <module> [<folder of CRDs>]` rewrites `schemas/<module>/`: structure from the CRDs when a folder is given,
 * otherwise as it is; words from `schemas/descriptions/` alone.
 */
const [module, definitions] = process.argv.slice(2);
if (module === undefined) {
  console.error('Usage: updateSchemas.ts <module> [<folder of CRDs>]');
  process.exit(2);
}
const folder = path.join(import.meta.dirname, '../schemas', module);
mkdirSync(folder, { recursive: true });
const files = definitions === undefined ? readSchemaFiles(folder) : readDefinitions(definitions);
const descriptions = readDescriptions(path.join(folder, '../descriptions'));
for (const [plural, file] of files) {
  writeFileSync(path.join(folder, `${plural}.json`), formatJson(describe(withoutWordsIn(file), module, descriptions)));
}
for (const name of readdirSync(folder)) {
  if (!files.has(path.basename(name, '.json'))) {
    rmSync(path.join(folder, name));
  }
}
console.log(`${files.size} kinds in schemas/${module}`);
