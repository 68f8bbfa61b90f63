import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeApi } from '../../../src/cluster/api';
import { applyManifest, conflictsOf, storedObject, tryManifest, undoApply, type AppliedManifest } from '../../../src/cluster/applyManifest';
import { ClusterError } from '../../../src/cluster/errors';
import { platformGroup } from '../../../src/domain/kind';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { changesBetween, writtenPart } from '../../../src/domain/manifestChange';
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
    const sizeIn = (object: KubeObject | undefined) => stringAt(object, 'spec.persistentVolumeClaim.size');
    const sizeOf = async (asked: AppliedManifest) => sizeIn(await storedObject(api, asked, signal));

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

    test('what others write while it is tried is no change by the manifest', async () => {
      const asked = manifest('tried', '10Gi');
      const before = await tryManifest(api, asked, { force: false, signal });
      assert.deepEqual([before.before, sizeIn(before.answer.object), before.answer.object.metadata.resourceVersion], [undefined, '10Gi', undefined]);
      await applyManifest(api, asked, really);
      let writes = 0;
      const meanwhile: Pick<KubeApi, 'request' | 'patch'> = {
        request: api.request.bind(api),
        patch: async (...given) => {
          await (writes++ < 2 && api.patch(asked.resource, asked, { metadata: { labels: { written: String(writes) } } }, { type: 'merge', signal }));
          return api.patch(...given);
        },
      };
      const tried = await tryManifest(meanwhile, manifest('tried', '20Gi'), { force: false, signal });
      assert.ok(tried.before);
      assert.deepEqual(changesBetween(writtenPart(tried.before), writtenPart(tried.answer.object)).map(({ path }) => path.join('.')), ['spec.persistentVolumeClaim.size']);
      assert.deepEqual([tried.before.metadata.labels, await sizeOf(asked)], [{ written: '2' }, '10Gi']);
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
