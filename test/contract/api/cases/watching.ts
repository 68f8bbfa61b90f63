import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, textOf } from '../../../cluster/api/model';
import { widget, widgetsIn, type Site, type Watch } from '../site';

export function watchCases(site: () => Site): void {
  const start = async () => {
    const namespace = await site().namespace();
    const list = await site().admin.do('GET', widgetsIn(namespace));
    return { namespace, path: widgetsIn(namespace), revision: textOf(objectOr(list['metadata'])['resourceVersion']) };
  };
  const told = async (watch: Watch) => {
    const event = await watch.next();
    return event && [event.type, event.object.metadata?.name];
  };

  test('a watch tells what happens after its version, and each version is newer', async () => {
    const { path, revision } = await start();
    await site().admin.do('POST', path, widget('early'));
    const watch = await site().watch(`${path}?watch=true&resourceVersion=${revision}`);
    const events = [await watch.next()];
    await site().admin.do('PATCH', `${path}/early`, { spec: { size: 2 } });
    events.push(await watch.next());
    await site().admin.do('DELETE', `${path}/early`);
    events.push(await watch.next());
    watch.close();
    assert.deepEqual(events.map((event) => [event?.type, event?.object.kind, event?.object.metadata.name]), [['ADDED', 'Widget', 'early'], ['MODIFIED', 'Widget', 'early'], ['DELETED', 'Widget', 'early']]);
    const versions = events.map((event) => Number(event?.object.metadata.resourceVersion));
    assert.deepEqual(versions, [...new Set(versions)].sort((left, right) => left - right));
    assert.equal(objectOr(events[2]?.object['spec'])['size'], 2, 'a deletion shows the last state');
  });

  test('a watch without a version begins with what exists', async () => {
    const { path } = await start();
    await site().admin.do('POST', path, widget('a'));
    const watch = await site().watch(`${path}?watch=1`);
    assert.deepEqual(await told(watch), ['ADDED', 'a']);
    await site().admin.do('POST', path, widget('b'));
    assert.deepEqual(await told(watch), ['ADDED', 'b']);
    watch.close();
  });

  test('an object that enters or leaves the selection is added or deleted', async () => {
    const { path, revision } = await start();
    const watch = await site().watch(`${path}?watch=1&resourceVersion=${revision}&labelSelector=${encodeURIComponent('shown=yes')}`);
    await site().admin.do('POST', path, widget('a'));
    await site().admin.do('PATCH', `${path}/a`, { metadata: { labels: { shown: 'yes' } } });
    assert.deepEqual(await told(watch), ['ADDED', 'a']);
    await site().admin.do('PATCH', `${path}/a`, { spec: { size: 5 } });
    assert.deepEqual(await told(watch), ['MODIFIED', 'a']);
    const { metadata } = await site().admin.do('PATCH', `${path}/a`, { metadata: { labels: { shown: 'no' } } });
    const left = await watch.next();
    watch.close();
    assert.deepEqual([left?.type, left?.object.metadata.labels], ['DELETED', { shown: 'yes' }]);
    assert.equal(left?.object.metadata.resourceVersion, objectOr(metadata)['resourceVersion']);
  });

  test('one object can be watched by its name', async () => {
    const { path, revision } = await start();
    const watch = await site().watch(`${path}?watch=1&resourceVersion=${revision}&fieldSelector=metadata.name%3Db`);
    await site().admin.do('POST', path, widget('a'));
    await site().admin.do('POST', path, widget('b'));
    assert.deepEqual(await told(watch), ['ADDED', 'b']);
    watch.close();
  });

  test('a watch from before what is remembered is told so and ends', async () => {
    const { path } = await start();
    const watch = await site().watch(`${path}?watch=1&resourceVersion=1`);
    assert.equal(watch.code, 200);
    const event = await watch.next();
    assert.deepEqual([event?.type, event?.object['code'], event?.object['reason']], ['ERROR', 410, 'Expired']);
    assert.match(textOf(event?.object['message']), /^too old resource version: 1 \(\d+\)$/);
    assert.equal(await watch.next(), undefined);
  });

  test('a watch ends when its time is over; nothing but bookmarks comes unasked', async () => {
    const { path, revision } = await start();
    const watch = await site().watch(`${path}?watch=1&resourceVersion=${revision}&allowWatchBookmarks=true&timeoutSeconds=1`);
    for (let event = await watch.next(); event; event = await watch.next()) {
      assert.deepEqual([event.type, event.object.kind, event.object.apiVersion], ['BOOKMARK', 'Widget', 'test.example.org/v1']);
      assert.ok(Number(event.object.metadata.resourceVersion) >= Number(revision));
    }
  });

  test('the end of the initial objects is marked when asked for', async () => {
    const { path } = await start();
    await site().admin.do('POST', path, widget('a'));
    const watch = await site().watch(`${path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`);
    assert.deepEqual(await told(watch), ['ADDED', 'a']);
    const event = await watch.next();
    watch.close();
    assert.deepEqual([event?.type, event?.object.metadata.annotations], ['BOOKMARK', { 'k8s.io/initial-events-end': 'true' }]);
  });

  test('wishes that do not go together are refused', async () => {
    const { path } = await start();
    const answer = await site().admin.ask('GET', `${path}?watch=1&sendInitialEvents=true`);
    assert.deepEqual([answer.code, answer.json['reason']], [422, 'Invalid']);
    assert.match(textOf(answer.json['message']), /resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan/);
  });

  test('a watch may come as a Table', async () => {
    const { path, revision } = await start();
    const events: unknown[] = [];
    const text = new Promise<string>((resolve) => {
      void site().admin.ask('GET', `${path}?watch=1&resourceVersion=${revision}&timeoutSeconds=1`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' }).then((answer) => resolve(answer.text));
    });
    await site().admin.do('POST', path, widget('a', { size: 4 }));
    for (const line of (await text).trim().split('\n').filter((candidate) => candidate !== '')) {
      const { type, object } = JSON.parse(line) as { type: string; object: { kind: string; rows: { cells: unknown[] }[] } };
      events.push([type, object.kind, object.rows[0]?.cells.slice(0, 2)]);
    }
    assert.deepEqual(events, [['ADDED', 'Table', ['a', 4]]]);
  });
}
