import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeObject } from '../../../src/domain/kubeObject';
import type { Session } from '../../../src/cluster/session';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { halves, startSite } from './site';
import type { Site } from './site';

const platform = 'virtualization.deckhouse.io/v1alpha2';

for (const { half, skip } of halves) {
  describe(`sessions on the ${half} API server`, { skip: skip ?? false }, () => {
    let site: Site;
    before(async () => {
      site = await startSite(half);
      for (const namespace of ['team-a', 'team-b', 'team-c']) {
        await site.cluster.admin.do('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
        await create(namespace, 'disk');
        if (namespace !== 'team-c') {
          await site.cluster.admin.do('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
            apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'viewer' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'd8:use:role:viewer:virtualization' },
            subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'viewer' }],
          });
        }
      }
    });
    after(() => site.stop());

    const diskPath = (namespace: string) => `/apis/${platform}/namespaces/${namespace}/virtualdisks`;
    const create = (namespace: string, name: string) => site.cluster.admin.do('POST', diskPath(namespace), { apiVersion: platform, kind: 'VirtualDisk', metadata: { name }, spec: { persistentVolumeClaim: { size: '1Gi' } } });
    const namesOf = (session: Session, namespace?: string) => session.view.list('VirtualDisk', namespace)?.map(({ metadata }) => `${metadata.namespace ?? ''}/${metadata.name}`);
    const isLive = (session: Session) => until(() => session.view.kinds !== undefined && session.view.kinds.every(({ id }) => session.view.state(id).phase === 'live'), 'every kind listed');

    test('every kind that is served is listed and followed, and nothing else', async () => {
      const session = site.session(await site.context());
      assert.equal(session.view.connection.phase, 'idle');
      assert.equal(session.view.list('VirtualDisk'), undefined);
      assert.equal(session.view.get('VirtualDisk', 'disk', 'team-a'), undefined);
      session.start();
      await isLive(session);
      assert.equal(session.view.connection.phase, 'live');
      assert.equal(session.view.kinds?.[0]?.id, 'VirtualMachine');
      assert.ok((session.view.kinds?.length ?? 0) >= 17);
      assert.deepEqual(namesOf(session), ['team-a/disk', 'team-b/disk', 'team-c/disk']);
      assert.equal(session.view.get('VirtualDisk', 'none', 'team-a'), null);
      assert.equal(session.view.state('Event').phase, 'unlisted');
      await create('team-a', 'second');
      await until(() => session.view.get('VirtualDisk', 'second', 'team-a'), 'the new disk');
      await session.operate({ verb: 'delete', object: session.view.get('VirtualDisk', 'second', 'team-a') as KubeObject }, new AbortController().signal);
      await until(() => session.view.get('VirtualDisk', 'second', 'team-a') === null, 'its end');
      session.dispose();
    });

    test('companions are followed while somebody looks', async () => {
      const session = site.session(await site.context());
      session.start();
      const [first, second] = [session.watch('Namespace'), session.watch('Namespace')];
      await until(() => session.view.state('Namespace').phase === 'live', 'the namespaces');
      assert.ok(session.view.get('Namespace', 'team-a'));
      first.dispose();
      first.dispose();
      assert.equal(session.view.state('Namespace').phase, 'live');
      second.dispose();
      assert.equal(session.view.state('Namespace').phase, 'unlisted');
      assert.equal(session.view.list('Namespace'), undefined);
      session.dispose();
    });

    test('F8: without the right to list everything, the context\'s namespace and the configured ones', async () => {
      const clock = new TestClock(Date.now());
      const configured = ['team-b'];
      const session = site.session(await site.context('viewer', { context: { namespace: 'team-a' } }), { clock, namespaces: () => configured });
      session.start();
      await until(() => namesOf(session)?.join() === 'team-a/disk,team-b/disk' && session.view.state('VirtualDisk').phase === 'live', 'the disks of both');
      const state = session.view.state('VirtualDisk');
      assert.ok(state.phase === 'live');
      assert.deepEqual(state.namespaces, ['team-a', 'team-b']);
      assert.equal(state.partial?.reason, 'forbidden');
      assert.equal(session.view.get('VirtualDisk', 'none', 'team-a'), null);
      assert.equal(session.view.get('VirtualDisk', 'disk', 'team-c'), undefined, 'what may not be read is not absent');
      await until(() => session.view.state('VirtualMachineClass').phase === 'failed', 'the refusal of classes');
      const classes = session.view.state('VirtualMachineClass');
      assert.ok(classes.phase === 'failed' && classes.problem.reason === 'forbidden');
      assert.equal(session.view.list('VirtualMachineClass'), undefined);
      assert.equal(session.view.connection.phase, 'live');

      configured.splice(0, 1, 'team-c');
      session.retry();
      await until(() => session.view.get('VirtualDisk', 'disk', 'team-b') === undefined && namesOf(session)?.join() === 'team-a/disk', 'the end of team-b');
      session.dispose();
    });

    test('403 on one kind leaves the others alone', async () => {
      const remove = site.faults.inject({ matches: ({ url }) => url.includes('/virtualimages'), fault: { type: 'status', code: 403 } });
      const session = site.session(await site.context());
      session.start();
      await until(() => session.view.state('VirtualImage').phase === 'failed' && session.view.state('VirtualDisk').phase === 'live', 'both states');
      assert.equal(session.view.connection.phase, 'live');
      remove();
      session.retry();
      await until(() => session.view.state('VirtualImage').phase === 'live', 'the right to read images');
      session.dispose();
    });

    test('a cluster without the platform\'s group is live and has no kinds, until it has', async () => {
      const remove = site.faults.inject({ matches: ({ url }) => url.startsWith('/apis/virtualization.deckhouse.io'), fault: { type: 'status', code: 404 } });
      const session = site.session(await site.context());
      session.start();
      await until(() => session.view.connection.phase === 'live' && session.view.kinds !== undefined, 'the connection');
      assert.deepEqual(session.view.kinds, []);
      remove();
      session.retry();
      await until(() => session.view.state('VirtualDisk').phase === 'live', 'the disks');
      session.dispose();
    });

    test('F12, F14: a kind that goes, and one that appears while connected; a dead context beside it delays nothing', async () => {
      const dead = site.session(await site.context('token', { cluster: { server: 'https://127.0.0.1:1' } }));
      dead.start();
      const clock = new TestClock(Date.now());
      const session = site.session(await site.context(), { clock });
      const states: string[] = [];
      session.onDidChangeState(() => states.push(String(session.view.kinds?.some(({ id }) => id === 'Widget.virtualization.deckhouse.io'))));
      session.start();
      await isLive(session);
      await until(() => dead.view.connection.phase === 'failed', 'the dead one');
      const crd = {
        apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: 'widgets.virtualization.deckhouse.io', annotations: { 'api-approved.kubernetes.io': 'unapproved' } },
        spec: { group: 'virtualization.deckhouse.io', scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' }, versions: [{ name: 'v1alpha2', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
      };
      await site.cluster.admin.do('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', crd);
      await until(async () => (await site.cluster.admin.ask('GET', `/apis/${platform}/widgets`)).code === 200, 'the new kind at the server');
      // Slowly enough for requests under way, whose time is counted by the same clock.
      const inTime = (isSo: () => boolean, what: string) => until(() => {
        clock.advance(100);
        return isSo();
      }, what);
      await inTime(() => session.view.state('Widget.virtualization.deckhouse.io').phase === 'live', 'the new kind');
      await site.cluster.admin.do('DELETE', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.virtualization.deckhouse.io');
      await inTime(() => session.view.state('Widget.virtualization.deckhouse.io').phase === 'unlisted', 'its end');
      dead.dispose();
      session.dispose();
    });

    test('a server that goes away and comes back: the objects stay, marked stale, and are true again', async () => {
      const session = site.session(await site.context());
      session.start();
      await isLive(session);
      await site.faults.down();
      await until(() => session.view.connection.phase === 'lost' && session.view.state('VirtualDisk').phase === 'stale', 'the loss');
      const { connection } = session.view;
      assert.ok(connection.phase === 'lost' && connection.problem.reason === 'unreachable' && connection.retryAtMs !== undefined);
      const state = session.view.state('VirtualDisk');
      assert.ok(state.phase === 'stale' && Math.abs(state.sinceMs - Date.now()) < 10_000);
      assert.deepEqual(namesOf(session), ['team-a/disk', 'team-b/disk', 'team-c/disk']);
      await create('team-c', 'meanwhile');
      await site.faults.up();
      session.retry();
      await until(() => session.view.get('VirtualDisk', 'meanwhile', 'team-c') && session.view.connection.phase === 'live', 'the recovery');
      await isLive(session);
      await site.cluster.admin.do('DELETE', `${diskPath('team-c')}/meanwhile`);
      session.dispose();
    });

    test('nothing is left after the end', async () => {
      const clock = new TestClock(Date.now());
      const session = site.session(await site.context(), { clock });
      session.start();
      await isLive(session);
      session.dispose();
      session.dispose();
      await until(() => clock.pending === 0, 'the end of all timers');
      session.start();
      session.retry();
      session.watch('Node').dispose();
      assert.equal(clock.pending, 0);
    });
  });
}
