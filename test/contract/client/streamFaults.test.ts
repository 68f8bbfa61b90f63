import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { KubeApi } from '../../../src/cluster/api';
import { openChannelIf, probe, uidOf } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import type { LinkState } from '../../../src/cluster/consoleLink';
import { Feed } from '../../../src/cluster/feed';
import { Transcript } from '../../../src/cluster/transcript';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

for (const stream of ['console', 'vnc'] as const) {
  describe(`a ${stream} of the embedded cluster, when something goes wrong on the way`, () => {
    const target = { namespace: 'billing', name: 'db-01', stream };
    const isStream = ({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }) => url.endsWith(`/${stream}`) && headers['upgrade'] !== undefined;
    let site: Site;
    let platform: Platform;
    let api: KubeApi;

    before(async () => {
      site = await startSite('own', { world: 'company' });
      platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true });
      api = site.api(await site.context());
    });
    after(async () => {
      await platform?.stop();
      await site?.stop();
    });

    /** A link that nobody tells about the machine, as while the list of machines is not there. */
    function open() {
      const clock = new TestClock();
      const link = new ConsoleLink({
        clock, log: () => undefined, self: () => Promise.resolve('token'),
        open: (signal, mayTake) => openChannelIf(api, target, { userAgent: 'test/1', signal, clock }, mayTake), probe: (signal) => probe(api, target, signal), identify: (signal) => uidOf(api, target, signal),
      });
      let bytes = 0;
      const states: LinkState[] = [];
      link.onData(({ length }) => { bytes += length; });
      link.onDidChangeState((state) => states.push(state));
      link.connect();
      const is = (phase: LinkState['phase']) => until(() => link.state.phase === phase, phase);
      /** The machine says something: an echo, or the version of the protocol. */
      const answers = async () => {
        const before = bytes;
        link.send(stream === 'console' ? '\x04\r' : 'RFB 003.008\n');
        await until(() => bytes > before, 'an answer');
      };
      const end = async () => {
        link.dispose();
        await until(async () => (await probe(api, target, AbortSignal.timeout(5000)))?.holder === undefined, 'it is free');
        await until(() => clock.pending === 0, 'no timer is left');
      };
      return { link, clock, states, is, answers, end };
    }

    for (const [what, fault] of [['sends rubbish', { type: 'rubbish', afterBytes: 0 }], ['cuts it', { type: 'cut', afterBytes: 0 }]] as const) {
      test(`a server that ${what} in a session: it waits, and comes back`, async () => {
        const remove = site.faults.inject({ fault, times: 1, matches: isStream });
        const { link, clock, is, answers, end } = open();
        await until(() => link.state.phase === 'open' || link.state.phase === 'waiting', 'it was connected');
        if (link.state.phase === 'open') {
          link.send(stream === 'console' ? '\x04\r' : 'RFB 003.008\n');
        }
        await is('waiting');
        assert.equal(link.send('lost'), false);
        clock.advance(1000);
        await is('open');
        await answers();
        remove();
        await end();
      });
    }

    test('a half-open connection is noticed by pings, and replaced', async () => {
      const { link, clock, is, answers, end } = open();
      await is('open');
      await answers();
      const heardAtMs = clock.now();
      site.faults.freezeAll();
      clock.advance(20_000);
      clock.advance(20_000);
      await is('waiting');
      assert.ok(link.state.phase === 'waiting' && link.state.problem?.reason === 'timeout' && link.state.silentSinceMs === heardAtMs, JSON.stringify(link.state));
      // What was frozen is gone for good: the requests that share it, too.
      site.faults.cutAll();
      clock.advance(1000);
      await is('open');
      await answers();
      await end();
    });

    test('F36: a token that expires during a session is got anew where it can be, and is in no state', async () => {
      const { link, clock, is, answers, states, end } = open();
      await is('open');
      const remove = site.faults.inject({ fault: { type: 'status', code: 401 }, matches: isStream });
      site.faults.cutAll();
      await is('waiting');
      clock.advance(1000);
      await is('ended');
      assert.equal(link.state.phase === 'ended' && link.state.problem?.reason, 'unauthorized');
      remove();
      link.connect();
      await is('open');
      await answers();
      Object.values(site.cluster.users).forEach(({ token }) => assert.ok(!JSON.stringify(states).includes(token)));
      await end();
    });

    test('F24: a machine that was made anew while nobody could tell gets nothing', async () => {
      const { link, clock, is } = open();
      await is('open');
      // As it was known when the console was opened.
      link.setMachine({ uid: 'of-another-machine', phase: 'Running' });
      link.setMachine(undefined);
      site.faults.cutAll();
      await is('waiting');
      clock.advance(1000);
      await is('ended');
      assert.match(link.state.phase === 'ended' ? link.state.problem?.message ?? '' : '', /another one was created/);
      assert.equal(link.send('rm -rf /\r'), false);
      link.dispose();
    });

    // A screen has none: it is asked for pictures, and for none while it is hidden.
    if (stream === 'console') {
      test('F30: while a panel is hidden for ten minutes nobody waits for it, and it shows everything when it is seen again', async () => {
        const { link, clock, states, is, end } = open();
        let received = '';
        let shown = '';
        const show = (bytes: Uint8Array) => { shown += Buffer.from(bytes).toString(); };
        const feed = new Feed({ transcript: new Transcript(2 ** 20), source: link, clock, send: show, restart: show });
        link.onData((bytes) => {
          received += bytes.toString();
          feed.append(bytes);
        });
        feed.begin();
        feed.isLooking = false;
        await is('open');
        link.send('\x04\rcloud\rsecret\r');
        await until(() => received.includes('~$ '), 'a prompt');
        for (let ping = 0; ping < 30; ping++) {
          clock.advance(20_000);
          // Its echo comes after the answer to the ping.
          link.send(`echo after ${ping + 1} pings\r`);
          await until(() => received.includes(`after ${ping + 1} pings`), 'an echo');
        }
        assert.equal(shown, '');
        feed.isLooking = true;
        assert.match(shown, /after 30 pings/);
        await until(() => shown === received && /after 30 pings[^]*after 30 pings/.test(shown), 'all of it');
        assert.deepEqual(states.map(({ phase }) => phase), ['connecting', 'open']);
        feed.dispose();
        await end();
      });
    }
  });
}
