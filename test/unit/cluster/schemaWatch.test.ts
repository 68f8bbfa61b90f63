import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaWatch, type DescribedCluster } from '../../../src/cluster/schemaWatch';
import { TestClock } from './testClock';

/** A cluster whose description is that of a number, or that refuses to tell. */
function cluster() {
  const state = { release: 1 as number | undefined, asked: 0 };
  const request = (_method: string, path: string): Promise<unknown> => {
    state.asked++;
    if (state.release === undefined) {
      return Promise.reject(new Error('forbidden'));
    }
    return Promise.resolve(path === '/openapi/v3' ? JSON.stringify({ paths: { 'apis/virtualization.deckhouse.io/v1alpha2': { serverRelativeURL: `/openapi/v3/x?hash=${state.release}` } } }) : { release: state.release });
  };
  return { state, session: { view: { kinds: [] }, api: { request } } as unknown as DescribedCluster };
}

function watching() {
  const clock = new TestClock();
  const failures: unknown[] = [];
  let changes = 0;
  const watch = new SchemaWatch({ clock, onDidChange: () => { changes++; }, onFailure: (error) => failures.push(error) });
  return { clock, watch, failures, changes: () => changes };
}

/** Lets what was answered at once arrive. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a new description is told once, and again when it changes', async () => {
  const { clock, watch, changes } = watching();
  const { state, session } = cluster();
  watch.follow(session);
  await settled();
  assert.deepEqual([changes(), watch.of(session)?.documents], [1, [{ release: 1 }]]);
  clock.advance(30_000);
  await settled();
  assert.equal(changes(), 1);
  state.release = 2;
  clock.advance(30_000);
  await settled();
  assert.deepEqual([changes(), watch.of(session)?.documents], [2, [{ release: 2 }]]);
  watch.dispose();
  const { asked } = state;
  clock.advance(120_000);
  assert.equal(state.asked, asked);
});

test('without rights nothing changes, and it is said once', async () => {
  const { clock, watch, failures, changes } = watching();
  const { state, session } = cluster();
  state.release = undefined;
  watch.follow(session);
  await settled();
  clock.advance(30_000);
  await settled();
  assert.deepEqual([changes(), failures.length, watch.of(session)], [0, 1, undefined]);
  state.release = 1;
  clock.advance(30_000);
  await settled();
  assert.equal(changes(), 1);
  watch.dispose();
});

test('a cluster that is not connected yet is not asked', async () => {
  const { watch } = watching();
  const { state, session } = cluster();
  watch.follow({ ...session, view: { kinds: undefined } } as unknown as DescribedCluster);
  await settled();
  assert.equal(state.asked, 0);
});
