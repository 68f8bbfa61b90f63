import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { objectOr, objectsOf, textOf, type ApiObject, type JsonObject } from '../../../cluster/api/model';
import { untilServed } from '../../../cluster/populate';
import { startBackend, type Backend } from '../backend';
import { until } from '../../../until';
import { widget, widgetsIn, type Site } from '../site';

const group = 'talk.test.example.org';

/** CRDs that appear, webhooks, other servers' APIs. */
export function extensionCases(site: () => Site): void {
  describe('extensions', () => {
    let backend: Backend | undefined;
    before(async () => { backend = await startBackend(site().authority, ['127.0.0.1', 'localhost', 'talk.default.svc'], group, 'v1'); });
    after(async () => { await backend?.stop(); });
    const current = () => backend!;
    kindCases(site);
    webhookCases(site, current);
    conversionCases(site, current);
    aggregationCases(site, current);
  });
}

const crdPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

function crdOf(plural: string, kind: string, conversion?: JsonObject): ApiObject {
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' }, text: { type: 'string' } } } } } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.late.example.org` },
    spec: { group: 'late.example.org', scope: 'Cluster', names: { kind, plural }, versions: [{ name: 'v1', served: true, storage: true, schema }, { name: 'v2', served: true, storage: false, schema }], ...(conversion ? { conversion } : {}) },
  };
}

function kindCases(site: () => Site): void {
  test('a kind that appears is served and discovered, and goes with its objects', async () => {
    const crd = crdOf('gadgets', 'Gadget');
    await site().admin.do('POST', crdPath, crd);
    await untilServed(site().admin, [crd]);
    const stored = await site().admin.do('GET', `${crdPath}/gadgets.late.example.org`);
    const conditions = objectsOf(objectOr(stored['status'])['conditions']).map(({ type, status }) => `${textOf(type)}=${textOf(status)}`);
    assert.deepEqual(conditions.filter((condition) => /^(Established|NamesAccepted)/.test(condition)).sort(), ['Established=True', 'NamesAccepted=True']);
    assert.equal((await site().admin.ask('POST', '/apis/late.example.org/v1/gadgets', { body: { apiVersion: 'late.example.org/v1', kind: 'Gadget', metadata: { name: 'g' } } })).code, 201);
    await until(async () => objectsOf((await site().admin.do('GET', '/apis'))['groups']).some(({ name }) => name === 'late.example.org'), 'the group of gadgets');
    await site().admin.do('DELETE', `${crdPath}/gadgets.late.example.org`);
    await until(async () => (await site().admin.ask('GET', '/apis/late.example.org/v1/gadgets')).code === 404, 'the end of gadgets');
  });
}

