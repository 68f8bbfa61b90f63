import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { describe, readDescriptions } from '../../../scripts/schemas/descriptions';
import { formatJson } from '../../../scripts/schemas/format';
import { withoutWordsIn } from '../../../scripts/schemas/structure';
import { fieldsOf, moduleNames, schemaFiles, schemasFolder } from './files';

const descriptions = readDescriptions(path.join(schemasFolder, 'descriptions'));
const longest = 330;

for (const module of moduleNames) {
  test(`${module}: every field has a description but metadata, of which the API server allows none`, () => {
    const silent = [...fieldsOf(module)].filter(({ path, schema }) => !path.endsWith('[]') && (schema.description === undefined) !== (path === 'metadata'));
    assert.deepEqual(silent.map(({ name }) => name), []);
  });

  test(`${module}: descriptions are sentences of reasonable length`, () => {
    for (const { name, schema } of fieldsOf(module)) {
      const text = schema.description;
      if (typeof text === 'string') {
        const [first = '', ...values] = text.split('\n');
        assert.match(first, /^[^\s].*[.)]$/, name);
        assert.ok(first.length <= longest, `${name}: ${first.length} characters`);
        assert.ok(values.every((line) => /^- `[^`]+`: \S.*\.$/.test(line)), name);
      }
    }
  });

  test(`${module}: where values are described, they are those of the schema`, () => {
    for (const { name, schema } of fieldsOf(module)) {
      const described = typeof schema.description === 'string' ? [...schema.description.matchAll(/^- `([^`]+)`:/gm)].map(([, value]) => value) : [];
      if (described.length > 0 && Array.isArray(schema.enum)) {
        assert.deepEqual(described.sort(), (schema.enum as string[]).toSorted(), name);
      }
    }
  });

  test(`${module}: the schema files hold what the descriptions say`, () => {
    for (const [plural, file] of schemaFiles(module)) {
      const text = readFileSync(path.join(schemasFolder, module, `${plural}.json`), 'utf8');
      assert.equal(text, formatJson(describe(withoutWordsIn(file), module, descriptions)), `run "node scripts/run.mjs scripts/updateSchemas.ts" for ${plural}`);
    }
  });
}

test('no description is left over from a field that is gone', () => {
  const paths = new Map<string, Set<string>>();
  for (const module of moduleNames) {
    for (const { kind, path } of fieldsOf(module)) {
      paths.set(kind, (paths.get(kind) ?? new Set()).add(path));
    }
  }
  const leftOver = [...descriptions.kinds].flatMap(([kind, words]) => Object.keys(words).filter((path) => path !== '$like' && !paths.get(kind)?.has(path)).map((path) => `${kind} ${path}`));
  const all = [...paths.values()].flatMap((own) => [...own]);
  const sharedLeftOver = Object.keys(descriptions.shared).filter((end) => !all.some((path) => (end.startsWith('.') ? path.endsWith(end) : path === end)));
  assert.deepEqual([...leftOver, ...sharedLeftOver], []);
});
