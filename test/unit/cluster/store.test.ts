import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { everywhere, Store } from '../../../src/cluster/store';
import type { KubeObject } from '../../../src/domain/kubeObject';

const disk = (namespace: string, name: string, version: number, spec: object = {}, uid = `${namespace}/${name}`): KubeObject => ({
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualDisk', metadata: { name, namespace, uid, resourceVersion: String(version) }, spec,
});
const newStore = () => new Store((error) => { throw error; });
const problem = { reason: 'unreachable', message: 'No.' } as const;
const refusal = { reason: 'forbidden', message: 'You may not.' } as const;

describe('the store', () => {
  test('every single write is told in order, also those that one event folds', () => {
    const store = newStore();
    const told: string[] = [];
    let fired = 0;
    store.follow('VirtualDisk', [everywhere]);
    store.onDidWrite('VirtualDisk')(({ object, isGone }) => told.push(`${object.metadata.resourceVersion}${isGone ? ' gone' : ''}`));
    store.onDidWrite('VirtualImage')(() => told.push('another kind'));
    store.onDidChange(() => fired++);
    store.applyAll('VirtualDisk', everywhere, [
      { type: 'set', object: disk('a', 'x', 1) }, { type: 'set', object: disk('a', 'x', 2) }, { type: 'set', object: disk('a', 'x', 2) }, { type: 'deleted', object: disk('a', 'x', 3) },
    ]);
    assert.deepEqual([told, fired], [['1', '2', '2 gone'], 1]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'y', 4)] });
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [] });
    assert.deepEqual(told.slice(3), ['4', '4 gone']);
  });

  test('F10: after any events it holds what a model holds, lists are sorted, and old lists never change', () => {
    const namespaces = fc.constantFrom('a', 'b', 'c');
    const names = fc.constantFrom('w', 'x', 'y', 'z');
    const target = fc.constantFrom('i', 'j');
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('set', 'deleted'), namespace: namespaces, name: names, image: target }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('listed'), objects: fc.uniqueArray(fc.record({ namespace: namespaces, name: names, image: target }), { selector: ({ namespace, name }) => `${namespace}/${name}`, maxLength: 12 }) }) },
    );
    fc.assert(fc.property(fc.array(event, { maxLength: 100 }), fc.nat(3), (events, readEvery) => {
      const store = newStore();
      const model = new Map<string, KubeObject>();
      const held: { list: readonly KubeObject[]; copy: KubeObject[] }[] = [];
      let version = 0;
      const make = ({ namespace, name, image }: { namespace: string; name: string; image: string }) => disk(namespace, name, ++version, { dataSource: { type: 'ObjectRef', objectRef: { kind: 'VirtualImage', name: image } } });
      store.follow('VirtualDisk', [everywhere]);
      store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [] });
      for (const [index, next] of events.entries()) {
        if ('objects' in next) {
          const objects = next.objects.map(make);
          model.clear();
          objects.forEach((object) => model.set(`${object.metadata.namespace}/${object.metadata.name}`, object));
          store.apply('VirtualDisk', everywhere, { type: 'listed', objects });
        } else {
          const object = make(next);
          const key = `${next.namespace}/${next.name}`;
          if (next.type === 'set') {
            model.set(key, object);
          } else {
            model.delete(key);
          }
          store.apply('VirtualDisk', everywhere, { type: next.type, object });
        }
        if (index % (readEvery + 1) === 0) {
          const list = store.list('VirtualDisk') ?? [];
          held.push({ list, copy: [...list] });
          const order = [...model.keys()].sort();
          assert.deepEqual(list.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`), order);
          for (const namespace of ['a', 'b', 'c']) {
            assert.deepEqual(store.list('VirtualDisk', namespace), list.filter(({ metadata }) => metadata.namespace === namespace));
          }
          for (const key of ['a/w', 'b/x', 'c/z']) {
            const [namespace = '', name = ''] = key.split('/');
            assert.equal(store.get('VirtualDisk', name, namespace), model.get(key) ?? null);
          }
          const referring = store.referring('VirtualDisk', 'VirtualImage', 'i', 'a')?.map(({ metadata }) => metadata.name).sort();
          assert.deepEqual(referring, list.filter(({ metadata, spec }) => metadata.namespace === 'a' && JSON.stringify(spec).includes('"i"')).map(({ metadata }) => metadata.name).sort());
        }
      }
      held.forEach(({ list, copy }) => assert.deepEqual([...list], copy));
    }));
  });

  test('F3: a list that says what is known fires nothing; exact deletes otherwise', () => {
    const store = newStore();
    store.follow('VirtualDisk', [everywhere]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1), disk('a', 'y', 1)] });
    const first = store.get('VirtualDisk', 'x', 'a');
    let fired = 0;
    store.onDidChange(() => fired++);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1), disk('a', 'y', 1)] });
    assert.equal(fired, 0);
    assert.equal(store.get('VirtualDisk', 'x', 'a'), first);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1)] });
    assert.equal(fired, 1);
    assert.equal(store.get('VirtualDisk', 'y', 'a'), null);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1, {}, 'another one')] });
    assert.equal(fired, 2, 'the same version of another object is another object');
  });

  test('a long list comes in pages: known as a whole, at the end, whatever an earlier attempt brought', () => {
    const store = newStore();
    let fired = 0;
    store.follow('VirtualDisk', [everywhere]);
    store.onDidChange(() => fired++);
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'broken-off', 1)], isFirst: true });
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'w', 1)], isFirst: true });
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'x', 1)], isFirst: false });
    assert.deepEqual([store.list('VirtualDisk'), store.get('VirtualDisk', 'z', 'a'), store.state('VirtualDisk').phase, fired], [undefined, undefined, 'loading', 0]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'y', 1)], isContinued: true });
    assert.deepEqual([store.list('VirtualDisk')?.map(({ metadata }) => metadata.name), fired], [['w', 'x', 'y'], 1]);
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'w', 1)], isFirst: true });
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'y', 1)], isContinued: true });
    assert.deepEqual([store.list('VirtualDisk')?.map(({ metadata }) => metadata.name), fired], [['w', 'y'], 2]);
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'w', 1)], isFirst: true });
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'y', 1)] });
    assert.deepEqual(store.list('VirtualDisk')?.map(({ metadata }) => metadata.name), ['y']);
  });

  test('an object that two pages hold does not hide that another is gone', () => {
    const store = newStore();
    store.follow('VirtualDisk', [everywhere]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1), disk('a', 'y', 1)] });
    store.apply('VirtualDisk', everywhere, { type: 'page', objects: [disk('a', 'x', 2)], isFirst: true });
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 3)], isContinued: true });
    assert.deepEqual(store.list('VirtualDisk')?.map(({ metadata }) => [metadata.name, metadata.resourceVersion]), [['x', '3']]);
  });

  test('changes that come together are one event', () => {
    const store = newStore();
    store.follow('VirtualDisk', [everywhere]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1)] });
    const fired: string[] = [];
    store.onDidChange((kind) => fired.push(kind));
    store.applyAll('VirtualDisk', everywhere, [{ type: 'set', object: disk('a', 'y', 2) }, { type: 'set', object: disk('a', 'x', 3) }, { type: 'deleted', object: disk('a', 'y', 4) }]);
    assert.deepEqual(fired, ['VirtualDisk']);
    assert.deepEqual(store.list('VirtualDisk')?.map(({ metadata }) => metadata.resourceVersion), ['3']);
    store.applyAll('VirtualDisk', everywhere, [{ type: 'deleted', object: disk('a', 'y', 4) }]);
    assert.equal(fired.length, 1);
  });

  test('not known is not absent', () => {
    const store = newStore();
    assert.deepEqual([store.list('VirtualDisk'), store.get('VirtualDisk', 'x', 'a'), store.referring('VirtualDisk', 'VirtualImage', 'x', 'a'), store.state('VirtualDisk')], [undefined, undefined, undefined, { phase: 'unlisted' }]);
    store.follow('VirtualDisk', [everywhere]);
    assert.deepEqual([store.list('VirtualDisk'), store.get('VirtualDisk', 'x', 'a'), store.state('VirtualDisk').phase], [undefined, undefined, 'loading']);
    store.apply('VirtualDisk', everywhere, { type: 'failed', problem: refusal, sinceMs: undefined });
    assert.deepEqual([store.list('VirtualDisk'), store.state('VirtualDisk')], [undefined, { phase: 'failed', problem: refusal }]);
  });

  test('what was true stays, marked stale, until it is true again', () => {
    const store = newStore();
    store.follow('VirtualDisk', [everywhere]);
    store.apply('VirtualDisk', everywhere, { type: 'listed', objects: [disk('a', 'x', 1)] });
    store.apply('VirtualDisk', everywhere, { type: 'failed', problem, sinceMs: 5, retryAtMs: 9 });
    assert.deepEqual(store.state('VirtualDisk'), { phase: 'stale', sinceMs: 5, problem });
    assert.equal(store.list('VirtualDisk')?.length, 1);
    store.apply('VirtualDisk', everywhere, { type: 'resumed' });
    assert.deepEqual(store.state('VirtualDisk'), { phase: 'live' });
  });

  test('F8: single namespaces: known there, not known elsewhere, and why', () => {
    const store = newStore();
    store.follow('VirtualDisk', [everywhere]);
    store.apply('VirtualDisk', everywhere, { type: 'failed', problem: refusal, sinceMs: undefined });
    store.follow('VirtualDisk', ['a', 'b'], refusal);
    store.apply('VirtualDisk', 'a', { type: 'listed', objects: [disk('a', 'x', 1)] });
    store.apply('VirtualDisk', 'b', { type: 'failed', problem: refusal, sinceMs: undefined });
    assert.deepEqual(store.state('VirtualDisk'), { phase: 'live', namespaces: ['a'], partial: refusal });
    assert.deepEqual([store.get('VirtualDisk', 'y', 'a'), store.get('VirtualDisk', 'y', 'b'), store.get('VirtualDisk', 'y', 'c')], [null, undefined, undefined]);
    assert.deepEqual([store.list('VirtualDisk', 'a')?.length, store.list('VirtualDisk', 'b')], [1, undefined]);
    store.apply('VirtualDisk', 'a', { type: 'failed', problem, sinceMs: 5 });
    assert.deepEqual(store.state('VirtualDisk'), { phase: 'stale', sinceMs: 5, problem, namespaces: ['a'] });
    store.apply('VirtualDisk', 'c', { type: 'listed', objects: [disk('c', 'x', 1)] });
    assert.equal(store.list('VirtualDisk', 'c'), undefined, 'late words of a watch that is over count for nothing');
    store.follow('VirtualDisk', ['b']);
    assert.equal(store.get('VirtualDisk', 'x', 'a'), undefined);
  });
});
