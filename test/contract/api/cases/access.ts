import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adminClient } from '../../../cluster/adminClient';
import { objectOr, objectsOf, stringsOf, type JsonObject } from '../../../cluster/api/model';
import { project, type Site } from '../site';

const virtualization = 'virtualization.deckhouse.io';

export function accessCases(site: () => Site): void {
  const may = async (user: 'admin' | 'editor' | 'viewer' | 'token', resourceAttributes: JsonObject) => {
    const review = await site().as(user).do('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } });
    return objectOr(review['status'])['allowed'];
  };

  test('a certificate says who one is, a token as well, and nothing else does', async () => {
    const { certificate } = site().users.find((user) => user.name === 'admin')!;
    const byCertificate = adminClient({ url: site().url, caPem: site().authority.caPem, certPem: certificate!.certPem, keyPem: certificate!.keyPem });
    const review = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const self = await byCertificate.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { body: review });
    byCertificate.close();
    const info = objectOr(objectOr(self.json['status'])['userInfo']);
    assert.deepEqual([self.code, info['username'], stringsOf(info['groups']).sort()], [201, 'admin', ['system:authenticated', 'system:masters']]);
    const byToken = await site().as('viewer').do('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', review);
    assert.equal(objectOr(objectOr(byToken['status'])['userInfo'])['username'], 'viewer');
    const wrong = await site().admin.ask('GET', '/api/v1/namespaces', { headers: { authorization: 'Bearer wrong' } });
    assert.deepEqual([wrong.code, wrong.json], [401, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'Unauthorized', reason: 'Unauthorized', code: 401 }]);
  });

  test('without credentials one is anonymous and may know the version', async () => {
    const client = adminClient({ url: site().url, caPem: site().authority.caPem });
    const [version, namespaces] = [await client.ask('GET', '/version'), await client.ask('GET', '/api/v1/namespaces')];
    client.close();
    assert.deepEqual([version.code, namespaces.code], [200, 403]);
    assert.equal(namespaces.json['message'], 'namespaces is forbidden: User "system:anonymous" cannot list resource "namespaces" in API group "" at the cluster scope');
  });

  test('a project viewer sees the project and neither namespaces nor classes', async () => {
    const viewer = site().as('viewer');
    assert.equal((await viewer.ask('GET', `/api/v1/namespaces/${project}/events`)).code, 200);
    const namespaces = await viewer.ask('GET', '/api/v1/namespaces');
    assert.deepEqual([namespaces.code, namespaces.json], [403, {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Forbidden', details: { kind: 'namespaces' }, code: 403,
      message: 'namespaces is forbidden: User "viewer" cannot list resource "namespaces" in API group "" at the cluster scope',
    }]);
    const classes = await viewer.ask('GET', `/apis/${virtualization}/v1alpha2/virtualmachineclasses`);
    assert.deepEqual([classes.code, classes.json['message']], [403,
      `virtualmachineclasses.${virtualization} is forbidden: User "viewer" cannot list resource "virtualmachineclasses" in API group "${virtualization}" at the cluster scope`]);
    const secret = await viewer.ask('DELETE', `/api/v1/namespaces/${project}/secrets/x`);
    assert.equal(secret.json['message'], `secrets "x" is forbidden: User "viewer" cannot delete resource "secrets" in API group "" in the namespace "${project}"`);
    assert.equal((await viewer.ask('GET', '/apis')).code, 200);
  });

  test('one can ask what one may do', async () => {
    const machines = { group: virtualization, resource: 'virtualmachines', namespace: project };
    assert.deepEqual([await may('viewer', { ...machines, verb: 'list' }), await may('viewer', { ...machines, verb: 'delete' }), await may('viewer', { ...machines, verb: 'list', namespace: 'default' })], [true, false, false]);
    assert.deepEqual([await may('editor', { ...machines, verb: 'delete' }), await may('editor', { ...machines, verb: 'delete', namespace: '' })], [true, false]);
    const console = { group: `subresources.${virtualization}`, resource: 'virtualmachines', subresource: 'console', verb: 'get', namespace: project };
    assert.deepEqual([await may('viewer', console), await may('editor', console), await may('token', console), await may('admin', console)], [false, true, true, true]);
  });

  test('one can ask for all one\'s rights in a namespace', async () => {
    const review = await site().as('viewer').do('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: project } });
    const rules = objectsOf(objectOr(review['status'])['resourceRules']);
    const own = rules.find((rule) => stringsOf(rule['apiGroups']).includes(virtualization));
    assert.deepEqual([own?.['verbs'], stringsOf(own?.['resources']).includes('virtualmachines'), objectOr(review['status'])['incomplete']], [['get', 'list', 'watch'], true, false]);
  });

  test('rights given while connected hold at once', async () => {
    const namespace = await site().namespace();
    const path = `/api/v1/namespaces/${namespace}/events`;
    assert.equal((await site().as('viewer').ask('GET', path)).code, 403);
    await site().admin.do('POST', `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, {
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'late' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'd8:use:role:viewer:virtualization' }, subjects: [{ kind: 'User', name: 'viewer', apiGroup: 'rbac.authorization.k8s.io' }],
    });
    const deadlineMs = Date.now() + 5000;
    // The real server learns of the binding through a watch of its own.
    let { code } = await site().as('viewer').ask('GET', path);
    while (code === 403 && Date.now() < deadlineMs) {
      ({ code } = await site().as('viewer').ask('GET', path));
    }
    assert.equal(code, 200);
  });
}
