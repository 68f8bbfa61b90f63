import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, objectsOf, textOf, type ApiObject, type JsonObject } from '../../../cluster/api/model';
import { project, widget, widgetsIn, type Site } from '../site';

const names = (list: JsonObject) => (objectsOf(list['items']) as ApiObject[]).map(({ metadata }) => metadata.name);
const metaOf = (list: JsonObject) => objectOr(list['metadata']);

export function listCases(site: () => Site): void {
  const filled = async (...all: string[]) => {
    const namespace = await site().namespace();
    for (const name of all) {
      await site().admin.do('POST', widgetsIn(namespace), widget(name, { size: all.indexOf(name) + 1 }, { labels: { app: name, tier: all.indexOf(name) % 2 === 0 ? 'even' : 'odd' } }));
    }
    return namespace;
  };

  test('pages of a list show the moment of the first one', async () => {
    const namespace = await filled('a', 'b', 'c', 'd', 'e');
    const path = `${widgetsIn(namespace)}?limit=2`;
    const first = await site().admin.do('GET', path);
    assert.deepEqual([first['kind'], names(first), metaOf(first)['remainingItemCount']], ['WidgetList', ['a', 'b'], 3]);
    await site().admin.do('POST', widgetsIn(namespace), widget('bb'));
    await site().admin.do('DELETE', `${widgetsIn(namespace)}/d`);
    const second = await site().admin.do('GET', `${path}&continue=${textOf(metaOf(first)['continue'])}`);
    assert.deepEqual([names(second), metaOf(second)['resourceVersion']], [['c', 'd'], metaOf(first)['resourceVersion']]);
    const third = await site().admin.do('GET', `${path}&continue=${textOf(metaOf(second)['continue'])}`);
    assert.deepEqual([names(third), textOf(metaOf(third)['continue']), metaOf(third)['remainingItemCount']], [['e'], '', undefined]);
  });

  test('a continued list that is no longer kept is expired, with a token for the rest', async () => {
    const namespace = await filled('a', 'b', 'c');
    const path = `${widgetsIn(namespace)}?limit=1`;
    const first = await site().admin.do('GET', path);
    await site().admin.do('POST', widgetsIn(namespace), widget('bb'));
    await site().compact();
    const late = await site().admin.ask('GET', `${path}&continue=${textOf(metaOf(first)['continue'])}`);
    assert.deepEqual([late.code, late.json['reason'], late.json['code']], [410, 'Expired', 410]);
    assert.match(textOf(late.json['message']), /^The provided continue parameter is too old to display a consistent list result\./);
    const rest = await site().admin.do('GET', `${path}&continue=${textOf(metaOf(late.json)['continue'])}`);
    assert.deepEqual(names(rest), ['b']);
  });

  test('a token that is none is refused', async () => {
    const answer = await site().admin.ask('GET', `${widgetsIn(project)}?limit=1&continue=nonsense`);
    assert.deepEqual([answer.code, answer.json['reason']], [400, 'BadRequest']);
  });

  test('labels select', async () => {
    const path = widgetsIn(await filled('a', 'b', 'c'));
    const select = async (selector: string) => names(await site().admin.do('GET', `${path}?labelSelector=${encodeURIComponent(selector)}`));
    assert.deepEqual(await select('app=a'), ['a']);
    assert.deepEqual(await select('app!=a'), ['b', 'c']);
    assert.deepEqual(await select('app in (a, c),tier=even'), ['a', 'c']);
    assert.deepEqual(await select('app notin (a)'), ['b', 'c']);
    assert.deepEqual(await select('app,!nothing'), ['a', 'b', 'c']);
    assert.deepEqual(await select('!app'), []);
    assert.equal((await site().admin.ask('GET', `${path}?labelSelector=${encodeURIComponent('a in b')}`)).code, 400);
  });

  test('fields select by name and namespace and by nothing else', async () => {
    const namespace = await filled('a', 'b');
    const select = async (selector: string) => await site().admin.ask('GET', `/apis/test.example.org/v1/widgets?fieldSelector=${encodeURIComponent(selector)}`);
    assert.deepEqual(names((await select(`metadata.namespace=${namespace},metadata.name=b`)).json), ['b']);
    const refused = await select('spec.size=1');
    assert.deepEqual([refused.code, refused.json['message']], [400, 'field label not supported: spec.size']);
  });

  test('events are selected by the object they are about', async () => {
    const namespace = await site().namespace();
    for (const name of ['one', 'two']) {
      await site().admin.do('POST', `/api/v1/namespaces/${namespace}/events`, {
        apiVersion: 'v1', kind: 'Event', metadata: { name: `event-${name}` }, involvedObject: { kind: 'Widget', name, namespace, apiVersion: 'test.example.org/v1' }, reason: 'Tested', type: 'Normal',
      });
    }
    const list = await site().admin.do('GET', `/api/v1/namespaces/${namespace}/events?fieldSelector=${encodeURIComponent('involvedObject.kind=Widget,involvedObject.name=two')}`);
    assert.deepEqual(names(list), ['event-two']);
    assert.equal(objectsOf(list['items'])[0]?.['kind'], undefined, 'items of Kubernetes\' own kinds do not name their kind');
  });

  test('a Table shows the columns of the kind', async () => {
    const namespace = await site().namespace();
    await site().admin.do('POST', widgetsIn(namespace), widget('w', { size: 3, parts: [{ name: 'p' }, { name: 'q' }] }, { annotations: { 'test.example.org/note': 'hello' } }));
    await site().admin.do('PATCH', `${widgetsIn(namespace)}/w/status`, { status: { conditions: [{ type: 'Other', status: 'False' }, { type: 'Ready', status: 'True' }] } });
    const { json } = await site().admin.ask('GET', widgetsIn(namespace), { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' });
    assert.equal(json['kind'], 'Table');
    assert.deepEqual(objectsOf(json['columnDefinitions']).map(({ name, type, priority }) => [name, type, priority]),
      [['Name', 'string', 0], ['Size', 'integer', 0], ['Ready', 'string', 0], ['Note', 'string', 1], ['Parts', 'string', 1], ['Age', 'date', 0]]);
    const [row] = objectsOf(json['rows']);
    const cells = row?.['cells'] as unknown[];
    // The real server shows the first value of a path that leads to several.
    assert.deepEqual(cells.slice(0, 5), ['w', 3, 'True', 'hello', 'p']);
    assert.match(cells[5] as string, /^\d+s$/);
    assert.deepEqual([objectOr(row?.['object'])['kind'], objectOr(objectOr(row?.['object'])['metadata'])['name']], ['PartialObjectMetadata', 'w']);
  });

  test('metadata alone can be asked for', async () => {
    const namespace = await filled('a');
    const list = await site().admin.ask('GET', widgetsIn(namespace), { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' });
    assert.equal(list.json['kind'], 'PartialObjectMetadataList');
    const [item] = objectsOf(list.json['items']);
    assert.deepEqual([item?.['kind'], item?.['spec']], ['PartialObjectMetadata', undefined]);
    const one = await site().admin.ask('GET', `${widgetsIn(namespace)}/a`, { accept: 'application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io' });
    assert.deepEqual([one.json['kind'], one.json['spec']], ['PartialObjectMetadata', undefined]);
  });

  test('another version of the kind shows the same objects, with its warning', async () => {
    const namespace = await filled('a');
    const answer = await site().admin.ask('GET', `/apis/test.example.org/v1beta1/namespaces/${namespace}/widgets/a`);
    assert.deepEqual([answer.json['apiVersion'], answer.headers['warning']], ['test.example.org/v1beta1', '299 - "test.example.org/v1beta1 Widget is deprecated"']);
  });

  test('an object that does not exist is not found', async () => {
    const { code, json } = await site().admin.ask('GET', `${widgetsIn(project)}/nobody`);
    assert.deepEqual([code, json], [404, {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'widgets.test.example.org "nobody" not found', reason: 'NotFound',
      details: { name: 'nobody', group: 'test.example.org', kind: 'widgets' }, code: 404,
    }]);
  });

  test('a list from the future is refused', async () => {
    const { code, json } = await site().admin.ask('GET', `${widgetsIn(project)}?resourceVersion=999999999`);
    assert.deepEqual([code, json['reason']], [504, 'Timeout']);
    assert.match(textOf(json['message']), /^Timeout: Too large resource version: 999999999, current: \d+$/);
  });
}
