import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesBetween, takenBack, writtenPart } from '../../../src/domain/manifestChange';
import { comparedText } from '../../../src/language/comparedText';

const disk = {
  apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualDisk',
  metadata: {
    name: 'data', namespace: 'prod', uid: 'u', resourceVersion: '7', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z', managedFields: [],
    labels: { app: 'web' }, annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' },
  },
  spec: { persistentVolumeClaim: { size: '10Gi' } },
  status: { phase: 'Ready' },
};

test('F17: what the server keeps about an object is not compared', () => {
  assert.deepEqual(writtenPart(disk), {
    apiVersion: disk.apiVersion, kind: 'VirtualDisk', metadata: { name: 'data', namespace: 'prod', labels: { app: 'web' } }, spec: disk.spec,
  });
});

test('changes are told field by field, lists of another length as a whole', () => {
  const before = { a: 1, b: { c: [1, 2], d: [{ x: 1 }] }, gone: true };
  assert.deepEqual(changesBetween(before, { a: 1, b: { c: [1, 2, 3], d: [{ x: 2 }] }, come: null }), [
    { path: ['b', 'c'], before: [1, 2], after: [1, 2, 3] },
    { path: ['b', 'd', 0, 'x'], before: 1, after: 2 },
    { path: ['gone'], before: true, after: undefined },
    { path: ['come'], before: undefined, after: null },
  ]);
  assert.deepEqual(changesBetween(before, structuredClone(before)), []);
});

test('F17: fields that nobody wrote are marked where they are compared', () => {
  const object = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec: { size: 1, mode: 'Fast', list: [{ x: 1, w: 2 }], more: { z: 1 } } };
  const written = { apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a' }, spec: { size: 1, list: [{ x: 1 }] } };
  const marked = comparedText(object, [written], 'added').split('\n').filter((line) => line.includes('# added'));
  assert.deepEqual(marked.map((line) => line.trim()), ['mode: Fast # added', 'w: 2 # added', 'more: # added']);
});

test('only the fields that were changed are taken back, and none that was changed again', () => {
  const applied = { ...disk, spec: { persistentVolumeClaim: { size: '20Gi', storageClassName: 'fast' } } };
  const changes = changesBetween(writtenPart(disk), writtenPart(applied));
  const now = { ...applied, metadata: { ...disk.metadata, finalizers: ['a/b'] } };
  assert.deepEqual(takenBack(now, changes), { ...now, spec: disk.spec });
  assert.equal(takenBack({ ...now, spec: { persistentVolumeClaim: { size: '30Gi', storageClassName: 'fast' } } }, changes), undefined);
});
