import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readArguments } from '../../../src/cli/arguments';
import type { Finding } from '../../../src/cli/check';
import { run, type Outcome } from '../../../src/cli/run';
import { root } from '../language/kinds';

const folder = mkdtempSync(join(tmpdir(), 'dvp-check-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'sub'));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const check = async (...argv: readonly string[]): Promise<Outcome> => {
  const read = readArguments(argv);
  assert.ok(typeof read !== 'string');
  return run(read, { version: '1.2.3', schemaText: (file) => readFileSync(join(root, 'schemas', file), 'utf8') });
};
const findings = async (...argv: readonly string[]) => JSON.parse((await check('--format', 'json', ...argv)).output) as readonly Finding[];

const disk = (name: string, more = '', size = '1Gi') => `apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: ${name}\n${more}spec:\n  persistentVolumeClaim:\n    size: ${size}\n`;
const broken = write('disk.yaml', `# two documents\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n---\n${disk('"😀" ', '', '10GB')}`);
const clean = write('clean.yaml', disk('data'));

test('a finding has the place of its token, counted in the file', async () => {
  const lines = await findings(broken);
  const size = lines.find(({ path }) => path === 'spec.persistentVolumeClaim.size');
  assert.deepEqual(size && [size.line, size.column, size.endLine, size.endColumn, size.severity, size.code.split('/')[0]], [13, 11, 13, 15, 'error', 'schema']);
  assert.ok(lines.some(({ path, line }) => path === 'metadata.name' && line === 10));
});

test('the exit code says whether something is wrong, and whether all was checked', async () => {
  assert.equal((await check(clean)).exitCode, 0);
  assert.equal((await check(broken)).exitCode, 1);
  const { exitCode, complaints, output } = await check(join(folder, 'nobody.yaml'), broken);
  assert.equal(exitCode, 2);
  assert.match(complaints[0] ?? '', /nobody\.yaml could not be read/);
  assert.match(output, /schema\/invalid/);
  const binary = join(folder, 'binary.yaml');
  writeFileSync(binary, Buffer.from([0x61, 0xff, 0xfe]));
  assert.match((await check(binary)).complaints[0] ?? '', /no UTF-8 text/);
  rmSync(binary);
});

test('folders are searched, hidden ones and dependencies are not; no file is checked twice', async () => {
  write('sub/other.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: X, foo: 1}\n');
  for (const inner of ['.git', 'node_modules']) {
    mkdirSync(join(folder, 'sub', inner));
    write(`sub/${inner}/disk.yaml`, disk('A'));
  }
  assert.deepEqual(await findings(join(folder, 'sub')), []);
  symlinkSync(broken, join(folder, 'sub', 'again.yml'));
  const files = new Set((await findings(broken, join(folder, 'sub'))).map(({ file }) => file));
  assert.deepEqual([...files], [broken]);
  rmSync(join(folder, 'sub', 'again.yml'));
});

test('what one file creates exists for the others', async () => {
  const machine = write('uses.yaml', 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachineBlockDeviceAttachment\nmetadata: {name: a}\nspec:\n  virtualMachineName: x\n  blockDeviceRef: {kind: VirtualDisk, name: data}\n');
  assert.deepEqual((await findings(machine, clean)).filter(({ severity }) => severity === 'error'), []);
});

test('the module decides', async () => {
  const file = write('machine.yaml', 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachine\nmetadata: {name: a}\nspec:\n  virtualMachineClassName: x\n  cpu: {cores: 1, coreFraction: 100%}\n  memory: {size: 1Gi}\n  liveMigrationPolicy: PreferSafe\n  blockDeviceRefs: [{kind: VirtualDisk, name: a}]\n');
  const unknown = async (...more: readonly string[]) => (await findings(...more, file)).filter(({ path, severity }) => path === 'spec.liveMigrationPolicy' && severity === 'error').length;
  assert.deepEqual([await unknown(), await unknown('--module', '1.10'), await unknown('--module', '0.17')], [0, 0, 1]);
});

test('a severity can be set by code and by group, and the exit code follows', async () => {
  const codes = async (...more: readonly string[]) => (await findings(...more, broken)).map(({ code, severity }) => `${code} ${severity}`);
  assert.ok((await codes()).includes('schema/invalid error'));
  assert.ok((await codes('--severity', 'schema=warning')).includes('schema/invalid warning'));
  assert.ok(!(await codes('--severity', 'schema/invalid=off')).some((text) => text.startsWith('schema/invalid')));
  assert.equal((await check('--severity', 'schema=warning', '--severity', 'platform=hint', '--severity', 'cel=off', broken)).exitCode, 0);
});

test('saved objects tell what may not be changed any more, found by kind, namespace and name', async () => {
  const saved = (namespace: string) => disk('data', `  namespace: ${namespace}\n  uid: 1-2-3\n  resourceVersion: "7"\n`, '3Gi');
  const smaller = write('smaller.yaml', disk('data', '  namespace: shop\n', '2Gi'));
  const codes = async (live: string, file: string) => (await findings('--live', write('live.yaml', live), file)).filter(({ severity }) => severity === 'error').map(({ code }) => code);
  const refused = await codes(saved('shop'), smaller);
  assert.equal(refused.length, 1);
  assert.deepEqual(await codes(saved('other'), smaller), []);
  // Nobody says a namespace: the only object of that name is meant.
  assert.deepEqual(await codes(saved('shop'), write('nowhere.yaml', disk('data', '', '2Gi'))), refused);
  // As `kubectl get -o yaml` prints several.
  const list = `apiVersion: v1\nkind: List\nitems:\n- ${saved('shop').trimEnd().replaceAll('\n', '\n  ')}\n`;
  assert.deepEqual(await codes(list, smaller), refused);
  assert.match((await check('--live', write('live.yaml', 'just text'), smaller)).complaints[0] ?? '', /no object of a cluster/);
});

test('SARIF names each rule once and keeps relative files relative', async () => {
  const { output } = await check('--format', 'sarif', broken);
  const { version, runs: [first] } = JSON.parse(output) as { version: string; runs: { tool: { driver: { rules: { id: string }[]; version: string } }; results: { ruleId: string; ruleIndex: number; level: string; locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[] }[] }[] };
  assert.equal(version, '2.1.0');
  assert.equal(first?.tool.driver.version, '1.2.3');
  const result = first?.results.find(({ ruleId }) => ruleId === 'schema/invalid');
  assert.equal(first?.tool.driver.rules[result?.ruleIndex ?? -1]?.id, 'schema/invalid');
  assert.deepEqual(result?.locations[0]?.physicalLocation, { artifactLocation: { uri: `file://${broken}` }, region: { startLine: 13, startColumn: 11, endLine: 13, endColumn: 15 } });
});

test('annotations keep colons, commas, percent signs and line breaks apart from their own', async () => {
  const file = write('a,b:c%.yaml', disk('data', '', '10GB'));
  const { output } = await check('--format', 'github', file);
  assert.match(output, /^::error file=[^ :,]*a%2Cb%3Ac%25\.yaml,line=7,endLine=7,col=11,endColumn=15,title=schema\/invalid::/m);
  rmSync(file);
});

test('arguments that make no sense are refused in words', () => {
  assert.throws(() => readArguments([]), /Name at least one file/);
  assert.throws(() => readArguments(['--module', '2', 'x']), /use 1\.10 or 0\.17/);
  assert.throws(() => readArguments(['--format', 'xml', 'x']), /use text, json, sarif or github/);
  assert.throws(() => readArguments(['--severity', 'schema=loud', 'x']), /CODE=LEVEL/);
  assert.throws(() => readArguments(['--severity', 'shema=off', 'x']), /the groups are yaml, schema/);
  assert.throws(() => readArguments(['--kubeconfig', 'f', 'x']), /--context/);
  assert.equal(readArguments(['--help']), 'help');
});

test('a file too large to be checked is not clean, wherever in it a manifest stands', async () => {
  const file = write('large.yaml', `# ${'x'.repeat(17 * 1024 * 1024)}\n---\n${disk('data', '')}`);
  const { exitCode, output } = await check(file);
  assert.equal(exitCode, 1);
  assert.match(output, /was not checked \[yaml\/syntax\]/);
  rmSync(file);
});
