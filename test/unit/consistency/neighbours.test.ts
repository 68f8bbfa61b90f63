import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/paths';

interface Manifest {
  readonly extensionKind: readonly string[];
  readonly activationEvents: readonly string[];
  readonly extensionDependencies?: readonly string[];
  readonly extensionPack?: readonly string[];
  readonly contributes: Readonly<Record<string, unknown>>;
}

const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

test('F46: no schema is given to other extensions, which would then report what we report', () => {
  for (const point of ['yamlValidation', 'jsonValidation', 'languages', 'grammars']) {
    assert.ok(!(point in manifest.contributes), point);
  }
});

test('F46: no other extension is needed or brought along', () => {
  assert.deepEqual([manifest.extensionDependencies ?? [], manifest.extensionPack ?? []], [[], []]);
});

test('F47: the schemes of objects and differences are ones that no other extension answers for', () => {
  assert.deepEqual(manifest.activationEvents.filter((event) => event.startsWith('onFileSystem:')), ['onFileSystem:dvp']);
  const registered = globSync('src/**/*.ts', { cwd: root }).flatMap((file) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return [...text.matchAll(/register(?:FileSystemProvider|TextDocumentContentProvider)\(\s*([^,\s]+)/g)].map(([, scheme]) => scheme);
  });
  assert.deepEqual([...new Set(registered)].sort(), ['diffScheme', 'objectScheme']);
  assert.match(readFileSync(path.join(root, 'src/vscode/target.ts'), 'utf8'), /export const objectScheme = 'dvp';[^]*export const diffScheme = 'dvp-diff';/);
});

test('F48: kubeconfig and credential programs are those of the side where the workspace is', () => {
  assert.equal(manifest.extensionKind[0], 'workspace');
});
