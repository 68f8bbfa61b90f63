import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeCloudInit, readCloudInitWords } from './schemas/cloudInit';
import { describe, readDescriptions } from './schemas/descriptions';
import { formatJson } from './schemas/format';
import type { Schema } from './schemas/structure';
import { readDefinitions, readSchemaFiles, withoutWordsIn } from './schemas/structure';

const usage = `Usage:
  updateSchemas.ts                               new words from schemas/descriptions, structure as it is
  updateSchemas.ts <module> <folder of CRDs>     structure of schemas/<module> from CRDs, then as above
  updateSchemas.ts cloud-init <schema file>      structure of schemas/cloud-init.json, then as above`;

const schemas = path.join(import.meta.dirname, '../schemas');
const [target, source, ...rest] = process.argv.slice(2);
if ((target !== undefined && source === undefined) || rest.length > 0) {
  console.error(usage);
  process.exit(2);
}
if (target !== undefined && target !== 'cloud-init') {
  mkdirSync(path.join(schemas, target), { recursive: true });
}
const descriptions = readDescriptions(path.join(schemas, 'descriptions'));
for (const module of readdirSync(schemas).filter((name) => /^\d+\.\d+$/.test(name))) {
  updateModule(module, target === module ? source : undefined);
}
updateCloudInit(target === 'cloud-init' ? source : undefined);

function updateModule(module: string, definitions: string | undefined): void {
  const folder = path.join(schemas, module);
  const files = definitions === undefined ? readSchemaFiles(folder) : readDefinitions(definitions);
  for (const [plural, file] of files) {
    writeFileSync(path.join(folder, `${plural}.json`), formatJson(describe(withoutWordsIn(file), module, descriptions)));
  }
  for (const name of readdirSync(folder).filter((name) => !files.has(path.basename(name, '.json')))) {
    rmSync(path.join(folder, name));
  }
  console.log(`schemas/${module}: ${files.size} kinds`);
}

function updateCloudInit(from: string | undefined): void {
  const file = path.join(schemas, 'cloud-init.json');
  const schema = JSON.parse(readFileSync(from ?? file, 'utf8')) as Schema;
  writeFileSync(file, formatJson(describeCloudInit(schema, readCloudInitWords(path.join(schemas, 'descriptions/cloud-init.yaml')))));
  console.log('schemas/cloud-init.json');
}
