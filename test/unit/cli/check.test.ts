import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readArguments } from '../../../src/cli/arguments';
import { check } from '../../../src/cli/check';
import { root } from '../language/kinds';

const folder = mkdtempSync(join(tmpdir(), 'dvp-check-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'sub'));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const run = (...argv: readonly string[]) => check(readArguments(argv), join(root, 'schemas'));

test('a finding has the place of its token, counted in the file', () => {
  const file = write('disk.yaml', '# two documents\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n---\napiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: "😀" \nspec:\n  persistentVolumeClaim:\n    size: 10GB\n');
  const { lines } = run(file);
  const size = lines.find(({ path }) => path === 'spec.persistentVolumeClaim.size');
  assert.deepEqual(size && [size.line, size.column, size.endLine, size.endColumn, size.severity, size.code.split('/')[0]], [13, 11, 13, 15, 'error', 'schema']);
  assert.ok(lines.some(({ path, line }) => path === 'metadata.name' && line === 10));
});

test('folders are searched, other kinds are nobody\'s business', () => {
  write('sub/other.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: X, foo: 1}\n');
  assert.deepEqual(run(join(folder, 'sub')).lines, []);
});

test('an unreadable file is told after the others were checked', () => {
  const { lines, unreadable } = run(join(folder, 'nobody.yaml'), join(folder, 'disk.yaml'));
  assert.equal(unreadable.length, 1);
  assert.ok(lines.length > 0);
});

test('the module decides', () => {
  const file = write('machine.yaml', 'apiVersion: virtualization.deckhouse.io/v1alpha2\nkind: VirtualMachine\nmetadata: {name: a}\nspec:\n  virtualMachineClassName: x\n  cpu: {cores: 1, coreFraction: 100%}\n  memory: {size: 1Gi}\n  liveMigrationPolicy: PreferSafe\n  blockDeviceRefs: [{kind: VirtualDisk, name: a}]\n');
  const unknown = (module: string) => run('--module', module, file).lines.filter(({ path, severity }) => path === 'spec.liveMigrationPolicy' && severity === 'error').length;
  assert.deepEqual([unknown('1.10'), unknown('0.17')], [0, 1]);
});

test('arguments that make no sense are refused in words', () => {
  assert.throws(() => readArguments([]), /Name at least one file/);
  assert.throws(() => readArguments(['--module', '2', 'x']), /use 1\.10 or 0\.17/);
});
