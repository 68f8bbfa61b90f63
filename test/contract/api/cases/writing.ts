import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectOr, objectsOf, textOf, type ApiObject } from '../../../cluster/api/model';
import { project, widget, widgetsIn, type Site } from '../site';

export function writeCases(site: () => Site): void {
  const created = async (name: string, spec = {}, metadata = {}) => {
    const path = widgetsIn(await site().namespace());
    const object = await site().admin.do('POST', path, widget(name, spec, metadata)) as ApiObject;
    return { path, own: `${path}/${name}`, object };
  };

  test('a created object has what the server gives it', async () => {
    const namespace = await site().namespace();
    const { code, json } = await site().admin.ask('POST', `${widgetsIn(namespace)}?fieldManager=tester`, { body: { ...widget('a', {}, { uid: 'mine', generation: 7 }), status: { phase: 'Mine' } } });
    const { metadata } = json as ApiObject;
    assert.deepEqual([code, metadata.name, metadata.namespace, metadata.generation, json['status']], [201, 'a', namespace, 1, undefined]);
    assert.match(metadata.uid ?? '', /^[0-9a-f-]{36}$/);
    assert.match(metadata.creationTimestamp ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    assert.deepEqual(json['spec'], { size: 1, colour: 'red' });
    assert.deepEqual(metadata.managedFields?.map(({ time: _time, ...entry }) => entry), [{
      manager: 'tester', operation: 'Update', apiVersion: 'test.example.org/v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { '.': {}, 'f:colour': {}, 'f:size': {} } },
    }]);
  });

  test('names are made, and must be given somehow', async () => {
    const path = widgetsIn(await site().namespace());
    const made = await site().admin.do('POST', path, { ...widget(''), metadata: { generateName: 'w-' } }) as ApiObject;
    assert.match(made.metadata.name, /^w-[a-z0-9]{5}$/);
    const nameless = await site().admin.ask('POST', path, { body: { ...widget(''), metadata: {} } });
    assert.deepEqual([nameless.code, nameless.json['reason']], [422, 'Invalid']);
    assert.match(textOf(nameless.json['message']), /name or generateName is required/);
  });

  test('what exists, and where nothing can be, is refused', async () => {
    const { path } = await created('a');
    const again = await site().admin.ask('POST', path, { body: widget('a') });
    assert.deepEqual([again.code, again.json['reason'], again.json['message']], [409, 'AlreadyExists', 'widgets.test.example.org "a" already exists']);
    const nowhere = await site().admin.ask('POST', widgetsIn('no-such-namespace'), { body: widget('a') });
    assert.deepEqual([nowhere.code, nowhere.json['message']], [404, 'namespaces "no-such-namespace" not found']);
    const elsewhere = await site().admin.ask('POST', path, { body: widget('b', {}, { namespace: 'default' }) });
    assert.deepEqual([elsewhere.code, elsewhere.json['message']], [400, 'the namespace of the provided object does not match the namespace sent on the request']);
  });

  test('the schema and its rules are enforced', async () => {
    const { path, own } = await created('a', { fixed: 'yes' });
    const bad = await site().admin.ask('POST', path, { body: widget('b', { size: 11, colour: 'blue' }) });
    assert.deepEqual([bad.code, bad.json['reason'], objectOr(bad.json['details'])['kind']], [422, 'Invalid', 'Widget']);
    assert.deepEqual(objectsOf(objectOr(bad.json['details'])['causes']).map(({ field, reason }) => [field, reason]).sort(), [['<nil>', 'FieldValueInvalid'], ['spec.colour', 'FieldValueNotSupported'], ['spec.size', 'FieldValueInvalid']]);
    const frozen = await site().admin.ask('PATCH', own, { body: { spec: { fixed: 'no' } }, contentType: 'application/merge-patch+json' });
    assert.deepEqual([frozen.code, frozen.json['message']], [422, 'Widget.test.example.org "a" is invalid: spec.fixed: Invalid value: "string": fixed is immutable']);
  });

  test('unknown fields are refused, warned about or dropped, as wished', async () => {
    const path = widgetsIn(await site().namespace());
    const strict = await site().admin.ask('POST', `${path}?fieldValidation=Strict`, { body: widget('a', { siez: 2 }) });
    assert.deepEqual([strict.code, strict.json['message']], [400, 'Widget in version "v1" cannot be handled as a Widget: strict decoding error: unknown field "spec.siez"']);
    const warned = await site().admin.ask('POST', `${path}?fieldValidation=Warn`, { body: widget('a', { siez: 2 }) });
    assert.deepEqual([warned.code, warned.headers['warning']], [201, '299 - "unknown field \\"spec.siez\\""']);
    const ignored = await site().admin.ask('POST', `${path}?fieldValidation=Ignore`, { body: widget('b', { siez: 2 }) });
    assert.deepEqual([ignored.code, ignored.headers['warning'], objectOr(ignored.json['spec'])['siez']], [201, undefined, undefined]);
  });

  test('YAML is understood', async () => {
    const path = widgetsIn(await site().namespace());
    const answer = await site().admin.ask('POST', `${path}?fieldValidation=Strict`, {
      contentType: 'application/yaml', body: 'apiVersion: test.example.org/v1\nkind: Widget\nmetadata: {name: a}\nspec:\n  size: 010\n  tags: {a: "yes"}\n',
    });
    assert.deepEqual([answer.code, objectOr(answer.json['spec'])['size']], [201, 8]);
    const twice = await site().admin.ask('POST', `${path}?fieldValidation=Strict`, {
      contentType: 'application/yaml', body: 'apiVersion: test.example.org/v1\nkind: Widget\nmetadata: {name: b}\nspec:\n  size: 1\n  size: 2\n',
    });
    assert.equal(twice.code, 400);
    assert.match(textOf(twice.json['message']), /line 6: key "size" already set in map/);
  });

  test('an update must know the latest version', async () => {
    const { own, object } = await created('a');
    const blind = await site().admin.ask('PUT', own, { body: { ...object, metadata: { ...object.metadata, resourceVersion: undefined } } });
    assert.deepEqual([blind.code, blind.json['message']], [422, 'widgets.test.example.org "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update']);
    const first = await site().admin.ask('PUT', own, { body: { ...object, spec: { size: 2 } } });
    assert.deepEqual([first.code, objectOr(first.json['metadata'])['generation']], [200, 2]);
    const late = await site().admin.ask('PUT', own, { body: { ...object, spec: { size: 3 } } });
    assert.deepEqual([late.code, late.json['reason'], late.json['message']], [409, 'Conflict',
      'Operation cannot be fulfilled on widgets.test.example.org "a": the object has been modified; please apply your changes to the latest version and try again']);
  });

  test('status is written through its own path alone and counts no generation', async () => {
    const { own } = await created('a');
    const ignored = await site().admin.do('PATCH', own, { status: { phase: 'Wrong' }, spec: { size: 2 } }) as ApiObject;
    assert.deepEqual([ignored['status'], ignored.metadata.generation], [undefined, 2]);
    const written = await site().admin.do('PATCH', `${own}/status`, { status: { phase: 'Right' }, spec: { size: 9 }, metadata: { labels: { a: 'b' } } }) as ApiObject;
    assert.deepEqual([written['status'], objectOr(written['spec'])['size'], written.metadata.generation, written.metadata.labels], [{ phase: 'Right' }, 2, 2, undefined]);
  });

  test('a change that changes nothing makes no new version', async () => {
    const { own, object } = await created('a');
    const same = await site().admin.do('PATCH', own, { spec: { size: 1 } }) as ApiObject;
    assert.equal(same.metadata.resourceVersion, object.metadata.resourceVersion);
  });

  test('a dry run answers and stores nothing', async () => {
    const { path, own, object } = await created('a');
    const made = await site().admin.ask('POST', `${path}?dryRun=All`, { body: widget('b') });
    assert.deepEqual([made.code, objectOr(made.json['spec'])['colour']], [201, 'red']);
    assert.equal((await site().admin.ask('GET', `${path}/b`)).code, 404);
    const patched = await site().admin.ask('PATCH', `${own}?dryRun=All`, { body: { spec: { size: 5 } }, contentType: 'application/merge-patch+json' });
    assert.deepEqual([patched.code, objectOr(patched.json['spec'])['size']], [200, 5]);
    assert.equal((await site().admin.ask('DELETE', `${own}?dryRun=All`)).code, 200);
    assert.equal((await site().admin.do('GET', own) as ApiObject).metadata.resourceVersion, object.metadata.resourceVersion);
    const odd = await site().admin.ask('POST', `${path}?dryRun=Some`, { body: widget('c') });
    assert.deepEqual([odd.code, odd.json['reason']], [422, 'Invalid']);
  });

  test('a deleted object is gone, and the answer says which it was', async () => {
    const { own, object } = await created('a');
    const { code, json } = await site().admin.ask('DELETE', own);
    assert.deepEqual([code, json], [200, {
      kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: 'a', group: 'test.example.org', kind: 'widgets', uid: object.metadata.uid },
    }]);
    assert.equal((await site().admin.ask('DELETE', own)).code, 404);
  });

  test('finalizers hold a deletion up', async () => {
    const { own } = await created('a', {}, { finalizers: ['test.example.org/hold'] });
    const deleted = (await site().admin.ask('DELETE', own)).json as ApiObject;
    assert.ok(deleted.metadata.deletionTimestamp);
    assert.deepEqual([deleted.metadata['deletionGracePeriodSeconds'], deleted.metadata.generation], [0, 2]);
    assert.equal(((await site().admin.ask('DELETE', own)).json as ApiObject).metadata.resourceVersion, deleted.metadata.resourceVersion);
    const added = await site().admin.ask('PATCH', own, { body: { metadata: { finalizers: ['test.example.org/hold', 'test.example.org/more'] } }, contentType: 'application/merge-patch+json' });
    assert.deepEqual([added.code, added.json['reason']], [422, 'Invalid']);
    assert.match(textOf(added.json['message']), /metadata\.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers \[\]string\{"test\.example\.org\/more"\}/);
    await site().admin.do('PATCH', own, { metadata: { finalizers: null } });
    assert.equal((await site().admin.ask('GET', own)).code, 404);
  });

  test('a deletion may insist on the very object', async () => {
    const { own, object } = await created('a');
    const other = await site().admin.ask('DELETE', own, { body: { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'other' } } });
    assert.deepEqual([other.code, other.json['reason'], other.json['message']], [409, 'Conflict',
      `Operation cannot be fulfilled on Widget.test.example.org "a": the UID in the precondition (other) does not match the UID in record (${object.metadata.uid ?? ''}). The object might have been deleted and then recreated`]);
    assert.equal((await site().admin.ask('DELETE', own, { body: { preconditions: { uid: object.metadata.uid } } })).code, 200);
  });

  test('a selection is deleted together', async () => {
    const { path } = await created('a', {}, { labels: { go: 'yes' } });
    await site().admin.do('POST', path, widget('b', {}, { labels: { go: 'yes' } }));
    await site().admin.do('POST', path, widget('c'));
    const answer = await site().admin.ask('DELETE', `${path}?labelSelector=go%3Dyes`);
    assert.deepEqual([answer.code, answer.json['kind'], objectsOf(answer.json['items']).length], [200, 'WidgetList', 2]);
    assert.deepEqual((objectsOf((await site().admin.do('GET', path))['items']) as ApiObject[]).map(({ metadata }) => metadata.name), ['c']);
  });

  test('the scale of an object is read and written by itself', async () => {
    const { own, object } = await created('a', { size: 2 });
    const scale = await site().admin.do('GET', `${own}/scale`) as ApiObject;
    assert.deepEqual([scale.kind, scale.apiVersion, scale['spec'], scale['status'], scale.metadata.uid], ['Scale', 'autoscaling/v1', { replicas: 2 }, { replicas: 0 }, object.metadata.uid]);
    const patched = await site().admin.do('PATCH', `${own}/scale`, { spec: { replicas: 4 } });
    assert.deepEqual(patched['spec'], { replicas: 4 });
    const replaced = await site().admin.ask('PUT', `${own}/scale`, { body: { ...patched, spec: { replicas: 5 } } });
    assert.deepEqual([replaced.code, replaced.json['spec']], [200, { replicas: 5 }]);
    assert.equal(objectOr((await site().admin.do('GET', own))['spec'])['size'], 5);
    assert.equal((await site().admin.ask('PUT', `${own}/scale`, { body: scale })).code, 409);
  });

  test('owner references are kept as they are', async () => {
    const { path, object } = await created('owner');
    const reference = { apiVersion: 'test.example.org/v1', kind: 'Widget', name: 'owner', uid: object.metadata.uid, controller: true, blockOwnerDeletion: true };
    const owned = await site().admin.do('POST', path, widget('owned', {}, { ownerReferences: [reference] })) as ApiObject;
    assert.deepEqual(owned.metadata['ownerReferences'], [reference]);
  });

  test('Kubernetes\' own kinds are filled in', async () => {
    const namespace = await site().namespace();
    const secret = await site().admin.do('POST', `/api/v1/namespaces/${namespace}/secrets`, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' }, stringData: { a: 'b' } });
    assert.deepEqual([secret['type'], secret['data'], secret['stringData']], ['Opaque', { a: 'Yg==' }, undefined]);
    const own = await site().admin.do('GET', `/api/v1/namespaces/${namespace}`) as ApiObject;
    assert.deepEqual([own['status'], own['spec'], own.metadata.labels], [{ phase: 'Active' }, { finalizers: ['kubernetes'] }, { 'kubernetes.io/metadata.name': namespace }]);
  });

  test('a wrong kind or a body that is none is refused', async () => {
    const path = widgetsIn(project);
    assert.equal((await site().admin.ask('POST', path, { body: { ...widget('a'), apiVersion: 'test.example.org/v2' } })).code, 400);
    const garbage = await site().admin.ask('POST', path, { body: '{nonsense' });
    assert.deepEqual([garbage.code, garbage.json['reason']], [400, 'BadRequest']);
  });
}
