import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { phaseOf } from '../../../src/domain/kubeObject';
import { flood } from '../../cluster/platform/lower/commands';
import { lowerAnnotation } from '../../cluster/platform/lower/annotation';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { startPlatform, type Platform } from '../../cluster/platform/index';
import type { UserName } from '../../cluster/users';
import { until } from '../../until';
import { halves, startSite, type Site } from '../client/site';
import { CommandLine } from './streamsCommandLine';
import { Viewer } from './streamsViewer';
import { dial, Refused, type Wire } from './streamsWire';

const target = 'ledger-01.billing';
const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';
const streams = '/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';

/** Collects what comes. */
function reading(wire: Wire): { readonly text: () => string; readonly until: (part: string) => Promise<unknown> } {
  let all = '';
  wire.on('data', (bytes: Buffer) => (all += bytes.toString('utf8')));
  return { text: () => all, until: (part) => until(() => all.includes(part), () => `"${part}", only ${JSON.stringify(all.slice(-200))}`) };
}

const refusal = (promise: Promise<unknown>) => promise.then(() => assert.fail('It should have been refused'), (error: unknown) => {
  assert.ok(error instanceof Refused, String(error));
  return { code: error.code, ...JSON.parse(error.body) as { readonly reason?: string; readonly message: string } };
});

