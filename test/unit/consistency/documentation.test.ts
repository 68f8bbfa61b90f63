import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const root = path.join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { commands: { command: string }[]; configuration: { properties: Record<string, unknown> } };
  scripts: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const pages = ['README.md', 'docs/reference.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'docs/bench.md'];
const textOf = (page: string) => readFileSync(path.join(root, page), 'utf8');

test('every command and setting of package.json is described in the reference, and nothing else is', () => {
  // What stands at the end of a row does the same as in its menu.
  const known = [...manifest.contributes.commands.map(({ command }) => command).filter((command) => !command.endsWith('.inline')), ...Object.keys(manifest.contributes.configuration.properties)];
  const described = [...textOf('docs/reference.md').matchAll(/^\| `(dvp\.[\w.]+)`/gm)].map((match) => match[1]);
  assert.deepEqual([...described].sort(), [...known].sort());
});

test('links of the documentation lead somewhere', () => {
  const broken = pages.flatMap((page) => [...textOf(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
    .map((match) => match[1]!)
    .filter((target) => !existsSync(path.join(root, path.dirname(page), target)))
    .map((target) => `${page}: ${target}`));
  assert.deepEqual(broken, []);
});

test('scripts that the documentation names exist', () => {
  const missing = pages.flatMap((page) => [...textOf(page).matchAll(/npm run ([\w:]+)/g)].map((match) => match[1]!).filter((name) => !(name in manifest.scripts)));
  assert.deepEqual(missing, []);
});

test('every dependency has its reason', () => {
  const contributing = textOf('CONTRIBUTING.md');
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).filter((name) => !name.startsWith('@types/'));
  assert.deepEqual(names.filter((name) => !contributing.includes(name.replace('@xterm/addon', ''))), []);
});

test('the README begins with what it is, a picture and the two commands', () => {
  const [, beginning = ''] = /^# [^\n]+\n([^]*?)\n## /.exec(textOf('README.md')) ?? [];
  assert.match(beginning, /^\n\w[^]*!\[[^]*npm ci && npm run demo[^]*npm ci && npm test/);
});
