import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, objectsOf, type ApiObject, type JsonObject } from '../../../cluster/api/model';
import { widget, widgetsIn, type Site } from '../site';

export function applyCases(site: () => Site): void {
  const newPath = async () => `${widgetsIn(await site().namespace())}/a`;
  const apply = (path: string, manager: string, body: JsonObject, more = '') =>
    site().admin.ask('PATCH', `${path}?fieldManager=${manager}${more}`, { body, contentType: 'application/apply-patch+yaml' });
  const ownersOf = (object: JsonObject) => Object.fromEntries(((object as ApiObject).metadata.managedFields ?? []).map((entry) =>
    [`${entry.manager} ${entry.operation}${entry.subresource === undefined ? '' : ` ${entry.subresource}`}`, entry.fieldsV1]));

  test('apply creates, then merges, and forgets what is no longer said', async () => {
    const path = await newPath();
    const first = await apply(path, 'one', widget('a', { tags: { x: '1', y: '2' }, parts: [{ name: 'p', count: 1 }] }));
    assert.equal(first.code, 201);
    const parts = { 'k:{"name":"p"}': { '.': {}, 'f:count': {}, 'f:name': {} } };
    assert.deepEqual(ownersOf(first.json), { 'one Apply': { 'f:spec': { 'f:size': {}, 'f:tags': { 'f:x': {}, 'f:y': {} }, 'f:parts': parts } } });
    const second = await apply(path, 'two', widget('a', { tags: { z: '3' }, parts: [{ name: 'q' }] }));
    assert.equal(second.code, 200);
    assert.deepEqual([objectOr(second.json['spec'])['tags'], objectOr(second.json['spec'])['parts']], [{ x: '1', y: '2', z: '3' }, [{ name: 'p', count: 1 }, { name: 'q' }]]);
    const third = await apply(path, 'one', widget('a', { tags: { x: '1' } }));
    assert.equal(third.code, 200, third.text);
    assert.deepEqual([objectOr(third.json['spec'])['tags'], objectOr(third.json['spec'])['parts']], [{ x: '1', z: '3' }, [{ name: 'q' }]]);
  });

  test('what another owns is a conflict unless forced', async () => {
    const path = await newPath();
    await apply(path, 'one', widget('a', { colour: 'red', tags: { x: '1' } }));
    const single = await apply(path, 'two', widget('a', { colour: 'green' }));
    assert.deepEqual([single.code, single.json['reason'], single.json['message']], [409, 'Conflict', 'Apply failed with 1 conflict: conflict with "one": .spec.colour']);
    assert.deepEqual(objectsOf(objectOr(single.json['details'])['causes']), [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.spec.colour' }]);
    const several = await apply(path, 'two', widget('a', { colour: 'green', tags: { x: '2' } }));
    assert.equal(several.json['message'], 'Apply failed with 2 conflicts: conflicts with "one":\n- .spec.colour\n- .spec.tags.x');
    const forced = await apply(path, 'two', widget('a', { colour: 'green' }), '&force=true');
    assert.deepEqual([forced.code, objectOr(forced.json['spec'])['colour']], [200, 'green']);
    assert.deepEqual(ownersOf(forced.json), {
      'one Apply': { 'f:spec': { 'f:size': {}, 'f:tags': { 'f:x': {} } } }, 'two Apply': { 'f:spec': { 'f:colour': {}, 'f:size': {} } },
    });
  });

  test('an update takes what it changes, and applying over it is a conflict', async () => {
    const path = await newPath();
    await apply(path, 'one', widget('a'));
    const updated = await site().admin.ask('PATCH', `${path}?fieldManager=editor`, { body: { spec: { size: 3 } }, contentType: 'application/merge-patch+json' });
    assert.deepEqual(ownersOf(updated.json), { 'editor Update': { 'f:spec': { 'f:size': {} } } });
    const refused = await apply(path, 'one', widget('a'));
    assert.equal(refused.json['message'], 'Apply failed with 1 conflict: conflict with "editor" using test.example.org/v1: .spec.size');
    assert.equal((await apply(path, 'one', widget('a', { size: 3 }))).code, 200, 'the same value can be shared');
  });

  test('status is applied through its own path', async () => {
    const path = await newPath();
    await apply(path, 'one', widget('a'));
    const { code, json } = await apply(`${path}/status`, 'controller', { apiVersion: 'test.example.org/v1', kind: 'Widget', metadata: { name: 'a' }, status: { phase: 'Fine' } });
    assert.deepEqual([code, json['status']], [200, { phase: 'Fine' }]);
    assert.deepEqual(ownersOf(json)['controller Apply status'], { 'f:status': { 'f:phase': {} } });
  });

  test('apply needs a manager and known fields', async () => {
    const path = await newPath();
    const nobody = await site().admin.ask('PATCH', path, { body: widget('a'), contentType: 'application/apply-patch+yaml' });
    assert.deepEqual([nobody.code, nobody.json['message']], [422, 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch']);
    const unknown = await apply(path, 'one', widget('a', { siez: 1 }));
    assert.equal(unknown.code, 500);
    assert.match(String(unknown.json['message']), /^failed to create typed patch object \(\/a; test\.example\.org\/v1, Kind=Widget\): \.spec\.siez: field not declared in schema$/);
  });

  test('applying the same again changes nothing', async () => {
    const path = await newPath();
    const first = (await apply(path, 'one', widget('a'))).json as ApiObject;
    const second = (await apply(path, 'one', widget('a'))).json as ApiObject;
    assert.equal(second.metadata.resourceVersion, first.metadata.resourceVersion);
  });

  test('lists of Kubernetes\' own kinds are owned by element', async () => {
    const path = `/api/v1/namespaces/${await site().namespace()}/services/s`;
    const service = (ports: readonly JsonObject[]) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports } });
    await apply(path, 'one', service([{ port: 80, name: 'a' }]));
    const { json } = await apply(path, 'two', service([{ port: 81, name: 'b' }]));
    assert.deepEqual(objectsOf(objectOr(json['spec'])['ports']).map(({ port }) => port).sort(), [80, 81]);
    assert.deepEqual(ownersOf(json)['two Apply'], { 'f:spec': { 'f:ports': { 'k:{"port":81,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } } } });
  });
}
