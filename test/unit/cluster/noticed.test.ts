import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { everywhere, Store } from '../../../src/cluster/store';
import { findingsOf } from '../../../src/domain/attentionRules';
import type { KubeObject } from '../../../src/domain/kubeObject';

const kind = 'VirtualDisk';
const written = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), phase: fc.constantFrom('Ready', 'Failed', 'Pending') });
const step = fc.oneof(fc.record({ set: written }), fc.record({ remove: written }), fc.record({ listed: fc.uniqueArray(written, { selector: ({ name }) => name }) }), fc.constant({ ask: true } as const));

let version = 0;
const objectOf = ({ name, phase }: { readonly name: string; readonly phase: string }, of = kind): KubeObject => ({
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: of, status: { phase },
  metadata: { name, namespace: 'prod', uid: name, resourceVersion: String(++version), creationTimestamp: '2026-01-01T00:00:00Z' },
});
const listed = (of: string, objects: readonly KubeObject[]) => {
  const store = new Store((error) => { throw error; });
  store.follow(of, [everywhere]);
  assert.equal(store.noticed(of), undefined, 'not known is not "nothing"');
  store.apply(of, everywhere, { type: 'listed', objects });
  return store;
};

test('what is noticed agrees with a look at every object, whatever is set, replaced, deleted and listed', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
    const store = listed(kind, []);
    for (const one of steps) {
      if ('set' in one) {
        store.apply(kind, everywhere, { type: 'set', object: objectOf(one.set) });
      } else if ('remove' in one) {
        store.apply(kind, everywhere, { type: 'deleted', object: objectOf(one.remove) });
      } else if ('listed' in one) {
        store.apply(kind, everywhere, { type: 'listed', objects: one.listed.map((each) => objectOf(each)) });
      } else {
        store.noticed(kind);
      }
    }
    const noticed = store.noticed(kind) ?? [];
    const expected = (store.list(kind) ?? []).filter((object) => findingsOf(object, kind).length > 0);
    assert.deepEqual(new Set(noticed.map(({ object }) => object)), new Set(expected));
    noticed.forEach(({ object, findings }) => assert.deepEqual(findings, findingsOf(object, kind)));
    assert.equal(noticed.length, expected.length);
  }));
});

test('it is the same array until something in it changes, also when others do', () => {
  const store = listed(kind, [objectOf({ name: 'broken', phase: 'Failed' }), objectOf({ name: 'well', phase: 'Ready' })]);
  const before = store.noticed(kind);
  assert.equal(before?.length, 1);
  store.apply(kind, everywhere, { type: 'set', object: objectOf({ name: 'well', phase: 'Ready' }) });
  assert.equal(store.noticed(kind), before);
  store.apply(kind, everywhere, { type: 'set', object: objectOf({ name: 'broken', phase: 'Failed' }) });
  assert.notEqual(store.noticed(kind), before);
});

test('nothing is noticed of kinds that are not looked at', () => {
  const lease = 'VirtualMachineIPAddressLease';
  assert.deepEqual(listed(lease, [objectOf({ name: 'lost', phase: 'Failed' }, lease)]).noticed(lease), []);
});