function webhookCases(site: () => Site, backend: () => Backend): void {
  const configure = async (kind: 'Validating' | 'Mutating', name: string, namespace: string, more: JsonObject = {}) => {
    const path = `/apis/admissionregistration.k8s.io/v1/${kind.toLowerCase()}webhookconfigurations`;
    await site().admin.do('POST', path, {
      apiVersion: 'admissionregistration.k8s.io/v1', kind: `${kind}WebhookConfiguration`, metadata: { name },
      webhooks: [{
        name: `${name}.test.example.org`, admissionReviewVersions: ['v1'], sideEffects: 'None',
        clientConfig: { url: `${backend().url}/${name}`, caBundle: Buffer.from(site().authority.caPem).toString('base64') },
        rules: [{ operations: ['CREATE', 'UPDATE', 'DELETE'], apiGroups: ['test.example.org'], apiVersions: ['v1'], resources: ['widgets'] }],
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, ...more,
      }],
    });
    return async () => void await site().admin.do('DELETE', `${path}/${name}`);
  };
  /** The real server learns of a webhook some time after it was registered. */
  const untilAsked = async (path: string, asked: () => boolean) => {
    await until(async () => {
      await site().admin.ask('POST', `${path}?dryRun=All`, { body: widget('probe') });
      return asked();
    }, `the webhook to be asked about ${path}`);
  };

  test('a validating webhook denies, in its own words, and warns', async () => {
    const namespace = await site().namespace();
    const path = widgetsIn(namespace);
    const seen: JsonObject[] = [];
    backend().hooks.set('/deny', (request) => {
      seen.push(request);
      return objectOr(request['object'])['spec'] !== undefined && objectOr(objectOr(request['object'])['spec'])['size'] === 7
        ? { allowed: false, status: { code: 403, message: 'seven is taken', reason: 'Forbidden' } } : { allowed: true, warnings: ['think twice'] };
    });
    const remove = await configure('Validating', 'deny', namespace);
    await untilAsked(path, () => seen.length > 0);
    const denied = await site().admin.ask('POST', path, { body: widget('a', { size: 7 }) });
    assert.deepEqual([denied.code, denied.json['reason'], denied.json['message']], [403, 'Forbidden', 'admission webhook "deny.test.example.org" denied the request: seven is taken']);
    const warned = await site().admin.ask('POST', path, { body: widget('a') });
    assert.deepEqual([warned.code, warned.headers['warning']], [201, '299 - "think twice"']);
    assert.equal((await site().admin.ask('POST', widgetsIn(await site().namespace()), { body: widget('a', { size: 7 }) })).code, 201, 'other namespaces are not asked about');
    seen.length = 0;
    await site().admin.do('DELETE', `${path}/a`);
    const [deletion] = seen;
    assert.deepEqual([deletion?.['operation'], deletion?.['object'], objectOr(objectOr(deletion?.['oldObject'])['metadata'])['name'], deletion?.['name'], deletion?.['namespace'], deletion?.['dryRun']],
      ['DELETE', null, 'a', 'a', namespace, false]);
    assert.deepEqual([deletion?.['resource'], objectOr(deletion?.['userInfo'])['username']], [{ group: 'test.example.org', version: 'v1', resource: 'widgets' }, 'admin']);
    await remove();
  });

  test('a mutating webhook changes what is stored, also for another version of the kind', async () => {
    const namespace = await site().namespace();
    const versions: unknown[] = [];
    backend().hooks.set('/mutate', (request) => {
      versions.push(objectOr(request['object'])['apiVersion']);
      return { allowed: true, patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify([{ op: 'add', path: '/spec/colour', value: 'green' }])).toString('base64') };
    });
    const remove = await configure('Mutating', 'mutate', namespace);
    await untilAsked(widgetsIn(namespace), () => versions.length > 0);
    versions.length = 0;
    const made = await site().admin.do('POST', `/apis/test.example.org/v1beta1/namespaces/${namespace}/widgets`, { ...widget('a'), apiVersion: 'test.example.org/v1beta1' });
    assert.deepEqual([made['apiVersion'], objectOr(made['spec'])['colour'], versions], ['test.example.org/v1beta1', 'green', ['test.example.org/v1']]);
    await remove();
  });

  test('a webhook that cannot be asked fails the request or is passed over, as its policy says', async () => {
    const namespace = await site().namespace();
    const path = widgetsIn(namespace);
    const broken = { clientConfig: { url: 'https://127.0.0.1:1/nobody', caBundle: Buffer.from(site().authority.caPem).toString('base64') } };
    const remove = await configure('Validating', 'broken', namespace, broken);
    await until(async () => (await site().admin.ask('POST', `${path}?dryRun=All`, { body: widget('probe') })).code !== 201, 'the webhook to be missed');
    const failed = await site().admin.ask('POST', path, { body: widget('a') });
    assert.deepEqual([failed.code, failed.json['reason']], [500, 'InternalError']);
    assert.match(textOf(failed.json['message']), /^Internal error occurred: failed calling webhook "broken\.test\.example\.org": failed to call webhook: /);
    await remove();
    await until(async () => (await site().admin.ask('POST', `${path}?dryRun=All`, { body: widget('probe') })).code === 201, 'the webhook to be forgotten');
    const tolerant = await configure('Validating', 'tolerant', namespace, { ...broken, failurePolicy: 'Ignore' });
    assert.equal((await site().admin.ask('POST', path, { body: widget('a') })).code, 201);
    await tolerant();
  });

  test('a webhook without side effects in a dry run is asked in one', async () => {
    const namespace = await site().namespace();
    backend().hooks.set('/effects', () => ({ allowed: true }));
    const remove = await configure('Validating', 'effects', namespace, { sideEffects: 'NoneOnDryRun' });
    assert.equal((await site().admin.ask('POST', `${widgetsIn(namespace)}?dryRun=All`, { body: widget('a') })).code, 201);
    await remove();
  });
}

