import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/timing';
import type { Seen } from '../../cluster/faults/proxy';
import { TestClock } from '../../unit/cluster/testClock';
import { configMaps, startFollowing } from './follow';
import type { Followed } from './follow';
import { until } from '../../until';
import { halves, startSite } from './site';
import type { Site } from './site';

const isWatch = ({ url }: Seen) => url.includes('watch=true') && url.includes('/configmaps');
const isList = ({ method, url }: Seen) => method === 'GET' && url.includes('/configmaps') && !url.includes('watch=true');

for (const { half, skip } of halves) {
  describe(`watches on the ${half} API server`, { skip: skip ?? false }, () => {
    let site: Site;
    let namespace = '';
    let count = 0;
    const cleanUp: (() => unknown)[] = [];

    before(async () => {
      site = await startSite(half);
    });
    after(() => site.stop());
    beforeEach(async () => {
      namespace = `ns-${half}-${count++}`;
      await site.cluster.admin.do('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    });
    afterEach(async () => {
      for (const clean of cleanUp.splice(0)) {
        await clean();
      }
    });

    const path = () => `/api/v1/namespaces/${namespace}/configmaps`;
    const create = (name: string, data: object = {}) => site.cluster.admin.do('POST', path(), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data });
    const patch = (name: string, data: object) => site.cluster.admin.do('PATCH', `${path()}/${name}`, { data });
    const remove = (name: string) => site.cluster.admin.do('DELETE', `${path()}/${name}`);
    /** For requests of this test only: a last one of the test before may still be on its way. */
    const inject: Site['faults']['inject'] = (rule) => {
      const stop = site.faults.inject({ ...rule, matches: (seen) => seen.url.includes(`/namespaces/${namespace}/`) && (rule.matches?.(seen) ?? true) });
      cleanUp.push(stop);
      return stop;
    };
    /** Follows the test's namespace with these objects in it, on a clock that stands. */
    const following = async (names: readonly string[], isAhead: (followed: Followed) => boolean = ({ changes }) => changes.some(({ type }) => type !== 'page')) => {
      for (const name of names) {
        await create(name);
      }
      const clock = new TestClock(Date.now());
      const api = site.api(await site.context(), { clock });
      const from = site.faults.seen.length;
      const followed = startFollowing(api, configMaps, { clock, namespace });
      cleanUp.push(() => followed.stop());
      await until(() => isAhead(followed), 'the first word');
      const seen = (matches: (seen: Seen) => boolean) => site.faults.seen.slice(from).filter((one) => one.url.includes(`/namespaces/${namespace}/`) && matches(one)).length;
      await until(() => seen(isWatch) > 0 || !isAhead(followed) || followed.changes.at(-1)?.type === 'failed', 'the watch');
      return { followed, clock, seen };
    };
    const hasNames = (followed: Followed, ...names: string[]) => until(() => followed.names().join() === names.join(), () => `objects ${names.join()} instead of ${followed.names().join()}`);

    test('F2: follows from the list on, with bookmarks', async () => {
      const { followed } = await following(['a', 'b']);
      await hasNames(followed, 'a', 'b');
      await create('c');
      await remove('a');
      await hasNames(followed, 'b', 'c');
      const watch = site.faults.seen.findLast(isWatch);
      assert.match(watch?.url ?? '', /allowWatchBookmarks=true/);
      assert.match(watch?.url ?? '', /resourceVersion=\d+/);
    });

    test('F2: a bookmark moves the place and is no news', async () => {
      inject({ matches: isWatch, times: 1, fault: { type: 'rewrite', change: (text) => text.replaceAll('"type":"MODIFIED"', '"type":"BOOKMARK"') } });
      const { followed, clock, seen } = await following(['a']);
      const { metadata } = await patch('a', { x: '1' });
      await create('b');
      await hasNames(followed, 'a', 'b');
      await patch('a', { x: '2' });
      const { metadata: moved } = await patch('a', { x: '3' });
      assert.notDeepEqual(metadata, moved);
      await create('c');
      await hasNames(followed, 'a', 'b', 'c');
      site.faults.cutAll();
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      assert.deepEqual(followed.changes.map(({ type }) => type), ['listed', 'set', 'set', 'failed']);
      clock.advance(1000);
      await until(() => followed.changes.at(-1)?.type === 'resumed', 'the next watch');
      assert.equal(seen(isList), 1);
    });

    test('F1: a list larger than a page comes in pages', async () => {
      const { followed } = await following(Array.from({ length: 503 }, (_, index) => `x${index}`));
      assert.ok(followed.names().length >= 503);
      assert.deepEqual(followed.changes.map(({ type }) => type), ['page', 'listed']);
      const whole = startFollowing(site.api(await site.context()), configMaps, { clock: systemClock, namespace, byPage: false });
      await until(() => whole.changes.length > 0, 'the whole list');
      assert.deepEqual([whole.changes[0]?.type, whole.names().length], ['listed', followed.names().length]);
      await whole.stop();
      assert.equal(site.faults.seen.filter((seen) => isList(seen) && seen.url.includes(`/${namespace}/`) && seen.url.includes('continue=')).length, 2);
    });

    test('F1: a 410 in the middle of the pages starts the list again, once, without a limit', async () => {
      const names = Array.from({ length: 501 }, (_, index) => `x${index}`);
      inject({ matches: (seen) => isList(seen) && seen.url.includes('continue='), times: 1, fault: { type: 'status', code: 410 } });
      const { followed } = await following(names);
      assert.ok(followed.names().length >= 501);
      assert.deepEqual(followed.changes.map(({ type }) => type), ['page', 'listed']);
      const lists = site.faults.seen.filter((seen) => isList(seen) && seen.url.includes(`/${namespace}/`)).map(({ url }) => url);
      assert.deepEqual(lists.map((url) => [url.includes('limit=500'), url.includes('continue=')]), [[true, false], [true, true], [false, false]]);
    });

    for (const [name, fault] of [
      ['an HTTP 410', { type: 'status', code: 410 }],
      ['an ERROR event with 410', { type: 'status', code: 200, body: `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', apiVersion: 'v1', code: 410, reason: 'Expired', message: 'too old' } })}\n` }],
    ] as const) {
      test(`F3: ${name} in a watch is followed by a list that tells what was missed`, async () => {
        const { followed, clock } = await following(['a', 'b']);
        inject({ matches: isWatch, times: 1, fault });
        await hasNames(followed, 'a', 'b');
        site.faults.cutAll();
        await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
        await remove('a');
        await create('c');
        clock.advance(1000);
        await hasNames(followed, 'b', 'c');
        assert.deepEqual(followed.changes.map(({ type }) => type).filter((type) => type !== 'resumed'), ['listed', 'failed', 'listed']);
      });
    }

    test('F3: what the real server says about a place that is too old', async () => {
      const { followed, clock } = await following(['a', 'b']);
      await hasNames(followed, 'a', 'b');
      await site.faults.down();
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      await remove('a');
      for (let round = 0; round < 3; round++) {
        await create(`c${round}`);
        await site.cluster.compact();
      }
      await site.faults.up();
      await until(() => {
        clock.advance(500);
        return followed.names().join() === 'b,c0,c1,c2';
      }, 'the new state');
    });

    test('F4: a watch that the server ends properly goes on without a list', async () => {
      const stop = inject({ matches: isWatch, times: 1, fault: { type: 'status', code: 200, body: '' } });
      const { followed, clock, seen } = await following(['a']);
      stop();
      // Ended at once it counts as a failure; the next attempt still goes on from the same place.
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      await create('b');
      await until(() => {
        clock.advance(200);
        return followed.names().join() === 'a,b';
      }, 'the new object');
      assert.equal(seen(isList), 1);
    });

    test('F4: after minutes of watching a proper end is not even told', async () => {
      let end = () => undefined as void;
      const ended = new Promise<void>((resolve) => { end = resolve; });
      inject({ matches: isWatch, times: 1, fault: { type: 'delay', until: ended } });
      const { followed, clock, seen } = await following(['a']);
      clock.advance(20_000);
      inject({ matches: isWatch, times: 1, fault: { type: 'status', code: 200, body: '' } });
      end();
      await create('b');
      await hasNames(followed, 'a', 'b');
      assert.equal(seen(isList), 1);
      assert.ok(followed.changes.every(({ type }) => type !== 'failed'));
    });

    test('F5: a connection that is half open is noticed, and nothing is lost', async () => {
      const { followed, clock, seen } = await following([]);
      // News has come: the watch is open, not only asked for.
      await create('a');
      await hasNames(followed, 'a');
      site.faults.freezeAll();
      await create('b');
      clock.advance(60_000);
      assert.deepEqual(followed.names(), ['a']);
      for (let second = 0; second < 35; second += 5) {
        clock.advance(5000);
      }
      await hasNames(followed, 'a', 'b');
      assert.equal(seen(isList), 1);
      assert.ok(followed.changes.every(({ type }) => type !== 'failed'), 'a dead connection is no failure when the next one is fine');
    });

    test('F13: a machine that slept asks again within seconds', async () => {
      const { followed, clock } = await following([]);
      await create('a');
      await hasNames(followed, 'a');
      site.faults.freezeAll();
      await create('b');
      clock.sleepThrough(3_600_000);
      clock.advance(5000);
      await hasNames(followed, 'a', 'b');
    });

    test('F6: failures are waited out longer and longer, and a success after two minutes forgives them', async () => {
      const { followed, clock } = await following(['a']);
      const waits = () => followed.changes.flatMap((change) => (change.type === 'failed' ? (change.retryAtMs ?? 0) - clock.now() : []));
      const stop = inject({ matches: (seen) => isWatch(seen) || isList(seen), fault: { type: 'status', code: 500 } });
      site.faults.cutAll();
      const expected = [800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000];
      for (const [index, waitMs] of expected.entries()) {
        await until(() => followed.changes.filter(({ type }) => type === 'failed').length === index + 1, `failure ${index + 1}`);
        assert.equal(waits().at(-1), waitMs);
        if (index === expected.length - 1) {
          stop();
        }
        clock.advance(waitMs);
      }
      await until(() => followed.changes.at(-1)?.type === 'listed', 'the recovery');
      await until(() => clock.delaysMs.some((delayMs) => delayMs <= 5000), 'the watch');
      await create('b');
      await hasNames(followed, 'a', 'b');
      clock.advance(80_000);
      await patch('b', { x: '1' });
      await until(() => followed.changes.filter(({ type }) => type === 'set').length === 2, 'the change');
      clock.advance(60_000);
      await patch('b', { x: '2' });
      await until(() => followed.changes.filter(({ type }) => type === 'set').length === 3, 'the change');
      site.faults.cutAll();
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      assert.equal(waits().at(-1), 800);
    });

    test('F6: Retry-After is waited for', async () => {
      const { followed, clock } = await following(['a']);
      inject({ matches: isWatch, times: 1, fault: { type: 'status', code: 429, headers: { 'retry-after': '17' } } });
      site.faults.cutAll();
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the cut');
      clock.advance(800);
      await until(() => followed.changes.filter(({ type }) => type === 'failed').length === 2, 'the refusal');
      const last = followed.changes.at(-1);
      assert.ok(last?.type === 'failed' && last.problem.reason === 'throttled');
      assert.equal((last.retryAtMs ?? 0) - clock.now(), 17_000);
    });

    test('F9: lines that arrive byte by byte, with characters of several bytes', async () => {
      inject({ matches: isWatch, fault: { type: 'slice', bytes: 1 } });
      const { followed } = await following(['a']);
      await create('b', { text: 'Привет, 世界 🚀' });
      await hasNames(followed, 'a', 'b');
      const last = followed.changes.at(-1);
      assert.ok(last?.type === 'set');
      assert.deepEqual(last.object['data'], { text: 'Привет, 世界 🚀' });
    });

    test('F9: a line that is no event is told, and the objects are read again', async () => {
      inject({ matches: isWatch, times: 1, fault: { type: 'rewrite', change: (text) => text.replace('{"type":"ADDED"', '{"type":ADDED"') } });
      const { followed, clock, seen } = await following(['a']);
      await create('b');
      await create('c');
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      clock.advance(1000);
      await hasNames(followed, 'a', 'b', 'c');
      assert.equal(seen(isList), 2);
    });

    test('a connection cut in the middle of a line loses nothing', async () => {
      inject({ matches: isWatch, times: 1, fault: { type: 'cut', afterBytes: 40 } });
      const { followed, clock, seen } = await following(['a']);
      await create('b');
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the failure');
      clock.advance(1000);
      await hasNames(followed, 'a', 'b');
      assert.equal(seen(isList), 1);
      assert.ok(followed.changes.some(({ type }) => type === 'resumed'));
    });

    test('a watch that is cut as soon as it is open, again and again, ends in a list', async () => {
      const { followed, clock, seen } = await following(['a']);
      inject({ matches: isWatch, times: 2, fault: { type: 'cut', afterBytes: 0 } });
      await create('x');
      await hasNames(followed, 'a', 'x');
      site.faults.cutAll();
      await until(() => {
        clock.advance(200);
        return followed.changes.filter(({ type }) => type === 'listed').length === 2;
      }, 'the list');
      assert.equal(seen(isList), 2);
    });

    for (const code of [500, 503]) {
      test(`${code} in a list is told with the time of the next try`, async () => {
        inject({ matches: isList, times: 1, fault: { type: 'status', code } });
        const { followed, clock } = await following(['a']);
        const first = followed.changes[0];
        assert.ok(first?.type === 'failed' && first.problem.reason === 'server' && first.sinceMs === undefined);
        assert.equal(first.retryAtMs, clock.now() + 800);
        clock.advance(800);
        await hasNames(followed, 'a');
      });
    }

    for (const [code, reason] of [[403, 'forbidden'], [404, 'notServed']] as const) {
      test(`${code} in a list ends it: waiting does not help`, async () => {
        inject({ matches: isList, times: 1, fault: { type: 'status', code } });
        const { followed } = await following(['a']);
        await until(() => followed.isOver, 'the end');
        const last = followed.changes.at(-1);
        assert.ok(last?.type === 'failed' && last.problem.reason === reason && last.retryAtMs === undefined);
      });
    }

    test('a server that restarts is listed again', async () => {
      const { followed, clock } = await following(['a', 'b']);
      await site.faults.down();
      await until(() => followed.changes.at(-1)?.type === 'failed', 'the cut');
      await remove('a');
      clock.advance(800);
      await until(() => followed.changes.filter(({ type }) => type === 'failed').length === 2, 'the refusal');
      await site.faults.up();
      clock.advance(1600);
      await hasNames(followed, 'b');
      assert.equal(followed.changes.at(-1)?.type, 'listed');
    });

    test('nothing is told after the end', async () => {
      const { followed } = await following(['a']);
      await followed.stop();
      const told = followed.changes.length;
      await create('b');
      await create('c');
      assert.equal(followed.changes.length, told);
    });
  });
}
