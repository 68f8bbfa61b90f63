import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeObject, judge, type Verdict } from '../../../src/language/apiServer';
import { parseManifest } from '../../../src/language/manifest';
import type { JsonObject } from '../../../src/language/prune';
import type { Schema } from '../../../src/language/structural';
import { thing } from './kinds';

const head = 'apiVersion: example.org/v1\nkind: Thing\nmetadata:\n  name: a\n';

function ask(spec: Schema, text: string, before?: JsonObject): Verdict {
  return judge({ manifest: parseManifest(head + text), kind: thing({ properties: { spec } }), version: 'v1', operation: before ? 'update' : 'create', ...(before && { before }) });
}

function told({ findings }: Verdict): readonly string[] {
  return findings.map(({ path, message }) => `${path.join('/')} ${message}`);
}

test('unknown fields are told together, sorted, and nothing else is', () => {
  const verdict = ask({ type: 'object', properties: { a: { type: 'string' } } }, 'spec: {z: 1, b: 2, a: 5}\nextra: 1\n');
  assert.equal(verdict.code, 400);
  assert.deepEqual(told(verdict), ['extra unknown field "extra"', 'spec/b unknown field "spec.b"', 'spec/z unknown field "spec.z"']);
});

test('a null is absent and is then defaulted', () => {
  const verdict = ask({ type: 'object', properties: { a: { type: 'string', default: 'x' }, b: { type: 'string' }, c: { type: 'string', nullable: true } } }, 'spec: {a: , b: null, c: null}\n');
  assert.deepEqual(verdict.object?.['spec'], { a: 'x', c: null });
});

test('a required field with a default is there', () => {
  assert.equal(ask({ type: 'object', required: ['a'], properties: { a: { type: 'integer', default: 3 } } }, 'spec: {}\n').code, 201);
});

test('types are told in the words of the API server, floats that are whole are integers', () => {
  const schema: Schema = { type: 'object', properties: { num: { type: 'integer' }, s: { type: 'string' } } };
  assert.deepEqual(told(ask(schema, 'spec: {num: 2.5, s: 5}\n')), [
    'spec/num Invalid value: "number": spec.num in body must be of type integer: "number"', 'spec/s Invalid value: "integer": spec.s in body must be of type string: "integer"',
  ]);
  assert.equal(ask(schema, 'spec: {num: 5.0}\n').code, 201);
});