function conversionCases(site: () => Site, backend: () => Backend): void {
  test('a conversion webhook turns one version into the other', async () => {
    backend().hooks.set('/convert', (request) => ({
      result: { status: 'Success' },
      convertedObjects: objectsOf(request['objects']).map((object) => {
        const { size, text } = objectOr(object['spec']);
        const toSecond = textOf(request['desiredAPIVersion']).endsWith('/v2');
        return { ...object, apiVersion: request['desiredAPIVersion'], spec: toSecond ? { text: textOf(size) } : { size: Number(text) } };
      }),
    }));
    const crd = crdOf('dials', 'Dial', { strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig: { url: `${backend().url}/convert`, caBundle: Buffer.from(site().authority.caPem).toString('base64') } } });
    await site().admin.do('POST', crdPath, crd);
    await untilServed(site().admin, [crd]);
    const made = await site().admin.do('POST', '/apis/late.example.org/v2/dials', { apiVersion: 'late.example.org/v2', kind: 'Dial', metadata: { name: 'd' }, spec: { text: '5' } });
    assert.deepEqual(made['spec'], { text: '5' });
    assert.deepEqual((await site().admin.do('GET', '/apis/late.example.org/v1/dials/d'))['spec'], { size: 5 });
    const [listed] = objectsOf((await site().admin.do('GET', '/apis/late.example.org/v2/dials'))['items']);
    assert.deepEqual([listed?.['apiVersion'], listed?.['spec']], ['late.example.org/v2', { text: '5' }]);
    await site().admin.do('DELETE', `${crdPath}/dials.late.example.org`);
  });
}

function aggregationCases(site: () => Site, backend: () => Backend): void {
  test('another server\'s API is reached through this one, as the user, by HTTP and WebSocket', async () => {
    await site().admin.do('POST', '/api/v1/namespaces/default/services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'talk' }, spec: { type: 'ExternalName', externalName: 'localhost' } });
    await site().admin.do('POST', '/apis/apiregistration.k8s.io/v1/apiservices', {
      apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `v1.${group}` },
      spec: { group, version: 'v1', groupPriorityMinimum: 1000, versionPriority: 10, caBundle: Buffer.from(site().authority.caPem).toString('base64'), service: { namespace: 'default', name: 'talk', port: backend().port } },
    });
    const path = `/apis/${group}/v1/namespaces/default/things/x/talk`;
    await until(async () => (await site().admin.ask('GET', path)).code === 200, 'an answer of the other server');
    const answer = await site().admin.ask('PUT', `${path}?a=b`, { body: { hello: 1 } });
    const { groups, ...rest } = answer.json;
    assert.deepEqual(rest, { path: `${path}?a=b`, method: 'PUT', body: '{"hello":1}', user: 'admin', hasToken: false });
    assert.match(textOf(groups), /system:masters/);
    assert.equal((await site().admin.ask('GET', `/apis/${group}/v1/namespaces/default/things/x/broken`)).code, 500);
    assert.equal((await site().as('viewer').ask('GET', path)).code, 403);
    await until(async () => objectsOf((await site().admin.do('GET', '/apis'))['groups']).some(({ name }) => name === group), 'the group of the other server');

    const open = (user: 'admin' | 'viewer') => new WebSocket(site().url.replace('https', 'wss') + path, ['plain.example.org'], {
      ca: site().authority.caPem, headers: { authorization: `Bearer ${site().users.find(({ name }) => name === user)!.token}` },
    });
    const socket = open('admin');
    const messages: string[] = [];
    socket.on('message', (data: Buffer) => messages.push(data.toString()));
    await once(socket, 'open');
    assert.equal(socket.protocol, 'plain.example.org');
    socket.send(Buffer.alloc(200_000, 'x'));
    await until(() => messages.length === 2, 'both messages');
    assert.deepEqual([messages[0], messages[1]?.length], ['admin', 200_000]);
    const closed = once(socket, 'close');
    socket.close(1000);
    await closed;
    const refused = open('viewer');
    const [error] = await once(refused, 'error') as [Error];
    assert.match(error.message, /403/);
    await site().admin.do('DELETE', `/apis/apiregistration.k8s.io/v1/apiservices/v1.${group}`);
  });
}
