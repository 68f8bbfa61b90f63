import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { convert } from '../../cluster/platform/conversion';
import { dependentsOf } from '../../cluster/platform/dependents';
import { difference } from '../../cluster/platform/difference';
import { Known } from '../../cluster/platform/known';
import { idOf } from '../../cluster/platform/objects';
import { isAtRest } from '../../cluster/platform/rest';

const machine = (name: string, resourceVersion: number, more: object = {}): KubeObject => ({
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine',
  metadata: { name, namespace: 'a', uid: `uid-${name}`, resourceVersion: String(resourceVersion), generation: 1 },
  spec: { virtualMachineClassName: 'generic', blockDeviceRefs: [{ kind: 'VirtualDisk', name: `${name}-root` }] }, ...more,
});

describe('the difference of two statuses', () => {
  it('is nothing for equal ones, whether a field is absent or undefined', () => {
    assert.equal(difference({ a: { b: 1 } }, { a: { b: 1, c: undefined }, d: undefined }), undefined);
  });
  it('removes with null, goes into objects, replaces lists', () => {
    assert.deepEqual(difference({ a: { b: 1, c: 2 }, l: [1], x: 1 }, { a: { b: 1, c: 3 }, l: [1, 2] }), { a: { c: 3 }, l: [1, 2], x: null });
  });
});

describe('what is known', () => {
  it('keeps the newest version, whichever arrives last', () => {
    const known = new Known();
    known.put(machine('m', 5));
    assert.equal(known.put(machine('m', 4)), null);
    assert.equal(known.get('VirtualMachine', 'm', 'a')?.metadata.resourceVersion, '5');
  });
  it('finds by index, and forgets with the object', () => {
    const known = new Known();
    known.put(machine('m', 1));
    known.put(machine('m', 2, { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: 'other' }] } }));
    assert.equal([...known.by('machine of device:VirtualDisk/a/m-root')].length, 0);
    assert.equal([...known.by('machine of device:VirtualDisk/a/other')].length, 1);
    known.remove(machine('m', 3));
    assert.equal([...known.by('machine of device:VirtualDisk/a/other')].length, 0);
  });
  it('finds in the order of creation, whatever is written later', () => {
    const known = new Known();
    known.put(machine('first', 1));
    known.put(machine('second', 2));
    known.put(machine('first', 3));
    assert.deepEqual([...known.by('machine of class:generic')].map(({ metadata }) => metadata.name), ['first', 'second']);
    known.put({ ...machine('first', 4), metadata: { ...machine('first', 4).metadata, uid: 'another' } });
    assert.deepEqual([...known.by('machine of class:generic')].map(({ metadata }) => metadata.name), ['second', 'first']);
  });
  it('wakes few, however many machines there are', () => {
    const known = new Known();
    for (let index = 0; index < 5000; index++) {
      known.put(machine(`m${index}`, index + 1));
    }
    const changed = machine('m7', 9000);
    assert.deepEqual([...dependentsOf(changed, changed, known)].map(idOf), ['VirtualDisk|a/m7-root', 'VirtualDisk|a/m7-root']);
  });
});

describe('objects at the start', () => {
  const at = (phase: string | undefined, more: object = {}) => isAtRest(machine('m', 1, { status: { observedGeneration: 1, ...(phase === undefined ? {} : { phase }), ...more } }));
  it('rest when their status is there and nothing is on its way', () => {
    assert.deepEqual(['Running', 'Stopped', 'Pending', 'Pause'].map((phase) => at(phase)), [true, true, true, true]);
  });
  it('are looked at when they are new, moving, or changed while nobody looked', () => {
    assert.deepEqual([at(undefined), at('Starting'), at('Migrating'), at('Running', { observedGeneration: 0 })], [false, false, false, false]);
  });
});

describe('the conversion of classes', () => {
  const spec = (coreFractions: unknown[], defaultCoreFraction: unknown) => ({ cpu: { type: 'Host' }, sizingPolicies: [{ cores: { min: 1, max: 2 }, coreFractions, defaultCoreFraction }] });
  const review = (version: string, object: object) => convert({ request: { uid: 'u', desiredAPIVersion: `virtualization.deckhouse.io/${version}`, objects: [object] } }) as { response: { uid: string; convertedObjects: { apiVersion: string; spec: object }[] } };
  it('goes there and back', () => {
    const there = review('v1alpha3', { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineClass', metadata: { name: 'c' }, spec: spec([5, 100], 5) }).response;
    assert.equal(there.uid, 'u');
    assert.deepEqual(there.convertedObjects[0]?.spec, spec(['5%', '100%'], '5%'));
    assert.deepEqual(review('v1alpha2', there.convertedObjects[0]).response.convertedObjects[0]?.spec, spec([5, 100], 5));
  });
});
