import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeApi } from '../../../src/cluster/api';
import { applyManifest, conflictsOf, storedObject, undoApply, type AppliedManifest } from '../../../src/cluster/applyManifest';
import { ClusterError } from '../../../src/cluster/errors';
import { platformGroup } from '../../../src/domain/kind';
import { stringAt, valueAt } from '../../../src/domain/values';
import { halves, startSite, type Site } from './site';

for (const { half, skip } of halves) {
  describe(`applying a manifest, ${half} API server`, { skip: skip ?? false }, () => {
    const { signal } = new AbortController();
    const really = { dryRun: false, force: false, signal };
    let site: Site;
    let api: KubeApi;
    before(async () => {
      site = await startSite(half);
      api = site.api(await site.context('admin', { user: { token: site.cluster.users.admin.token } }));
    });
    after(() => site.stop());

    const manifest = (name: string, size: string, more = ''): AppliedManifest => ({
      resource: { group: platformGroup, version: 'v1alpha2', plural: 'virtualdisks', namespaced: true }, name, namespace: 'default',
      text: `apiVersion: ${platformGroup}/v1alpha2\nkind: VirtualDisk\nmetadata:\n  name: ${name}\nspec:\n  persistentVolumeClaim:\n    size: ${size}\n${more}`,
    });
    const sizeOf = async (asked: AppliedManifest) => stringAt(await storedObject(api, asked, signal), 'spec.persistentVolumeClaim.size');

    test('F15: a dry run stores nothing; then it is created, changed and taken back step by step', async () => {
      const [small, large] = [manifest('steps', '10Gi'), manifest('steps', '20Gi')];
      await applyManifest(api, small, { ...really, dryRun: true });
      assert.equal(await storedObject(api, small, signal), undefined);
      const created = await applyManifest(api, small, really);
      const stored = await storedObject(api, small, signal);
      const changed = await applyManifest(api, large, really);
      assert.equal(await sizeOf(large), '20Gi');
      await undoApply(api, large, stored, changed.object, signal);
      assert.equal(await sizeOf(small), '10Gi');
      await undoApply(api, small, undefined, created.object, signal);
      assert.equal(await storedObject(api, small, signal), undefined);
    });

    test('F15: unknown fields and repeated keys are refused, as they are written', async () => {
      await assert.rejects(applyManifest(api, manifest('strict', '10Gi', '  colour: red\n'), really), /colour/);
      await assert.rejects(applyManifest(api, manifest('strict', '10Gi', 'kind: VirtualDisk\n'), really), /already set/);
    });

    test('F16: fields of somebody else are told with their owner, and taken only on request', async () => {
      const asked = manifest('shared', '10Gi');
      await api.patch(asked.resource, asked, asked.text, { type: 'apply', fieldManager: 'pipeline', signal });
      const larger = manifest('shared', '30Gi');
      const error: unknown = await applyManifest(api, larger, really).catch((thrown: unknown) => thrown);
      assert.deepEqual(conflictsOf(error), [{ manager: 'pipeline', field: 'spec.persistentVolumeClaim.size' }]);
      assert.equal(await sizeOf(asked), '10Gi');
      await applyManifest(api, larger, { ...really, force: true });
      assert.equal(await sizeOf(asked), '30Gi');
    });

    test('F16: what changed since is not overwritten by taking back', async () => {
      const asked = manifest('busy', '10Gi');
      const { object } = await applyManifest(api, asked, really);
      const larger = await applyManifest(api, manifest('busy', '11Gi'), really);
      await api.patch(asked.resource, asked, { metadata: { labels: { seen: 'yes' } } }, { type: 'merge', signal });
      await undoApply(api, asked, object, larger.object, signal);
      const now = await storedObject(api, asked, signal);
      assert.deepEqual([await sizeOf(asked), now?.metadata.labels], ['10Gi', { seen: 'yes' }]);
      await assert.rejects(undoApply(api, asked, object, larger.object, signal), (error) => error instanceof ClusterError && error.reason === 'conflict');
      assert.equal(await sizeOf(asked), '10Gi');
    });

    test('F43: a context that is read-only may ask, but not apply', async () => {
      const reader = site.api(api.connection.context, { isReadOnly: () => true });
      const asked = manifest('read-only', '10Gi');
      const { object } = await applyManifest(reader, asked, { ...really, dryRun: true });
      assert.equal(valueAt(object, 'metadata.name'), 'read-only');
      await assert.rejects(applyManifest(reader, asked, really), (error) => error instanceof ClusterError && error.reason === 'readOnly');
    });
  });
}
