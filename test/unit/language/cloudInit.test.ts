import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { build } from 'esbuild';
import { root } from '../../../scripts/paths';
import { readyValidators } from '../../../scripts/readyValidators';
import { moduleValidators } from '../../../src/language/cloudInit/moduleValidators';
import type { JsonSchema } from '../../../src/language/cloudInit/schema';
import type { Json } from '../../../src/language/scalars';
import { inspectCloudConfig } from '../../../src/language/cloudInit/inspect';
import { parseCloudConfig, userDataKind } from '../../../src/language/cloudInit/parse';
import { cloudConfigValidator } from '../../../src/language/cloudInit/validator';
import { expand, snippetsOf } from '../schemas/snippetText';
import { readSchema } from './support';

const schema = JSON.parse(readSchema('cloud-init.json') ?? '{}') as Record<string, unknown>;

const texts = [
  '{}', 'packages: [a]', 'packages: a', 'run_cmd: [a]', 'users: [default, {name: a}]', 'users: [{nam: a}]', 'users: 3', 'write_files: [{path: /a, content: b}]', 'write_files: [{content: b}]',
  'write_files: [{path: /a, permissions: 0644}]', 'ssh_pwauth: yes', 'ssh_pwauth: maybe', 'hostname: 3', 'ntp: {servers: [a]}', 'ntp: {servrs: [a]}', 'ntp:', 'chpasswd: {expire: false}',
  'chpasswd: {expire: no, users: [{name: a, password: b, type: text}]}', 'power_state: {mode: reboot}', 'power_state: {mode: sleep}', 'power_state: {}', 'growpart: {mode: auto}', 'growpart: {mode: 1}', '[]', 'text', '- a',
  'apt: {sources: {a: {source: b}}}', 'apt: {}', 'mounts: [[a, b]]', 'mounts: a', 'packages: []', 'runcmd: [[ls, -l], ls, null]', 'runcmd: [{a: b}]', 'timezone: 1', 'locale: false', 'x: 1\ny: 2', 'bootcmd: {}', 'reporting: {a: {type: log}}', 'output: {all: 3}',
];

