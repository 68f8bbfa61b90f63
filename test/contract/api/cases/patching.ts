import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, objectsOf, type ApiObject } from '../../../cluster/api/model';
import { widget, widgetsIn, type Site } from '../site';

const types = { merge: 'application/merge-patch+json', json: 'application/json-patch+json', strategic: 'application/strategic-merge-patch+json' } as const;

export function patchCases(site: () => Site): void {
  const patch = (path: string, type: keyof typeof types, body: unknown) => site().admin.ask('PATCH', path, { body, contentType: types[type] });
  const created = async (spec = {}) => {
    const path = `${widgetsIn(await site().namespace())}`;
    await site().admin.do('POST', path, widget('a', spec));
    return `${path}/a`;
  };

  test('a merge patch sets, replaces and removes', async () => {
    const own = await created({ tags: { keep: '1', drop: '2' }, parts: [{ name: 'p' }] });
    const { code, json } = await patch(own, 'merge', { spec: { tags: { drop: null, add: '3' }, parts: [{ name: 'q' }] } });
    assert.deepEqual([code, json['spec']], [200, { size: 1, colour: 'red', tags: { keep: '1', add: '3' }, parts: [{ name: 'q' }] }]);
  });

  test('a JSON patch does its operations in order, or none', async () => {
    const own = await created({ tags: { a: '1' } });
    const done = await patch(own, 'json', [
      { op: 'test', path: '/spec/size', value: 1 }, { op: 'add', path: '/spec/tags/b~1c', value: '2' }, { op: 'move', from: '/spec/tags/a', path: '/spec/tags/d' },
      { op: 'replace', path: '/spec/size', value: 2 }, { op: 'add', path: '/spec/parts', value: [{ name: 'x' }] }, { op: 'add', path: '/spec/parts/-', value: { name: 'y' } },
    ]);
    assert.deepEqual(done.json['spec'], { size: 2, colour: 'red', tags: { 'b/c': '2', d: '1' }, parts: [{ name: 'x' }, { name: 'y' }] });
    const failed = await patch(own, 'json', [{ op: 'replace', path: '/spec/size', value: 3 }, { op: 'test', path: '/spec/colour', value: 'green' }]);
    assert.deepEqual([failed.code, failed.json['reason'], failed.json['message']], [422, 'Invalid', 'the server rejected our request due to an error in our request']);
    assert.equal(objectOr((await site().admin.do('GET', own))['spec'])['size'], 2);
  });

  test('a strategic patch is for Kubernetes\' own kinds', async () => {
    const refused = await patch(await created(), 'strategic', { spec: { size: 2 } });
    assert.deepEqual([refused.code, refused.json['reason'], refused.json['message']], [415, 'UnsupportedMediaType',
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml']);
    const path = `/api/v1/namespaces/${await site().namespace()}/services`;
    await site().admin.do('POST', path, { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { ports: [{ port: 80, name: 'a' }, { port: 81, name: 'b' }] } });
    const { json } = await patch(`${path}/s`, 'strategic', { spec: { ports: [{ port: 81, $patch: 'delete' }, { port: 80, targetPort: 8080 }, { port: 82, name: 'c' }] } });
    assert.deepEqual(objectsOf(objectOr(json['spec'])['ports']).map(({ port, name, targetPort }) => [port, name, targetPort]).sort(), [[80, 'a', 8080], [82, 'c', 82]]);
  });

  test('a patch may insist on a version', async () => {
    const own = await created();
    const stale = await patch(own, 'merge', { metadata: { resourceVersion: '1' }, spec: { size: 2 } });
    assert.deepEqual([stale.code, stale.json['reason']], [409, 'Conflict']);
    const current = await site().admin.do('GET', own) as ApiObject;
    assert.equal((await patch(own, 'merge', { metadata: { resourceVersion: current.metadata.resourceVersion }, spec: { size: 2 } })).code, 200);
  });

  test('patches by many at once all succeed', async () => {
    const own = await created();
    const codes = await Promise.all(Array.from({ length: 8 }, (_, index) => patch(own, 'merge', { spec: { tags: { [`t${index}`]: 'x' } } }).then((answer) => answer.code)));
    assert.deepEqual(codes, Array.from({ length: 8 }, () => 200));
    assert.equal(Object.keys(objectOr(objectOr((await site().admin.do('GET', own))['spec'])['tags'])).length, 8);
  });

  test('what does not exist cannot be patched', async () => {
    assert.equal((await patch(`${widgetsIn(await site().namespace())}/nobody`, 'merge', {})).code, 404);
  });
}
