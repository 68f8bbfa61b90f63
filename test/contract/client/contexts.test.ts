import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import { Contexts } from '../../../src/cluster/contexts';
import type { KubeConfigSource } from '../../../src/cluster/kubeConfig';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

describe('contexts', () => {
  let site: Site;
  let home = '';
  const open: Contexts[] = [];
  before(async () => {
    site = await startSite();
    home = await mkdtemp(path.join(tmpdir(), 'contexts-test-'));
  });
  afterEach(() => open.splice(0).forEach((contexts) => contexts.dispose()));
  after(async () => {
    await site.stop();
    await rm(home, { recursive: true, force: true });
  });

  const user = (name: 'token' | 'viewer') => ({ token: site.cluster.users[name].token });
  const config = (contexts: Readonly<Record<string, { user: object; server?: string }>>) => JSON.stringify({
    clusters: Object.entries(contexts).map(([name, { server }]) => ({ name, cluster: { server: server ?? site.faults.url, 'certificate-authority-data': Buffer.from(site.cluster.authority.caPem).toString('base64') } })),
    users: Object.entries(contexts).map(([name, entry]) => ({ name, user: entry.user })),
    contexts: Object.keys(contexts).map((name) => ({ name, context: { cluster: name, user: name } })),
  });
  const create = (sources: KubeConfigSource[], options: Partial<ConstructorParameters<typeof Contexts>[0]> = {}) => {
    const clock = new TestClock(Date.now());
    const contexts = new Contexts({ sources: () => sources, userAgent: 'test', log: () => undefined, clock, env: {}, home, environment: () => Promise.resolve({ PATH: process.env['PATH'] }), ...options });
    open.push(contexts);
    return { contexts, clock };
  };
  /** Lets time pass until a condition holds. */
  const inTime = (clock: TestClock, isSo: () => boolean, what: string | (() => string)) => until(() => {
    clock.advance(100);
    return isSo();
  }, what);

  test('F13: a change on disk is noticed: unchanged contexts keep their session, changed ones get a new one, gone ones end', async () => {
    const file = path.join(home, 'config');
    await writeFile(file, config({ same: { user: user('token') }, changed: { user: { token: 'wrong' } }, gone: { user: user('token') } }));
    const { contexts, clock } = create([{ files: [file] }]);
    await contexts.reload();
    assert.deepEqual(contexts.contexts.map(({ id }) => id), ['same', 'changed', 'gone']);
    const [same, changed, gone] = ['same', 'changed', 'gone'].map((id) => contexts.session(id));
    assert.equal(contexts.session('same'), same);
    await inTime(clock, () => same?.view.connection.phase === 'live' && changed?.view.connection.phase === 'failed', 'the first states');
    const failed = changed?.view.connection;
    assert.ok(failed?.phase === 'failed' && failed.problem.reason === 'unauthorized');

    const draft = path.join(home, 'draft');
    await writeFile(draft, config({ same: { user: user('token') }, changed: { user: user('token') } }));
    await rename(draft, file);
    await inTime(clock, () => contexts.contexts.length === 2, 'the change');
    assert.equal(contexts.session('same'), same);
    assert.notEqual(contexts.session('changed'), changed);
    await inTime(clock, () => contexts.session('changed')?.view.connection.phase === 'live', 'the new session');
    assert.equal(contexts.session('gone'), undefined);
    assert.deepEqual(contexts.sessions.map(({ context }) => context.id).sort(), ['changed', 'same']);
    assert.ok(gone);
  });

  test('a kubeconfig that appears later, in a folder that does not exist yet', async () => {
    const file = path.join(home, 'later', '.kube', 'config');
    const { contexts, clock } = create([{ files: [file], isDefault: true }]);
    await contexts.reload();
    assert.deepEqual([contexts.contexts, contexts.problems], [[], []]);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, config({ new: { user: user('token') } }));
    await inTime(clock, () => contexts.contexts.length === 1, 'the context');
  });

  test('while a kubeconfig is broken its sessions go on, and it is told', async () => {
    const file = path.join(home, 'broken');
    await writeFile(file, config({ here: { user: user('token') } }));
    const { contexts, clock } = create([{ files: [file] }]);
    await contexts.reload();
    const session = contexts.session('here');
    await writeFile(file, 'clusters: [');
    await inTime(clock, () => contexts.problems.length === 1, 'the problem');
    assert.equal(contexts.session('here'), session);
    assert.deepEqual(contexts.contexts.map(({ id }) => id), ['here']);
    await rm(file);
    await inTime(clock, () => contexts.contexts.length === 0, 'the end');
    assert.equal(contexts.session('here'), undefined);
    assert.match(contexts.problems[0]?.message ?? '', /There is no kubeconfig/);
  });

  test('F12: several contexts live side by side, a dead one delays none', async () => {
    const file = path.join(home, 'side-by-side');
    await writeFile(file, config({ one: { user: user('token') }, dead: { user: user('token'), server: 'https://127.0.0.1:1' }, two: { user: user('viewer') } }));
    const { contexts, clock } = create([{ files: [file] }]);
    await contexts.reload();
    for (const { id } of contexts.contexts) {
      contexts.session(id);
    }
    const phases = () => contexts.contexts.map(({ id }) => contexts.session(id)?.view.connection.phase).join();
    await inTime(clock, () => phases() === 'live,failed,live', phases);
    contexts.disconnect('one');
    assert.deepEqual(contexts.sessions.map(({ context }) => context.id), ['dead', 'two']);
  });

  test('F33: a credential plugin of an unknown kubeconfig is not run unless the user agrees', async () => {
    const file = path.join(home, 'exec');
    const mark = path.join(home, 'ran');
    const exec = { exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: process.execPath, args: ['-e', `require('fs').writeFileSync(${JSON.stringify(mark)}, '')`] } };
    await writeFile(file, config({ exec: { user: exec } }));
    const asked: string[] = [];
    for (const mayRun of [undefined, (command: string) => { asked.push(command); return Promise.resolve(false); }]) {
      const { contexts, clock } = create([{ files: [file] }], mayRun ? { mayRun } : {});
      await contexts.reload();
      const session = contexts.session('exec');
      await inTime(clock, () => session?.view.connection.phase === 'failed', 'the refusal');
      const { connection } = session!.view;
      assert.ok(connection.phase === 'failed' && connection.problem.reason === 'credentials' && connection.problem.message.includes('not allowed'));
    }
    assert.equal(asked[0], process.execPath);
    await assert.rejects(rm(mark));
  });

  test('nothing is left after the end', async () => {
    const file = path.join(home, 'ended');
    await writeFile(file, config({ here: { user: user('token') } }));
    const { contexts, clock } = create([{ files: [file] }]);
    await contexts.reload();
    const session = contexts.session('here');
    await inTime(clock, () => session?.view.connection.phase === 'live', 'the connection');
    contexts.dispose();
    await until(() => clock.pending === 0, 'the end of all timers');
    await contexts.reload();
    assert.equal(contexts.session('here'), undefined);
    assert.equal(clock.pending, 0);
  });
});
