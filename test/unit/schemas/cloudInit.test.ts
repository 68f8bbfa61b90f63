import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { describeCloudInit, readCloudInitWords, withoutCloudInitWords } from '../../../scripts/schemas/cloudInit';
import { formatJson } from '../../../scripts/schemas/format';
import type { Schema } from '../../../scripts/schemas/structure';
import { reference, schemasFolder, skipWithoutReference } from './files';

const file = path.join(schemasFolder, 'cloud-init.json');
const text = readFileSync(file, 'utf8');
const schema = JSON.parse(text) as Schema;
const words = readCloudInitWords(path.join(schemasFolder, 'descriptions/cloud-init.yaml'));

test('the structure is that of cloud-init', { skip: skipWithoutReference }, () => {
  const theirs = JSON.parse(readFileSync(path.join(reference, 'cloud-init/schema-cloud-config-v1.json'), 'utf8')) as Schema;
  assert.deepEqual(withoutCloudInitWords(schema), withoutCloudInitWords(theirs));
});

test('the file holds what the descriptions say, and no description is left over', () => {
  const paths = new Set<string>();
  assert.equal(text, formatJson(describeCloudInit(schema, words, (path) => paths.add(path))));
  const described = [words.words, words.renamed, words.outdated].flatMap((texts) => Object.keys(texts));
  assert.deepEqual(described.filter((path) => !paths.has(path)), []);
});

test('every key at the top of user data has a description', () => {
  const definitions = Object.entries(schema.$defs as Record<string, Schema>).filter(([name]) => /^(cc_|base_|output_config|reporting_config)/.test(name));
  const described = new Set(definitions.flatMap(([, { properties }]) => Object.entries((properties ?? {}) as Record<string, Schema>).filter(([, { description }]) => description !== undefined).map(([name]) => name)));
  assert.deepEqual(Object.keys(schema.properties as object).filter((key) => !described.has(key) && key !== 'migrate' && key !== 'version'), []);
});

test('every outdated key or value says what to write', () => {
  const silent: string[] = [];
  const visit = (value: unknown, place: string): void => {
    if (typeof value === 'object' && value !== null) {
      const { deprecated, changed, deprecated_description: instead, changed_description: since } = value as Schema;
      if ((deprecated === true && instead === undefined) || (changed === true && since === undefined)) {
        silent.push(place);
      }
      Object.entries(value).forEach(([key, item]) => visit(item, `${place}/${key}`));
    }
  };
  visit(schema, '');
  assert.deepEqual(silent, []);
});
