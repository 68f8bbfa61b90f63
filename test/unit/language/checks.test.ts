import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { parseAllDocuments } from 'yaml';
import { root } from '../../../scripts/paths';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { documentChecks, surroundingChecks } from '../../../src/language/checks/index';
import type { ModuleGeneration } from '../../../src/language/rule';
import { webhooks } from '../../../src/language/rules';
import { FakeView } from '../domain/fakeView';
import { service, yaml } from './support';

const folder = path.join(root, 'test/fixtures/rules');
/** What the API server says has codes too. */
const kernelCodes = ['yaml/syntax', 'yaml/duplicate-key', 'schema/unknown-field', 'schema/invalid', 'schema/metadata', 'cel/rule'];
const codes = [...kernelCodes, ...[...documentChecks, ...surroundingChecks].map(({ code }) => code)];

const cases = globSync('*/*/*.yaml', { cwd: folder }).sort().filter((file) => !file.endsWith('.fixed.yaml') && !file.endsWith('/cluster.yaml'));

for (const file of cases) {
  const code = path.dirname(file);
  const text = read(file);
  test(`${file} is judged as its markers say`, () => {
    const found = diagnosticsOf(file, text).map(({ line, message }) => ({ line, message }));
    const wanted = [...markersIn(text)].filter((marker) => marker.code === code).map(({ line, message }) => ({ line, message: message ?? found.find((each) => each.line === line)?.message }));
    assert.deepEqual(found, wanted);
  });
  const fixed = file.replace(/\.yaml$/, '.fixed.yaml');
  if (existsSync(path.join(folder, fixed))) {
    test(`${file} is mended by the first fixes`, () => {
      const mended = mend(file, text);
      assert.equal(mended, read(fixed));
      assert.deepEqual(diagnosticsOf(file, mended), []);
    });
  }
}

test('every rule has a failing and a clean fixture', () => {
  for (const code of codes) {
    const own = cases.filter((file) => path.dirname(file) === code);
    const isFailing = (file: string) => [...markersIn(read(file))].some((marker) => marker.code === code);
    assert.ok(own.some(isFailing), `${code}: a fixture that fails`);
    assert.ok(own.some((file) => !isFailing(file) || existsSync(path.join(folder, file.replace(/\.yaml$/, '.fixed.yaml')))), `${code}: a fixture without findings`);
  }
});

test('codes are unique, and so are their names across groups', () => {
  const names = codes.map((code) => code.slice(code.indexOf('/') + 1));
  assert.equal(new Set(names).size, codes.length);
});

test('every code is explained in docs/diagnostics.md', () => {
  const headings = new Set([...readFileSync(path.join(root, 'docs/diagnostics.md'), 'utf8').matchAll(/^### `?([\w/-]+)`?$/gm)].map(([, heading]) => heading));
  const platformCodes = Object.values(webhooks).flatMap((byKind) => Object.values(byKind)).flatMap(({ rules }) => rules.map(({ code }) => code));
  assert.deepEqual([...codes, ...new Set<string>(platformCodes), 'platform/default-values'].filter((code) => !headings.has(code)), []);
});

function serviceFor(file: string, text: string) {
  const cluster = path.join(folder, path.dirname(file), 'cluster.yaml');
  const objects = existsSync(cluster) ? parseAllDocuments(readFileSync(cluster, 'utf8')).map((document) => document.toJS() as KubeObject) : undefined;
  const module = /^# module: (\S+)/.exec(text)?.[1] as ModuleGeneration | undefined;
  return service({ ...(module ? { module } : {}), ...(objects ? { view: new FakeView(objects) } : {}) });
}

function diagnosticsOf(file: string, text: string) {
  return serviceFor(file, text).diagnostics(yaml(text)).filter((each) => each.code === path.dirname(file)).map(({ range, message }) => ({ line: range.start.line, message: typeof message === 'string' ? message : message.value })).sort((a, b) => a.line - b.line);
}

/** The first action for every finding of the fixture's code. */
function mend(file: string, text: string): string {
  const asked = serviceFor(file, text);
  let document = yaml(text);
  for (let round = 0; round < 10; round++) {
    const [finding] = asked.diagnostics(document).filter((each) => each.code === path.dirname(file));
    const [action] = finding ? asked.codeActions(document, finding.range).filter(({ diagnostics }) => diagnostics?.[0]?.code === finding.code) : [];
    const edits: TextEdit[] | undefined = action?.edit?.changes?.[document.uri];
    if (!edits) {
      break;
    }
    document = TextDocument.create(document.uri, 'yaml', round + 2, TextDocument.applyEdits(document, edits));
  }
  return document.getText();
}

function* markersIn(text: string) {
  for (const [line, content] of text.split('\n').entries()) {
    const [, code, message] = /# want ([\w/-]+)(?: (.+))?$/.exec(content) ?? [];
    if (code !== undefined) {
      yield { line, code, message };
    }
  }
}

function read(file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}
