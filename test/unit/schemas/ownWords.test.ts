import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { reference, schemasFolder, skipWithoutReference } from './files';

/** As many words in a row are no coincidence. */
const run = 8;

/** Words of a text without link targets and code, which are names and no wording. */
const wordsOf = (text: string) => text.replaceAll(/\]\([^)]*\)|`[^`]*`/g, ' ').toLowerCase().replaceAll(/[^a-z0-9']+/g, ' ').trim().split(' ');

function* runsOf(words: readonly string[]): Generator<string> {
  for (let start = 0; start + run <= words.length; start++) {
    yield words.slice(start, start + run).join(' ');
  }
}

/** Every description and every piece of advice in a schema, one by one. */
function textsOf(schema: unknown): string[] {
  if (typeof schema !== 'object' || schema === null) {
    return [];
  }
  return Object.entries(schema).flatMap(([key, value]) => (typeof value === 'string' && /^(|deprecated_|changed_)description$/.test(key) ? [value] : textsOf(value)));
}

test('descriptions are worded independently of the CRDs, the user guide and cloud-init', { skip: skipWithoutReference }, () => {
  const sources = [
    ...['v1.10.2', 'v0.17.1'].flatMap((folder) => readdirSync(path.join(reference, 'crds', folder)).map((name) => path.join('crds', folder, name))),
    '000_41d56919b94692e8.txt',
    'cloud-init/schema-cloud-config-v1.json',
  ];
  const foreign = new Set(sources.flatMap((name) => [...runsOf(wordsOf(readFileSync(path.join(reference, name), 'utf8').replaceAll('\\n', ' ')))]));
  const files = readdirSync(schemasFolder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  assert.ok(files.length > 30 && foreign.size > 10_000);
  const shared = files.flatMap((name) => textsOf(JSON.parse(readFileSync(path.join(schemasFolder, name), 'utf8'))).flatMap((text) => [...runsOf(wordsOf(text))].filter((words) => foreign.has(words)).map((words) => `${name}: ${words}`)));
  assert.deepEqual(shared, []);
});
