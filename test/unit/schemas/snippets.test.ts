import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { readSchemaFiles } from '../../../scripts/schemas/structure';
import { judge } from '../../../src/language/apiServer';
import { parseFile } from '../../../src/language/manifest';
import type { Module } from './files';
import { schemaFiles, schemasFolder } from './files';
import type { Snippet } from './snippetText';
import { choicesOf, expand, snippetsOf } from './snippetText';

const companions = readSchemaFiles(path.join(schemasFolder, 'companions'));
// Draft 4, which ajv does not know by name; the keywords that cloud-init uses mean the same in draft 7.
const withoutDraft = (key: string, value: unknown) => (key === '$schema' ? undefined : value);
const cloudInit = JSON.parse(readFileSync(path.join(schemasFolder, 'cloud-init.json'), 'utf8'), withoutDraft) as object;
const isUserData = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(cloudInit);

/** Files of whole manifests, and the modules in which every one of them is valid. */
const manifestFiles: readonly (readonly [string, readonly Module[]])[] = [
  ['manifests', ['1.10', '0.17']],
  ['manifests-1.10', ['1.10']],
  ['manifests-0.17', ['0.17']],
];
const specFile = 'machineSpec';
const userDataFile = 'userData';

const machine = `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata:
  name: linux-vm
spec:
  virtualMachineClassName: generic
  cpu: { cores: 2 }
  memory: { size: 4Gi }
  blockDeviceRefs: [{ kind: VirtualDisk, name: linux-vm-root }]
`;

for (const [file, modules] of manifestFiles) {
  for (const module of modules) {
    test(`${module}: every snippet of ${file} is a manifest that the API server accepts, whatever is chosen`, () => {
      for (const snippet of snippetsOf(file)) {
        everyChoice(snippet, (text, name) => assertAccepted(module, text, name));
      }
    });
  }
}

test('what is only for one module is refused by the other', () => {
  const isAccepted = (module: Module, snippet: Snippet) => findingsIn(module, expand(snippet)).length === 0;
  // A class in v1alpha2 still works in 1.10, with a warning.
  assert.deepEqual(snippetsOf('manifests-0.17').filter((snippet) => isAccepted('1.10', snippet)).map(({ name }) => name), ['Class of virtual machines (module 0.17)']);
  assert.deepEqual(snippetsOf('manifests-1.10').filter((snippet) => isAccepted('0.17', snippet)), []);
});

for (const module of ['1.10', '0.17'] as const) {
  test(`${module}: every snippet for the spec of a machine fits there`, () => {
    for (const snippet of snippetsOf(specFile)) {
      everyChoice(snippet, (text, name) => assertAccepted(module, machine + text.replaceAll(/^/gm, '  '), name));
    }
  });
}

test('every snippet for user data is valid cloud-init', () => {
  for (const snippet of snippetsOf(userDataFile)) {
    everyChoice(snippet, (text, name) => assertUserData(`#cloud-config\n${text}`, name));
  }
});

test('snippets are found by a prefix of their own and leave no placeholder behind', () => {
  const files = [...manifestFiles.map(([file]) => file), specFile, userDataFile];
  assert.deepEqual(readdirSync(path.join(schemasFolder, '../snippets')).sort(), files.map((file) => `${file}.code-snippets`).sort());
  const snippets = files.flatMap(snippetsOf);
  const prefixes = snippets.flatMap(({ prefix }) => prefix);
  assert.equal(new Set(prefixes).size, prefixes.length);
  assert.equal(new Set(snippets.map(({ name }) => name)).size, snippets.length);
  for (const snippet of snippets) {
    assert.match(snippet.prefix[0] ?? '', /^dvp-[a-z0-9.-]+$/, snippet.name);
    assert.doesNotMatch(expand(snippet), /\$\{/, snippet.name);
    assert.notEqual(snippet.description, '');
  }
});

test('an expanded snippet repeats placeholders, takes the chosen value and keeps escaped dollars', () => {
  const snippet: Snippet = { name: '', prefix: [], description: '', body: ['a: ${1:x}', 'b: $1-y', 'c: ${2|one,two|}', "d: ${3:'\\$6\\$'}"] };
  assert.equal(expand(snippet, 1), "a: x\nb: x-y\nc: two\nd: '$6$'");
});

function everyChoice(snippet: Snippet, check: (text: string, name: string) => void): void {
  for (let choice = 0; choice < choicesOf(snippet); choice++) {
    check(expand(snippet, choice), `${snippet.name}, choice ${choice}`);
  }
}

function assertAccepted(module: Module, text: string, name: string): void {
  assert.deepEqual(findingsIn(module, text), [], name);
  for (const { manifest } of parseFile(text)) {
    const { spec, stringData } = manifest.value as { spec?: { provisioning?: { userData?: string } }; stringData?: { userData?: string } };
    const userData = spec?.provisioning?.userData ?? stringData?.userData;
    if (userData !== undefined) {
      assertUserData(userData, name);
    }
  }
}

/** What the API server would say about the documents of a text, and the kinds that it would not know. */
function findingsIn(module: Module, text: string): readonly string[] {
  return parseFile(text).flatMap(({ manifest }) => {
    const { apiVersion = '', kind } = (manifest.value ?? {}) as { apiVersion?: string; kind?: string };
    const [group = '', version = group] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
    const known = [...schemaFiles(module).values(), ...companions.values()].find((file) => file.group === group && file.names.kind === kind);
    return known === undefined ? [`${apiVersion} ${kind} is not known`] : messagesOf(manifest, known, version);
  });
}

function messagesOf(manifest: Parameters<typeof judge>[0]['manifest'], kind: Parameters<typeof judge>[0]['kind'], version: string): readonly string[] {
  const { allowed, message } = judge({ manifest, kind, version, operation: 'create' });
  return allowed ? [] : [message ?? 'refused'];
}

function assertUserData(text: string, name: string): void {
  assert.match(text, /^#cloud-config\n/, name);
  isUserData(parse(text));
  assert.deepEqual(isUserData.errors ?? [], [], name);
}