test('what is refused is what the schema as a whole refuses', () => {
  const whole = new Ajv({ strict: false, validateFormats: false, logger: false }).compile(Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema')));
  for (const text of texts) {
    const value = parseCloudConfig(`#cloud-config\n${text}`).value as Json;
    assert.equal(cloudConfigValidator(schema)(value).length === 0, whole(value), text);
  }
});

test('as cloud-init reads its schema, bytes are text and nothing counts beside a reference', () => {
  for (const text of ['hostname: 1e3', 'hostname: -.5', 'power_state: {mode: reboot, delay: "+30\\n"}', 'swap: {filename: /a, size: "2G\\n"}', 'groups: 7', 'groups: []', 'groups: [[1], {admins: {}}]', 'write_files: [{path: /a, content: !!binary aGVsbG8=}]']) {
    assert.deepEqual(inspectCloudConfig(`#cloud-config\n${text}`, schema), [], text);
  }
});

test('dates are of no type that the schema knows, and what only looks like one is a text', () => {
  const found = (text: string) => inspectCloudConfig(`#cloud-config\n${text}`, schema).map(({ code }) => code);
  for (const text of ['ntp: 2026-01-01', 'puppet: {conf: 2026-01-01 10:00:00}', 'hostname: !!timestamp 2026-01-01', 'users: [{name: a, expiredate: 2026-01-01}]', 'users: [{name: a, expiredate: 2026-1-1}]', 'users: [{name: a, expiredate: "2026-02-30"}]']) {
    assert.deepEqual(found(text), ['cloud-init/wrong-value'], text);
  }
  for (const text of ['hostname: 2026-1-1', 'hostname: 2026-01-01T0:0:0', 'hostname: !!str 2026-01-01', 'hostname: "2026-02-30"', 'users: [{name: a, expiredate: "2028-02-29"}]']) {
    assert.deepEqual(found(text), [], text);
  }
});

test('what PyYAML cannot read is unreadable, whatever YAML says', () => {
  for (const text of ['hostname:\ta', 'runcmd: [ls]\t # why', '\t# why\nruncmd: [ls]', 'groups:\n- ? {a: b}\n  : c', 'packages: !!str [a]', 'packages: !mine [a]', 'hostname: 2026-02-30', 'hostname: 2026-01-01 25:00:00']) {
    const [problem, ...more] = inspectCloudConfig(`#cloud-config\n${text}`, schema);
    assert.deepEqual([problem?.code, more], ['cloud-init/unreadable', []], text);
  }
  assert.deepEqual(inspectCloudConfig('#cloud-config\n# a\tb\nruncmd:\n- |\n  cat <<A\n  \ta\n  A\n- "a\tb"\n- a\tb\n', schema), []);
});

test('the validators that a bundle contains find the same as those compiled on the spot', async () => {
  const { outputFiles } = await build({ absWorkingDir: root, entryPoints: ['src/language/cloudInit/moduleValidators.ts'], plugins: [readyValidators], bundle: true, minify: true, format: 'esm', write: false });
  const code = outputFiles[0]?.text ?? '';
  assert.doesNotMatch(code, /\bFunction\(|\beval\(/);
  const ready = ((await import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)) as { moduleValidators: typeof moduleValidators }).moduleValidators(schema);
  const compiled = moduleValidators(schema);
  const { allOf = [], properties = {} } = schema as JsonSchema;
  const shapes: readonly Json[] = [null, true, 3, 'text', '', [], [null], ['text'], [['text', 3]], [{}], [{ name: 3, path: null, x: [] }], {}, { x: 1 }, { enabled: 'text', users: [{}], list: 3, mode: 'x', config: [1], sources: { a: 3 } }];
  const values = [
    ...[...texts, ...snippetsOf('userData').map((snippet) => expand(snippet))].map((text) => parseCloudConfig(`#cloud-config\n${text}`).value as Json),
    ...Object.keys(properties).flatMap((key) => shapes.map((shape): Json => ({ [key]: shape }))),
  ];
  let refused = 0;
  for (const { $ref = '' } of allOf) {
    const [one, other] = [ready($ref), compiled($ref)];
    assert.ok(one && other, $ref);
    for (const value of values) {
      assert.equal(one(value), other(value), `${$ref} ${JSON.stringify(value)}`);
      assert.deepEqual(one.errors, other.errors, `${$ref} ${JSON.stringify(value)}`);
      refused += one.errors ? 1 : 0;
    }
  }
  assert.ok(refused > allOf.length, 'something is refused by more than a few modules');
});

for (const [text, ...messages] of [
  ['users: [{name: a, shel: b}]', 'cloud-init knows no key "shel" here and ignores it. Did you mean "shell"?'],
  ['power_state: {mode: sleep}', /mode|not possible/],
  ['write_files: [{content: b}]', '"write_files" lacks "path".'],
  ['packages: foo', '"packages" has to be of type array.'],
  ['ntp: {servrs: [a]}', 'cloud-init knows no key "servrs" here and ignores it. Did you mean "servers"?'],
] as const) {
  test(`one sentence about ${text}`, () => {
    const found = inspectCloudConfig(`#cloud-config\n${text}\n`, schema).map(({ message }) => message);
    assert.equal(found.length, messages.length, found.join('\n'));
    messages.forEach((message, index) => (typeof message === 'string' ? assert.equal(found[index], message) : assert.match(found[index] ?? '', message)));
  });
}

test('YAML as PyYAML reads it: y and n are texts, yes and no are not, of two equal keys the last counts', () => {
  assert.deepEqual(parseCloudConfig('a: y\nb: yes\nc: 0644\nd: 1\nd: 2\n').value, { a: 'y', b: true, c: 420, d: 2 });
});

test('the first line says what a text is', () => {
  assert.deepEqual(['#cloud-config\n', '\n  #cloud-config\n', '#Cloud-Config\n', '#cloud-configs\n', '#!/bin/sh', '## template: jinja\n', 'Content-Type: multipart/mixed', 'From nobody\nMIME-Version: 1.0\n', 'packages: []', ''].map(userDataKind),
    ['cloud-config', 'cloud-config', 'cloud-config', undefined, 'other', 'other', 'other', 'other', undefined, undefined]);
});
