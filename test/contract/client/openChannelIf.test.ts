import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { KubeApi } from '../../../src/cluster/api';
import { openChannelIf } from '../../../src/cluster/channel';
import type { StreamTarget } from '../../../src/cluster/channel';
import { ClusterError } from '../../../src/cluster/errors';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const target: StreamTarget = { namespace: 'billing', name: 'ledger-01', stream: 'console' };

describe('a way that is opened while it is asked whether the stream may be taken', () => {
  let site: Site;
  let platform: Platform;
  let api: KubeApi;
  let seenBefore = 0;

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true });
  });
  beforeEach(async () => {
    await until(() => site.faults.connections === 0, 'the connections of before are closed');
    api = site.api(await site.context());
    seenBefore = site.faults.seen.length;
  });
  after(async () => {
    await platform?.stop();
    await site?.stop();
  });

  const upgrades = () => site.faults.seen.slice(seenBefore).filter(({ url }) => url.endsWith('/console')).length;

  /** Begins, and waits until the way is there. */
  async function begin() {
    const decision = Promise.withResolvers<boolean>();
    const cancel = new AbortController();
    const opening = openChannelIf(api, target, { userAgent: 'test/1', signal: AbortSignal.any([cancel.signal, AbortSignal.timeout(20_000)]) }, decision.promise);
    opening.catch(() => undefined);
    await until(() => site.faults.connections === 1, 'the way is there');
    return { ...decision, cancel, opening };
  }

  test('F21: the server is asked for the stream only after the answer, on the connection that is there', async () => {
    const { resolve, opening } = await begin();
    assert.equal(upgrades(), 0);
    resolve(true);
    const channel = await opening;
    assert.ok(channel);
    assert.deepEqual([upgrades(), site.faults.connections], [1, 1]);
    channel.dispose();
  });

  test('F21: who may not take it asks for nothing, and the connection is closed', async () => {
    const { resolve, opening } = await begin();
    resolve(false);
    assert.equal(await opening, undefined);
    await until(() => site.faults.connections === 0, 'the connection is closed');
    assert.equal(upgrades(), 0);
  });

  test('so it is when the question fails, and when nobody wants the stream any more', async () => {
    const failed = await begin();
    failed.reject(new ClusterError('timeout', 'Nobody has answered.'));
    await assert.rejects(failed.opening, /Nobody has answered/);
    await until(() => site.faults.connections === 0, 'the connection is closed');
    const late = await begin();
    late.cancel.abort(new Error('Not now'));
    late.resolve(true);
    await assert.rejects(late.opening, /Not now/);
    await until(() => site.faults.connections === 0, 'the connection is closed');
    assert.equal(upgrades(), 0);
  });

  test('a way that has died meanwhile is opened again', async () => {
    const { resolve, opening } = await begin();
    site.faults.cutAll();
    await until(() => site.faults.connections === 0, 'the connection is cut');
    resolve(true);
    const channel = await opening;
    assert.ok(channel);
    assert.equal(upgrades(), 1);
    channel.dispose();
  });

  test('without a way nothing is waited for', async () => {
    await site.faults.down();
    try {
      await assert.rejects(openChannelIf(api, target, { userAgent: 'test/1', signal: AbortSignal.timeout(20_000) }, new Promise<boolean>(() => undefined)), ({ reason }: ClusterError) => reason === 'unreachable');
    } finally {
      await site.faults.up();
    }
  });

  test('credentials that expire meanwhile are got anew, and only those', async () => {
    const rejected: unknown[] = [];
    const renew = api.connection.renewCredentials.bind(api.connection);
    api.connection.renewCredentials = (credential) => {
      rejected.push(credential?.token);
      return renew(credential);
    };
    const remove = site.faults.inject({ fault: { type: 'status', code: 401 }, times: 1, matches: ({ url }) => url.endsWith('/console') });
    const { resolve, opening } = await begin();
    resolve(true);
    await assert.rejects(opening, ({ reason }: ClusterError) => reason === 'unauthorized');
    assert.deepEqual(rejected, [site.cluster.users.token.token]);
    remove();
  });
});