for (const { half, skip } of halves) {
  describe(`stream endpoints on the ${half} API server`, { skip: skip ?? false }, () => {
    let site: Site;
    let platform: Platform;
    const lines: CommandLine[] = [];
    /** The command-line client in the hands of a user. */
    const as = (user: UserName) => {
      const line = new CommandLine({ ...site.cluster, token: site.cluster.users[user].token, namespace: 'billing', retryMs: 50 });
      lines.push(line);
      return line;
    };
    const admin = () => site.cluster.admin;
    const play = (word: string | null) => admin().do('PATCH', `${machines}/ledger-01`, { metadata: { annotations: { [lowerAnnotation]: word } } });
    const isRunning = () => until(() => phaseOf(platform.known.get('VirtualMachine', 'ledger-01', 'billing')!) === 'Running', 'the machine runs');
    const leaseOf = async (kind: string) => ((await admin().do('GET', '/apis/coordination.k8s.io/v1/namespaces/billing/leases'))['items'] as { metadata: { name: string; annotations: object; labels: object }; spec: { holderIdentity: string } }[])
      .find(({ metadata }) => metadata.name.startsWith(`d8v-vm-${kind}-ledger-01-`));

    before(async () => {
      site = await startSite(half, { world: 'company' });
      platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true, timing: scaled(humanTiming, 0.03) });
    });
    after(async () => {
      lines.forEach((line) => line.dispose());
      await platform?.stop();
      await site?.stop();
    });

    test('a console is connected, typed into and left without a word; Leases say who has it', async () => {
      const line = as('token');
      const wire = await line.console(target);
      const read = reading(wire);
      assert.equal(wire.selected, undefined, 'the offered subprotocol is not selected');
      await read.until('ledger-01 login: ');
      wire.write('cloud\rsecret\recho Привет\r');
      await read.until('Привет\r\n');
      const lease = await leaseOf('console');
      assert.equal(lease?.spec.holderIdentity, 'token');
      assert.deepEqual(lease.metadata.labels, { 'virtualization.deckhouse.io/session': 'console' });
      assert.equal((lease.metadata.annotations as Record<string, string>)['virtualization.deckhouse.io/session-client'], 'd8');
      const holder = await line.holder(target, 'console') as { holder: string; client: string; startTime: string };
      assert.deepEqual([holder.holder, holder.client], ['token', 'd8']);
      assert.match(holder.startTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      wire.destroy();
      await until(async () => await leaseOf('console') === undefined, 'the Lease is gone');
      assert.deepEqual(await line.holder(target, 'console'), {});
    });

    test('the newest wins: the one before loses console or screen without a close frame, and an Event says so', async () => {
      const [mine, theirs] = [as('token'), as('exec')];
      const first = await mine.console(target);
      const screen = await dial({ ...site.cluster, url: `${site.cluster.url}${streams}/ledger-01/vnc`, headers: { authorization: `Bearer ${site.cluster.users.token.token}` } });
      const again = await mine.console(target);
      assert.equal(await first.ended(), 1006);
      const other = await theirs.console(target);
      assert.equal(await again.ended(), 1006);
      assert.ok(!screen.destroyed && !other.destroyed, 'console and screen are held apart');
      await theirs.vnc(target);
      assert.equal(await screen.ended(), 1006);
      const events = () => admin().do('GET', '/api/v1/namespaces/billing/events').then(({ items }) => (items as { reason: string; message: string; type: string }[]).filter(({ reason }) => reason.endsWith('SessionPreempted')));
      await until(async () => (await events()).length === 2, 'two Events');
      const [byConsole, byScreen] = (await events()).sort((a, b) => (a.reason < b.reason ? -1 : 1));
      assert.deepEqual([byConsole?.type, byConsole?.reason, byScreen?.reason], ['Warning', 'ConsoleSessionPreempted', 'VNCSessionPreempted']);
      assert.match(byConsole?.message ?? '', /taken over by user "exec", the session of user "token"/);
      other.destroy();
    });

    test('a Lease that nobody renews any more makes nobody a holder', async () => {
      const lease = async (renewTime: string) => {
        const { uid } = platform.known.get('VirtualMachine', 'ledger-01', 'billing')!.metadata;
        const name = `d8v-vm-vnc-ledger-01-${uid}`;
        await admin().ask('DELETE', `/apis/coordination.k8s.io/v1/namespaces/billing/leases/${name}`);
        await admin().do('POST', '/apis/coordination.k8s.io/v1/namespaces/billing/leases', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace: 'billing' }, spec: { holderIdentity: 'somebody', leaseDurationSeconds: 30, renewTime } });
      };
      await lease(new Date().toISOString().replace('Z', '000Z'));
      assert.deepEqual(await as('token').holder(target, 'vnc'), { holder: 'somebody' });
      await lease(new Date(Date.now() - 31_000).toISOString().replace('Z', '000Z'));
      assert.deepEqual(await as('token').holder(target, 'vnc'), {});
    });

    test('refusals: no such machine, one that does not run, no rights, no upgrade', async () => {
      const line = as('token');
      assert.deepEqual(await refusal(line.console('nobody.billing')), { ...await refusal(line.console('nobody.billing')), code: 404, reason: 'NotFound', message: 'virtualmachines.subresources.virtualization.deckhouse.io "nobody" not found' });
      const { name, namespace } = [...platform.known.all('VirtualMachine')].find((machine) => phaseOf(machine) === 'Stopped')!.metadata;
      const stopped = await refusal(line.stdio(`${name}.${namespace}`, 80));
      assert.deepEqual([stopped.code, stopped.reason, stopped.message], [500, undefined, 'VirtualMachine is not Running or Migrating']);
      const probed = await line.holder(`${name}.${namespace}`, 'console');
      assert.deepEqual(probed, {}, 'a machine that does not run can be probed');
      const viewer = as('viewer');
      assert.equal((await refusal(viewer.console(target))).code, 403);
      assert.equal(await viewer.holder(target, 'console'), undefined);
      const plain = await admin().ask('GET', `${streams}/ledger-01/console`);
      assert.deepEqual([plain.code, plain.json['message']], [400, 'Upgrade request required']);
      assert.equal((await admin().ask('GET', `${streams}/ledger-01`)).json['kind'], 'VirtualMachine');
      const posted = await dial({ ...site.cluster, url: `${site.cluster.url}${streams}/ledger-01/vnc`, method: 'POST', subprotocol: 'plain.kubevirt.io', headers: { authorization: `Bearer ${site.cluster.users.token.token}` } });
      assert.equal(posted.selected, 'plain.kubevirt.io');
      posted.destroy();
    });

    test('the screen is seen and typed on through a local port', async () => {
      const viewers = connect(await as('token').vnc(target), '127.0.0.1');
      const viewer = new Viewer({ send: (bytes) => viewers.write(bytes) });
      viewers.on('data', (bytes: Buffer) => viewer.take(bytes));
      await until(() => viewer.text.includes('ledger-01 login:'), 'a login on the screen');
      viewer.type('root\rsecret\recho "Seen"\r');
      await until(() => viewer.text.includes('\n"Seen"\n'), 'what was typed');
      assert.match(viewer.text, /^ SIMULATED GUEST {2}ledger-01/);
      viewers.destroy();
    });

    test('ports: pages and large transfers arrive whole, many at a time; what nobody listens to is refused in words', async () => {
      const line = as('token');
      const port = await line.portForward(target, 80);
      const page = async (path: string) => await text((await once(get({ port, path, agent: false }), 'response'))[0] as AsyncIterable<Buffer> & NodeJS.ReadableStream);
      assert.match(await page('/'), /simulated guest/);
      const expected = createHash('sha256').update([...flood(2 ** 20)].join('')).digest('hex');
      const pages = await Promise.all(Array.from({ length: 10 }, () => page('/bytes?mib=1')));
      assert.deepEqual(new Set(pages.map((each) => createHash('sha256').update(each).digest('hex'))), new Set([expected]));
      const ssh = await refusal(line.stdio(target, 22));
      assert.deepEqual([ssh.code, ssh.reason], [500, 'InternalError']);
      assert.match(ssh.message, /^Internal error occurred: dialing VM: dial tcp [\d.]+:22: connect: connection refused \(a simulated guest has no SSH server/);
      assert.match((await refusal(line.stdio(target, 4711))).message, /dial tcp [\d.]+:4711: connect: connection refused$/);
      assert.match((await refusal(dial({ ...site.cluster, url: `${site.cluster.url}${streams}/ledger-01/portforward?port=80&protocol=sctp`, headers: { authorization: `Bearer ${site.cluster.users.token.token}` } }))).message, /unknown network sctp$/);
    });

    test('ports: text is not looked at, pings come, and the end of a connection is told by its loss alone', async () => {
      const line = as('token');
      const echo = await line.stdio(target, 7);
      const read = reading(echo);
      echo.sendText('not this');
      echo.write('this');
      await read.until('this');
      assert.equal(read.text(), 'this');
      await until(() => echo.pings > 0, 'a ping');
      const time = await line.stdio(target, 13);
      const told = reading(time);
      assert.equal(await time.ended(), 1006);
      assert.match(told.text(), /^\d{4}-\d\d-\d\d /);
      echo.destroy();
    });

    test('UDP: datagrams stay whole, one stream for each client', async () => {
      const port = await as('token').portForward(target, 7, 'udp');
      const clients = [createSocket('udp4'), createSocket('udp4')];
      const answers = clients.map((client) => once(client, 'message') as Promise<[Buffer]>);
      clients.forEach((client, index) => client.send(`from ${index}`, port, '127.0.0.1'));
      assert.deepEqual((await Promise.all(answers)).map(([bytes]) => bytes.toString()), ['from 0', 'from 1']);
      clients.forEach((client) => client.close());
      const nobody = await as('token').stdio(target, 5353, 'udp');
      nobody.write('?');
      assert.equal(await nobody.ended(), 1006);
    });

    test('a reader that does not read makes the guest wait, a guest that does not read the writer', async () => {
      const line = as('token');
      const slow = await line.stdio(target, 19);
      await once(slow, 'readable');
      slow.destroy();
      await play('deaf-guest');
      await until(() => platform.known.get('VirtualMachine', 'ledger-01', 'billing')?.metadata.annotations?.[lowerAnnotation] === 'deaf-guest', 'the word is known');
      const deaf = await line.stdio(target, 9);
      let written = 0;
      const write = (): void => {
        for (let isWanted = true; isWanted && written < 2 ** 28;) {
          written += 2 ** 16;
          isWanted = deaf.write(Buffer.alloc(2 ** 16));
        }
      };
      deaf.on('drain', write);
      write();
      let before = -1;
      await until(async () => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        const isStill = before === written;
        before = written;
        return isStill;
      }, 'the writer waits');
      assert.ok(written < 2 ** 26, `${written} bytes were taken by a guest that reads nothing`);
      deaf.destroy();
      await play(null);
    });

    test('stop, start, restart: the console is lost without a close frame, is refused meanwhile and comes back', async () => {
      const line = as('token');
      const console = line.stayOnConsole(target);
      await until(() => console.connections === 1, 'connected');
      const port = await line.stdio(target, 7);
      assert.equal((await line.operate('stop', target)).phase, 'Completed');
      assert.equal(await port.ended(), 1006);
      assert.equal((await refusal(line.console(target))).code, 500);
      assert.equal((await line.operate('start', target)).phase, 'Completed');
      await until(() => console.connections === 2 && console.text.endsWith('ledger-01 login: '), 'connected again');
      assert.equal((await line.operate('restart', target, { force: true })).phase, 'Completed');
      await until(() => console.connections === 3, 'connected after the restart');
      assert.equal(console.end, undefined);
      console.leave();
      await isRunning();
    });

    test('migrate, evict: who is connected loses the stream once; the machine has gone on meanwhile', async () => {
      const line = as('token');
      const console = line.stayOnConsole(target);
      await until(() => console.text.includes('login: '), 'a login');
      console.type('root\rsecret\rtick 20\r');
      await until(() => console.text.includes('tick 2\r\n'), 'ticks');
      for (const [index, command] of (['migrate', 'evict'] as const).entries()) {
        await isRunning();
        const { phase, message } = await line.operate(command, target);
        assert.equal(phase, 'Completed', message);
        await until(() => console.connections === index + 2, 'connected on the other node');
      }
      const length = console.text.length;
      await until(() => console.text.length > length + 40, 'more ticks');
      const ticks = [...console.text.matchAll(/(?<!\$ )tick (\d+)\r\n/g)].map(([, number]) => Number(number));
      assert.deepEqual(ticks, [...new Set(ticks)].sort((a, b) => a - b), 'none comes twice');
      assert.doesNotMatch(console.text.slice(console.text.indexOf('tick 2')), /login:/);
      console.type('\x03\x04');
      console.leave();
      assert.equal((await line.operate('start', target)).phase, 'Failed');
    });

    test('a machine that is deleted ends everything, and a console that is stayed on', async () => {
      const line = as('token');
      const console = line.stayOnConsole(target);
      await until(() => console.connections === 1, 'connected');
      await admin().do('DELETE', `${machines}/ledger-01`);
      await until(() => console.end !== undefined, 'it gave up');
      assert.match(console.end ?? '', /\(404\): virtualmachines\.subresources.* "ledger-01" not found/);
    });
  });
}

describe('stream endpoints of released modules', () => {
  test('nobody can ask who has a console; a server may select the subprotocol it is offered', async () => {
    const site = await startSite('own', { world: 'company' });
    const platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', subprotocols: ['plain.virtualization.deckhouse.io'] });
    const line = new CommandLine({ ...site.cluster, token: site.cluster.users.token.token, namespace: 'billing' });
    const wire = await line.console('ledger-01');
    assert.equal(wire.selected, 'plain.virtualization.deckhouse.io');
    const read = reading(wire);
    await read.until('login: ');
    assert.equal(await line.holder('ledger-01', 'console'), undefined);
    const { json } = await site.cluster.admin.ask('GET', `${streams}/ledger-01/console?probe=true`);
    assert.deepEqual([json['code'], json['message']], [400, 'Upgrade request required']);
    assert.deepEqual((await site.cluster.admin.do('GET', '/apis/coordination.k8s.io/v1/namespaces/billing/leases'))['items'], []);
    assert.ok(!wire.destroyed);
    line.dispose();
    await platform.stop();
    await site.stop();
  });
});
