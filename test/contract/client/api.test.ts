import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeApi, Resource } from '../../../src/cluster/api';
import { ClusterError } from '../../../src/cluster/errors';
import { operate } from '../../../src/cluster/operate';
import type { KubeObject } from '../../../src/domain/kubeObject';
import type { ProblemReason } from '../../../src/domain/problem';
import { TestClock } from '../../unit/cluster/testClock';
import { startHttpProxy } from '../../cluster/faults/forwardProxy';
import { configMaps } from './follow';
import { until } from '../../until';
import { halves, startSite } from './site';
import type { Site } from './site';

const virtualMachineOperations: Resource = { group: 'virtualization.deckhouse.io', version: 'v1alpha2', plural: 'virtualmachineoperations', namespaced: true };

for (const { half, skip } of halves) {
  describe(`the API client on the ${half} API server`, { skip: skip ?? false }, () => {
    let site: Site;
    let api: KubeApi;
    before(async () => {
      site = await startSite(half);
      api = site.api(await site.context());
    });
    after(() => site.stop());

    const configMap = (name: string, data: object = {}): KubeObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data });
    const failsWith = (reason: ProblemReason, message?: RegExp) => (error: unknown) => error instanceof ClusterError && error.reason === reason && (message?.test(error.message) ?? true);

    test('F11: objects come without managedFields and kubectl\'s copy of the manifest', async () => {
      await api.create(configMaps, { ...configMap('trimmed'), metadata: { name: 'trimmed', namespace: 'default', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' } } });
      const [got, page] = await Promise.all([api.get(configMaps, 'trimmed', 'default'), api.listPage(configMaps, { namespace: 'default' })]);
      const listed = page.items.find(({ metadata }) => metadata.name === 'trimmed');
      for (const object of [got, listed]) {
        assert.ok(object && !('managedFields' in object.metadata));
        assert.deepEqual(object.metadata.annotations, { kept: 'yes' });
        assert.deepEqual([object.apiVersion, object.kind], ['v1', 'ConfigMap']);
      }
    });

    test('create, replace, merge, JSON patch, apply, delete', async () => {
      const made = await api.create(configMaps, configMap('written', { a: '1' }));
      await api.replace(configMaps, { ...made, data: { a: '2' } });
      await api.patch(configMaps, made.metadata, { data: { b: '1' } }, { type: 'merge' });
      await api.patch(configMaps, made.metadata, [{ op: 'add', path: '/data/c', value: '1' }], { type: 'json' });
      const applied = await api.patch(configMaps, made.metadata, 'apiVersion: v1\nkind: ConfigMap\ndata: {d: "1"}\n', { type: 'apply', fieldManager: 'test' });
      assert.deepEqual(applied['data'], { a: '2', b: '1', c: '1', d: '1' });
      await api.delete(configMaps, made.metadata, { uid: made.metadata.uid });
      await assert.rejects(api.get(configMaps, 'written', 'default'), failsWith('notFound', /configmaps "written" not found/));
    });

    test('a conflict of appliers names the fields', async () => {
      const made = await api.create(configMaps, configMap('owned', { a: '1' }), { fieldManager: 'first' });
      const yaml = 'apiVersion: v1\nkind: ConfigMap\ndata: {a: "2"}\n';
      await assert.rejects(api.patch(configMaps, made.metadata, yaml, { type: 'apply', fieldManager: 'second' }), (error) => failsWith('conflict')(error) && (error as ClusterError).status?.details?.causes?.[0]?.field === '.data.a');
      assert.deepEqual((await api.patch(configMaps, made.metadata, yaml, { type: 'apply', fieldManager: 'second', force: true }))['data'], { a: '2' });
    });

    test('what the server says is told in its own words', async () => {
      await api.create(configMaps, configMap('twice'));
      await assert.rejects(api.create(configMaps, configMap('twice')), failsWith('alreadyExists', /^configmaps "twice" already exists$/));
      await assert.rejects(api.patch(configMaps, { name: 'twice', namespace: 'default' }, [{ op: 'test', path: '/data/a', value: '1' }], { type: 'json' }), failsWith('invalid'));
      await assert.rejects(api.replace(configMaps, { ...configMap('twice'), metadata: { name: 'twice', namespace: 'default', resourceVersion: '1' } }), failsWith('conflict', /the object has been modified/));
      await assert.rejects(api.get({ ...configMaps, group: 'nothing.example', version: 'v1' }, 'x', 'default'), failsWith('notServed'));
      await assert.rejects(api.create(configMaps, { ...configMap('x'), metadata: { name: 'x', namespace: 'missing' } }), failsWith('notFound', /namespaces "missing" not found/));
      await assert.rejects(site.api(await site.context('viewer')).listPage(configMaps), failsWith('forbidden', /^configmaps is forbidden: User "viewer" cannot list resource "configmaps"/));
    });

    test('a namesake is never deleted', async () => {
      await api.create(configMaps, configMap('namesake'));
      await assert.rejects(api.delete(configMaps, { name: 'namesake', namespace: 'default' }, { uid: '00000000-0000-0000-0000-000000000000' }), failsWith('conflict'));
    });

    test('F43: read-only mode lets nothing through but questions', async () => {
      const from = site.faults.seen.length;
      const readOnly = site.api(await site.context(), { isReadOnly: () => true });
      for (const write of [
        () => readOnly.create(configMaps, configMap('never')), () => readOnly.replace(configMaps, configMap('never')), () => readOnly.delete(configMaps, { name: 'never', namespace: 'default' }),
        () => readOnly.patch(configMaps, { name: 'never', namespace: 'default' }, {}, { type: 'merge' }), () => readOnly.request('POST', '/anything', { body: {} }),
      ]) {
        await assert.rejects(write, failsWith('readOnly'));
      }
      assert.equal(site.faults.seen.length, from);
      await readOnly.create(configMaps, configMap('asked'), { dryRun: true });
      await readOnly.request('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } } });
      await assert.rejects(api.get(configMaps, 'asked', 'default'), failsWith('notFound'));
    });

    test('F6: a GET waits as long as Retry-After says, a write is not repeated', async () => {
      const clock = new TestClock();
      const patient = site.api(await site.context(), { clock });
      for (const code of [429, 503]) {
        site.faults.inject({ times: 1, fault: { type: 'status', code, headers: { 'retry-after': '3' } } });
        const asked = patient.request('GET', '/version');
        await until(() => clock.delaysMs.includes(3000), 'the wait');
        clock.advance(3000);
        assert.ok(await asked);
      }
      const from = site.faults.seen.length;
      site.faults.inject({ times: 1, fault: { type: 'status', code: 429, headers: { 'retry-after': '3' } } });
      await assert.rejects(patient.create(configMaps, configMap('once')), failsWith('throttled'));
      assert.equal(site.faults.seen.length, from + 1);
    });

    test('warnings are handed on', async () => {
      site.faults.inject({ times: 1, fault: { type: 'status', code: 200, body: '{}', headers: { warning: '299 - "unknown field \\"spec.x\\"", 299 - "second"' } } });
      const warnings: string[] = [];
      await api.create(configMaps, configMap('warned'), { onWarning: (warning) => warnings.push(warning) });
      assert.deepEqual(warnings, ['unknown field "spec.x"', 'second']);
    });

    for (const [code, reason] of [[409, 'conflict'], [500, 'server'], [503, 'server'], [504, 'timeout']] as const) {
      test(`${code} says what to do next`, async () => {
        site.faults.inject({ times: 1, fault: { type: 'status', code } });
        const error = await api.create(configMaps, configMap('x')).catch((thrown: unknown) => thrown);
        assert.ok(failsWith(reason, new RegExp(`injected ${code}`))(error) && (error as ClusterError).hint);
      });
    }

    test('a page of a proxy instead of an answer', async () => {
      site.faults.inject({ times: 1, fault: { type: 'status', code: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' } });
      await assert.rejects(api.listPage(configMaps), failsWith('server', /502/));
      site.faults.inject({ times: 1, fault: { type: 'status', code: 200, headers: { 'content-type': 'text/html' }, body: '<html>Please sign in</html>' } });
      await assert.rejects(api.listPage(configMaps), failsWith('server'));
      site.faults.inject({ times: 1, fault: { type: 'status', code: 200, body: '{"kind":' } });
      await assert.rejects(api.listPage(configMaps), failsWith('server'));
    });

    test('admission webhooks that deny, whatever their code', async () => {
      for (const code of [400, 403, 404]) {
        site.faults.inject({ times: 1, fault: { type: 'status', code, body: JSON.stringify({ kind: 'Status', code, message: 'admission webhook "a.b" denied the request: no' }) } });
        await assert.rejects(api.create(configMaps, configMap('x')), failsWith('denied', /: no$/));
      }
    });

    test('F20: an operation whose answer is lost is not run twice', async () => {
      const operation: KubeObject = { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'vm-stop-abcde', namespace: 'default' }, spec: { type: 'Stop', virtualMachineName: 'vm' } };
      site.faults.inject({ times: 1, matches: ({ method }) => method === 'POST', fault: { type: 'loseAnswer' } });
      const signal = new AbortController().signal;
      const made = await operate(api, virtualMachineOperations, { verb: 'create', object: operation }, signal);
      assert.ok(made?.metadata.uid);
      assert.equal((await api.listPage(virtualMachineOperations)).items.length, 1);
      const other = { ...operation, spec: { type: 'Start', virtualMachineName: 'vm' } };
      site.faults.inject({ times: 1, matches: ({ method }) => method === 'POST', fault: { type: 'loseAnswer' } });
      await assert.rejects(operate(api, virtualMachineOperations, { verb: 'create', object: other }, signal), failsWith('alreadyExists'));
    });

    test('the next page of a list is asked for while the one before is taken in, and no further one when nobody wants it any more', async () => {
      await Promise.all(['one', 'two', 'three'].map((name) => api.create(configMaps, { ...configMap(name), metadata: { name, namespace: 'default', labels: { paged: 'yes' } } })));
      const from = site.faults.seen.length;
      const asked = () => site.faults.seen.slice(from).filter(({ url }) => url.includes('paged')).length;
      const held = Promise.withResolvers<undefined>();
      site.faults.inject({ matches: ({ url }) => url.includes('continue='), times: 1, fault: { type: 'delay', until: held.promise } });
      const pages = api.listPages(configMaps, { namespace: 'default', labelSelector: 'paged=yes', limit: 1 });
      const first = await pages.next();
      await until(() => asked() === 2, 'the request for the second page');
      await pages.return();
      held.resolve(undefined);
      for (const name of ['one', 'two', 'three']) {
        await api.get(configMaps, name, 'default');
      }
      assert.equal(asked(), 2);
      assert.deepEqual(first.value?.items.map(({ metadata }) => metadata.name), ['one']);
    });

    test('the failure of a page is told after the pages before it', async () => {
      site.faults.inject({ matches: ({ url }) => url.includes('continue='), times: 1, fault: { type: 'status', code: 403 } });
      const pages = api.listPages(configMaps, { namespace: 'default', labelSelector: 'paged=yes', limit: 1 });
      assert.equal((await pages.next()).value?.items.length, 1);
      await assert.rejects(pages.next(), failsWith('forbidden'));
    });

    test('long lists of far servers come compressed', async () => {
      const from = site.faults.seen.length;
      const proxy = await startHttpProxy({ to: new URL(site.faults.url).host });
      const far = site.api(await site.context('token', { cluster: { server: 'https://cluster.example', 'tls-server-name': 'localhost', 'proxy-url': proxy.url } }));
      await Promise.all([far.listPage(configMaps, { limit: 500 }), api.listPage(configMaps)]);
      await proxy.stop();
      assert.deepEqual(site.faults.seen.slice(from).map(({ headers }) => headers['accept-encoding']).sort(), ['gzip', undefined]);
    });
  });
}
