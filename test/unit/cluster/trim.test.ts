import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trimmed } from '../../../src/cluster/trim';

test('F36: of a Secret only its type and the names of its keys are kept', () => {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"userData":"aHVudGVyMg=="}}', note: 'x' };
  const secret = trimmed({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'prod', annotations }, type: 'Opaque', data: { userData: 'aHVudGVyMg==' } });
  assert.deepEqual(secret, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a', namespace: 'prod', annotations: { note: 'x' } }, type: 'Opaque', data: { userData: '' } });
});

test('other objects stay as they are, and the same where nothing is taken away', () => {
  const disk = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: { key: 'value' } };
  assert.equal(trimmed(disk), disk);
});
