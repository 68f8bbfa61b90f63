import { compareSchemas } from './schemas/compare';
import { readDefinitions, readSchemaFiles, withoutWordsIn } from './schemas/structure';

/** `checkSchemas.ts <folder of CRDs> <schemas/<module>>` lists every difference in structure; exit code 1 when there is one. */
const [definitions, schemas] = process.argv.slice(2);
if (definitions === undefined || schemas === undefined) {
  console.error('Usage: checkSchemas.ts <folder of CRDs> <schemas/<module>>');
  process.exit(2);
}
const found = new Map([...readSchemaFiles(schemas)].map(([plural, file]) => [plural, withoutWordsIn(file)]));
const differences = compareSchemas(readDefinitions(definitions), found);
for (const { path, expected, found } of differences) {
  console.log(`${path}: expected ${expected ?? 'nothing'}, found ${found ?? 'nothing'}`);
}
console.log(`${found.size} kinds, ${differences.length} differences`);
process.exit(differences.length === 0 ? 0 : 1);
