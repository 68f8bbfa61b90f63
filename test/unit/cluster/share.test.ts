import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { shared, sharedWith } from '../../../src/cluster/share';
import type { KubeObject } from '../../../src/domain/kubeObject';

const part = fc.record({ a: fc.constantFrom('x', 'y'), list: fc.array(fc.record({ type: fc.constantFrom('p', 'q'), reason: fc.constantFrom('r', 's') }, { requiredKeys: ['type'] }), { maxLength: 3 }) }, { requiredKeys: [] });
const object = fc.record({ spec: part, status: part }).map((parts): KubeObject => ({ apiVersion: 'v1', kind: 'K', metadata: { name: 'n', labels: { l: parts.spec.a ?? '' } }, ...parts }));

test('an object that shares says what it said before', () => {
  fc.assert(fc.property(object, object, (before, now) => {
    const text = JSON.stringify(now);
    const old = JSON.stringify(before);
    assert.equal(JSON.stringify(sharedWith(before, now)), text);
    assert.equal(JSON.stringify(shared(now)), text);
    assert.equal(JSON.stringify(before), old, 'the version before is untouched');
  }));
});

test('what has not changed is the same value, what has changed is not', () => {
  const make = (phase: string): KubeObject => ({
    apiVersion: 'v1', kind: 'K', metadata: { name: 'n' }, spec: { cpu: { cores: 2 } },
    status: { phase, conditions: [{ type: 'Ready', status: 'True' }, { type: 'Running', status: phase }] },
  });
  const before = make('True');
  const now = sharedWith(before, make('False'));
  assert.equal(now.spec, before.spec);
  assert.notEqual(now.status, before.status);
  const conditions = (of: KubeObject) => (of.status as { conditions: unknown[] }).conditions;
  assert.equal(conditions(now)[0], conditions(before)[0]);
  assert.notEqual(conditions(now)[1], conditions(before)[1]);
});
