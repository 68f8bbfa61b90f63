import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, objectsOf, textOf } from '../../../cluster/api/model';
import { until } from '../../../until';
import type { Site } from '../site';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export function discoveryCases(site: () => Site): void {
  test('health and version are told', async () => {
    for (const path of ['/readyz', '/livez', '/healthz']) {
      assert.equal((await site().admin.ask('GET', path)).text, 'ok');
    }
    assert.match(textOf((await site().admin.do('GET', '/version'))['gitVersion']), /^v1\.\d+\.\d+/);
  });

  test('legacy discovery names groups, versions and resources', async () => {
    const groups = objectsOf((await site().admin.do('GET', '/apis'))['groups']);
    const group = groups.find((candidate) => candidate['name'] === 'test.example.org');
    assert.deepEqual(group?.['preferredVersion'], { groupVersion: 'test.example.org/v1', version: 'v1' });
    const list = await site().admin.do('GET', '/apis/test.example.org/v1');
    assert.equal(list['kind'], 'APIResourceList');
    const entry = objectsOf(list['resources']).find((resource) => resource['name'] === 'widgets');
    assert.deepEqual({ ...entry, verbs: [...entry?.['verbs'] as string[]].sort(), storageVersionHash: undefined }, {
      storageVersionHash: undefined,
      name: 'widgets', singularName: 'widget', namespaced: true, kind: 'Widget', shortNames: ['wd'], categories: ['all'],
      verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
    });
    const status = objectsOf(list['resources']).find((resource) => resource['name'] === 'widgets/status');
    assert.deepEqual([...status?.['verbs'] as string[]].sort(), ['get', 'patch', 'update']);
    assert.deepEqual((await site().admin.do('GET', '/api'))['versions'], ['v1']);
  });

  test('aggregated discovery answers in one document', async () => {
    const answer = await site().admin.ask('GET', '/apis', { accept: `${aggregatedType},application/json` });
    assert.equal(answer.headers['content-type'], aggregatedType);
    const group = objectsOf(answer.json['items']).find((item) => objectOr(item['metadata'])['name'] === 'test.example.org');
    const versions = objectsOf(group?.['versions']);
    assert.deepEqual(versions.map(({ version, freshness }) => [version, freshness]), [['v1', 'Current'], ['v1beta1', 'Current']]);
    const [widgets] = objectsOf(versions[0]?.['resources']);
    assert.deepEqual(widgets?.['responseKind'], { group: 'test.example.org', version: 'v1', kind: 'Widget' });
    assert.equal(widgets?.['scope'], 'Namespaced');
    assert.equal(objectsOf(widgets?.['subresources'])[0]?.['subresource'], 'status');
    const core = await site().admin.ask('GET', '/api', { accept: aggregatedType });
    assert.ok(objectsOf(objectsOf(objectsOf(core.json['items'])[0]?.['versions'])[0]?.['resources']).some((resource) => resource['resource'] === 'pods'));
  });

  test('OpenAPI v3 has a document per group version, found by its hash', async () => {
    let url = '';
    // The real server publishes a new kind some time after it serves it.
    await until(async () => {
      const paths = objectOr((await site().admin.do('GET', '/openapi/v3'))['paths']);
      url = textOf(objectOr(paths['apis/test.example.org/v1'])['serverRelativeURL']);
      return url !== '' && objectOr(objectOr((await site().admin.do('GET', url))['components'])['schemas'])['org.example.test.v1.Widget'] !== undefined;
    }, 'the document of widgets');
    assert.match(url, /^\/openapi\/v3\/apis\/test\.example\.org\/v1\?hash=\w+$/);
    const document = await site().admin.do('GET', url);
    const schema = Object.values(objectOr(objectOr(document['components'])['schemas'])).map(objectOr).find((candidate) =>
      objectsOf(candidate['x-kubernetes-group-version-kind']).some(({ kind }) => kind === 'Widget'));
    assert.deepEqual(schema?.['x-kubernetes-group-version-kind'], [{ group: 'test.example.org', version: 'v1', kind: 'Widget' }]);
    assert.equal(schema?.['description'], 'Something to test with.');
    const patch = objectOr(objectOr(objectOr(document['paths'])['/apis/test.example.org/v1/namespaces/{namespace}/widgets/{name}'])['patch']);
    assert.ok(objectsOf(patch['parameters']).some(({ name }) => name === 'fieldValidation'));
  });

  test('what is not served is not found', async () => {
    const unknownKind = await site().admin.ask('GET', '/api/v1/namespaces/default/unicorns');
    assert.deepEqual([unknownKind.code, unknownKind.json['reason'], unknownKind.json['message']], [404, 'NotFound', 'the server could not find the requested resource']);
    const unknownGroup = await site().admin.ask('GET', '/apis/nobody.example.org/v1/things');
    assert.deepEqual([unknownGroup.code, unknownGroup.text.trim()], [404, '404 page not found']);
    const unknownCustom = await site().admin.ask('GET', '/apis/test.example.org/v1/gadgets');
    assert.equal(unknownCustom.code, 404);
  });
}