test('a whole number that JSON writes as a float passes the schema and fails the rule that reads it', () => {
  const rules = [{ rule: 'self.b >= self.a', message: 'no' }];
  const schema: Schema = { type: 'object', properties: { spec: { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' }, c: { type: 'integer' } }, 'x-kubernetes-validations': rules } } };
  const judged = (spec: string) => judge({ manifest: parseManifest(`{"apiVersion": "example.org/v1", "kind": "Thing", "metadata": {"name": "a"}, "spec": ${spec}}`, 'json'), kind: thing(schema), version: 'v1', operation: 'create' });
  assert.deepEqual(told(judged('{"a": 1.0, "b": 2}')), ['spec Invalid value: "object": invalid data, expected int, got float64 evaluating rule: no']);
  assert.equal(judged('{"a": 1e0, "b": 2}').code, 422);
  assert.equal(judged('{"a": 1, "b": 2, "c": 3.0}').code, 201, 'no rule reads it');
  assert.equal(judged('{"a": 1, "b": 9223372036854775807}').code, 201, 'the largest integer is one');
  assert.deepEqual(told(judged('{"a": 1.0000000001, "b": 2}')), ['spec Invalid value: "object": invalid data, expected int, got float64 evaluating rule: no'], 'near enough for the schema');
  assert.equal(judged('{"a": 1, "b": 2, "c": -3.0}').code, 201);
  for (const beyond of ['1e18', '9007199254740992.0', '-1E18']) {
    assert.match(told(judged(`{"a": 1, "b": 2, "c": ${beyond}}`)).join(), /^spec\/c .* must be of type integer: "number"/, beyond);
  }
  assert.equal(judged('{"a": 1, "b": 2, "c": 1000000000000000000}').code, 201, 'without an exponent it is an integer');
  assert.equal(ask({ type: 'object', properties: schema.properties?.['spec']?.properties ?? {}, 'x-kubernetes-validations': rules }, 'spec: {a: 1.0, b: 2}\n').code, 201, 'YAML becomes JSON first, without the fraction');
});

test('lengths count code points, patterns are RE2 and unanchored, and only the first of them is told', () => {
  const schema: Schema = { type: 'object', properties: { s: { type: 'string', maxLength: 2, pattern: '^(?P<x>\\pL+)' } } };
  assert.equal(ask(schema, 'spec: {s: "яж"}\n').code, 201);
  assert.deepEqual(told(ask(schema, 'spec: {s: "123"}\n')), ['spec/s Too long: may not be more than 2 bytes']);
  assert.match(told(ask(schema, 'spec: {s: "1"}\n')).join(), /should match/);
});

test('a pattern that would backtrack takes no time', () => {
  const started = performance.now();
  ask({ type: 'object', properties: { s: { type: 'string', pattern: '^(a+)+$' } } }, `spec: {s: ${'a'.repeat(50_000)}!}\n`);
  assert.ok(performance.now() - started < 1000);
});

test('an amount may be a text or an integer', () => {
  const schema: Schema = { type: 'object', properties: { q: { 'x-kubernetes-int-or-string': true, pattern: '^[0-9]+(Gi)?$', anyOf: [{ type: 'integer' }, { type: 'string' }] } } };
  assert.equal(ask(schema, 'spec: {q: 5}\n').code, 201);
  assert.equal(ask(schema, 'spec: {q: 5Gi}\n').code, 201);
  assert.equal(ask(schema, 'spec: {q: 5.5}\n').code, 422);
  assert.equal(ask(schema, 'spec: {q: 5gi}\n').code, 422);
});

test('alternatives: the failures of the one that fits best', () => {
  const schema: Schema = { type: 'object', properties: { p: { type: 'object', properties: { t: { type: 'string' }, u: { type: 'string' }, r: { type: 'string' } },
    oneOf: [{ properties: { t: { enum: ['U'] } }, required: ['u'] }, { properties: { t: { enum: ['R'] } }, required: ['r'] }] } } };
  assert.equal(ask(schema, 'spec: {p: {t: U, u: x}}\n').code, 201);
  assert.deepEqual(told(ask(schema, 'spec: {p: {t: U}}\n')), ['spec/p Invalid value: "": "spec.p" must validate one and only one schema (oneOf). Found none valid', 'spec/p/u Required value']);
});

test('repeated items of sets and keyed lists', () => {
  const schema: Schema = { type: 'object', properties: {
    set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    map: { type: 'array', items: { type: 'object', properties: { name: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] },
  } };
  assert.deepEqual(told(ask(schema, 'spec: {set: [a, b, a, a], map: [{name: x}, {name: x}]}\n')), ['spec/set/2 Duplicate value: "a"', 'spec/map/1 Duplicate value: {"name":"x"}']);
});

test('rules: a missing field fails them, basic errors keep them from being asked', () => {
  const schema: Schema = { type: 'object', properties: { a: { type: 'integer' }, b: { type: 'integer' }, namespace: { type: 'string' } },
    'x-kubernetes-validations': [{ rule: 'self.a < self.b', message: 'a below b' }, { rule: "!has(self.__namespace__) || self.__namespace__ != 'x'", messageExpression: "'not ' + self.__namespace__", reason: 'FieldValueForbidden', fieldPath: '.namespace' }] };
  assert.equal(ask(schema, 'spec: {a: 1, b: 2}\n').code, 201);
  assert.deepEqual(told(ask(schema, 'spec: {a: 2, b: 2, namespace: x}\n')), ['spec Invalid value: "object": a below b', 'spec/namespace Forbidden: not x']);
  assert.deepEqual(told(ask(schema, 'spec: {a: 2}\n')), ['spec Invalid value: "object": no such key: b evaluating rule: a below b']);
  assert.match(told(ask(schema, 'spec: {a: x, b: 1}\n')).join('\n'), /some validation rules were not checked/);
});

test('transition rules run on updates only, and what has not changed is left alone', () => {
  const schema: Schema = { type: 'object', properties: { a: { type: 'integer', maximum: 5 }, b: { type: 'string' } }, 'x-kubernetes-validations': [{ rule: 'self.a == oldSelf.a', message: 'a is immutable' }] };
  const before = { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { a: 9, b: 'x' } };
  assert.equal(ask(schema, 'spec: {a: 3}\n').code, 201);
  assert.equal(ask(schema, 'spec: {a: 9, b: z}\n', before).code, 200);
  assert.deepEqual(told(ask(schema, 'spec: {a: 8, b: z}\n', before)), ['spec/a Invalid value: 8: spec.a in body should be less than or equal to 5', 'spec Invalid value: "object": a is immutable']);
});

test('metadata: types are a 400, the rest a 422', () => {
  const meta = (text: string) => judge({ manifest: parseManifest(`apiVersion: example.org/v1\nkind: Thing\nmetadata: ${text}\n`), kind: thing({}), version: 'v1', operation: 'create' });
  assert.equal(meta('{name: a, labels: {a: yes}}').message, 'Thing in version "v1" cannot be handled as a Thing: json: cannot unmarshal bool into Go struct field ObjectMeta.labels of type string');
  assert.deepEqual(told(meta('{}')), ['metadata/name Required value: name or generateName is required']);
  assert.equal(meta('{generateName: a-}').code, 201);
  assert.equal(meta('{name: a.b, labels: {"": x}}').code, 422);
  for (const owner of ['apiVersion: a/b/c, kind: Pod', 'apiVersion: v1, kind: Event']) {
    assert.equal(meta(`{name: a, ownerReferences: [{${owner}, name: b, uid: c}]}`).code, 422, owner);
  }
  assert.deepEqual(meta('{name: A, labels: {a: "-"}, ownerReferences: [{kind: Pod}]}').findings.map(({ path }) => path.join('/')), [
    'metadata/name', 'metadata/labels/a', 'metadata/ownerReferences/0/apiVersion', 'metadata/ownerReferences/0/name', 'metadata/ownerReferences/0/uid',
  ]);
  assert.equal(meta('{name: a, Labels: {}}').code, 400);
  assert.deepEqual(meta('{name: a, finalizers: [x]}').warnings.length, 1);
});

test('the status of a new object is dropped, an unknown field in it is not overlooked', () => {
  const kind = thing({ properties: { status: { type: 'object', properties: { phase: { type: 'string' } } } } });
  const asked = (status: string) => judge({ manifest: parseManifest(`${head}status: ${status}\n`), kind, version: 'v1', operation: 'create' });
  assert.equal(asked('{phase: 5}').code, 201);
  assert.equal(asked('{colour: red}').code, 400);
});

test('an object that goes elsewhere is refused before anything else', () => {
  const asked = (text: string) => judge({ manifest: parseManifest(text), kind: thing({}), version: 'v1', operation: 'create' });
  assert.match(asked('apiVersion: example.org/v2\nkind: Thing\n').message ?? '', /does not match the expected API version/);
  assert.match(asked('kind: 5\n').message ?? '', /struct field \.kind of type string/);
  assert.match(asked('a: 1\n').message ?? '', /Object 'Kind' is missing/);
  assert.equal(judge({ manifest: parseManifest(head), kind: thing({}), version: 'v9', operation: 'create' }).code, 404);
});

test('judging leaves the manifest as it was', () => {
  const manifest = parseManifest(`${head}spec: {x: 1}\n`);
  const kind = thing({});
  decodeObject(manifest, kind, kind.versions[0]!);
  assert.deepEqual(manifest.value, { apiVersion: 'example.org/v1', kind: 'Thing', metadata: { name: 'a' }, spec: { x: 1 } });
});
