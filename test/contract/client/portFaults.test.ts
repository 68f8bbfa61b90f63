import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, afterEach, before, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/timing';
import type { Clock } from '../../../src/base/timing';
import { openChannel } from '../../../src/cluster/channel';
import { machinePort } from '../../../src/cluster/machinePort';
import type { PortForward } from '../../../src/cluster/portForward';
import { startPortForward } from '../../../src/cluster/portForward';
import { phaseOf } from '../../../src/domain/kubeObject';
import { parsePorts } from '../../../src/domain/portSpec';
import { stringAt } from '../../../src/domain/values';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';
const isForward = ({ url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, unknown>> }) => url.includes('/portforward') && headers['upgrade'] !== undefined;

describe('ports of a machine of the embedded cluster, when something goes wrong', () => {
  let site: Site;
  let platform: Platform;
  const forwards: PortForward[] = [];
  const dialled: Socket[] = [];
  let serial = 0;

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true, timing: scaled(humanTiming, 0.05) });
  });
  afterEach(() => {
    dialled.splice(0).forEach((socket) => socket.destroy());
    forwards.splice(0).forEach((forward) => forward.dispose());
  });
  after(async () => {
    await platform?.stop();
    await site?.stop();
  });

  async function forward(name: string, text: string, { user = 'token', clock = systemClock }: { readonly user?: 'token' | 'viewer'; readonly clock?: Clock } = {}): Promise<PortForward> {
    const api = site.api(await site.context(user));
    const specs = parsePorts(text);
    assert.ok(!('problem' in specs));
    const spec = specs[0]!;
    const opened = await startPortForward({
      spec, clock, log: assert.fail,
      open: (signal) => openChannel(api, { namespace: 'billing', name, stream: 'portforward', port: spec.remote, protocol: spec.protocol }, { userAgent: 'test/1', signal, clock }),
    });
    forwards.push(opened);
    return opened;
  }
  /** A connection and what became of it. */
  function dial({ port }: PortForward) {
    const socket = connect(port, '127.0.0.1');
    dialled.push(socket);
    let [text, how] = ['', 'open'];
    socket.on('data', (chunk: Buffer) => { text += chunk.toString(); });
    socket.on('end', () => { how = how === 'open' ? 'ended' : how; });
    socket.on('error', () => { how = 'broken'; });
    socket.on('close', () => { how = how === 'open' ? 'ended' : how; });
    const echoes = async (words: string) => {
      socket.write(words);
      await until(() => text.endsWith(words), `"${words}" comes back`);
    };
    const is = (...wanted: readonly string[]) => until(() => wanted.includes(how), wanted.join(' or '));
    return { socket, echoes, is };
  }
  const operate = (name: string, type: string) => site.cluster.admin.do('POST', machines.replace('virtualmachines', 'virtualmachineoperations'), {
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: `port-test-${serial++}` }, spec: { type, virtualMachineName: name, ...(type === 'Stop' && { force: true }) },
  });
  const machine = (name: string, namespace = 'billing') => platform.known.get('VirtualMachine', name, namespace);
  const isIn = (name: string, phase: string, namespace = 'billing') => until(() => {
    const object = machine(name, namespace);
    return object !== undefined && phaseOf(object) === phase;
  }, `${name} is ${phase}`);
  const failure = (opened: PortForward, pattern: RegExp) => until(() => pattern.test(opened.traffic.failure?.problem.message ?? ''), String(pattern));

  test('a machine that stops ends its connections; the port says why there are none, and leads into the machine again when it is back', async () => {
    const opened = await forward('ledger-01', ':7');
    const first = dial(opened);
    await first.echoes('before');
    await operate('ledger-01', 'Stop');
    await first.is('ended');
    await isIn('ledger-01', 'Stopped');
    await dial(opened).is('broken');
    await failure(opened, /not Running or Migrating/);
    await operate('ledger-01', 'Start');
    await isIn('ledger-01', 'Running');
    await dial(opened).echoes('after');
    assert.equal(opened.traffic.failure?.isPast, true);
  });

  test('F23: a migration ends the connections there are; the next one reaches the machine on its new node', async () => {
    const node = () => stringAt(machine('db-01'), 'status.nodeName');
    const from = node();
    const opened = await forward('db-01', ':7');
    const first = dial(opened);
    await first.echoes('before');
    await operate('db-01', 'Evict');
    await until(() => node() !== from, 'it moved');
    await first.is('ended');
    await isIn('db-01', 'Running');
    await dial(opened).echoes('after');
  });

  test('a machine that is deleted ends its connections, and the port says that there is none', async () => {
    const opened = await forward('archive-01', ':7');
    const first = dial(opened);
    await first.echoes('before');
    await site.cluster.admin.do('DELETE', `${machines}/archive-01`);
    await first.is('ended');
    await until(() => machine('archive-01') === undefined, 'it is gone');
    await dial(opened).is('broken');
    await failure(opened, /not found/);
  });

  test('F24: a machine that is made anew under the name gets nothing of what was meant for the one before, until the port is opened again', async () => {
    const api = site.api(await site.context('token'));
    const spec = { namespace: 'build', name: 'artifacts-01', stream: 'portforward', port: 7, protocol: 'tcp' } as const;
    const owner: { uid?: string } = {};
    const start = async (machine: { uid?: string }) => {
      const parsed = parsePorts(':7');
      assert.ok(!('problem' in parsed));
      const opened = await startPortForward({ spec: parsed[0]!, log: assert.fail, open: machinePort({ target: spec, api: () => api, look: () => undefined, machine, userAgent: 'test/1' }) });
      forwards.push(opened);
      return opened;
    };
    const old = machine('artifacts-01', 'build');
    assert.ok(old);
    const opened = await start(owner);
    const first = dial(opened);
    await first.echoes('before');
    const path = machines.replace('billing', 'build');
    await site.cluster.admin.do('DELETE', `${path}/artifacts-01`);
    await until(() => machine('artifacts-01', 'build') === undefined, 'it is gone');
    await site.cluster.admin.do('POST', path, { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name: 'artifacts-01' }, spec: old.spec });
    await isIn('artifacts-01', 'Running', 'build');
    await dial(opened).is('broken');
    await failure(opened, /another one was created under its name/);
    await dial(await start({})).echoes('agreed');
  });

  test('missing rights are told, and a token that expires is got anew', async () => {
    const refused = await forward('db-02', ':7', { user: 'viewer' });
    await dial(refused).is('broken');
    await failure(refused, /viewer.* cannot get resource "virtualmachines\/portforward"/);
    const opened = await forward('db-02', ':7');
    const remove = site.faults.inject({ fault: { type: 'status', code: 401 }, times: 1, matches: isForward });
    await dial(opened).is('broken');
    remove();
    await failure(opened, /credentials/);
    await dial(opened).echoes('again');
  });

  test('a network that is cut ends connections; after rubbish what is missing is not taken for the end', async () => {
    const opened = await forward('db-02', ':7');
    const first = dial(opened);
    await first.echoes('before');
    site.faults.cutAll();
    await first.is('ended', 'broken');
    const remove = site.faults.inject({ fault: { type: 'rubbish', afterBytes: 5 }, times: 1, matches: isForward });
    const second = dial(opened);
    second.socket.write('hello world');
    await second.is('broken');
    remove();
    await dial(opened).echoes('again');
  });

  test('a half-open connection is noticed by pings and broken', async () => {
    const clock = new TestClock();
    const opened = await forward('db-02', ':7', { clock });
    const first = dial(opened);
    await first.echoes('before');
    site.faults.freezeAll();
    clock.advance(20_000);
    clock.advance(20_000);
    await first.is('broken');
    await until(() => clock.pending === 0, 'no timer is left');
    site.faults.cutAll();
    await dial(opened).echoes('again');
  });

  test('a UDP port is for programs of this computer only', async () => {
    const opened = await forward('db-02', ':7/udp');
    assert.equal(opened.address, `127.0.0.1:${opened.port}`);
    const stranger = createSocket('udp4');
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      stranger.send('from outside', opened.port, address);
    }
    stranger.send('from here', opened.port, '127.0.0.1');
    const [answer] = await once(stranger, 'message') as [Buffer];
    assert.equal(answer.toString(), 'from here');
    assert.deepEqual([opened.traffic.total, opened.traffic.received], [1, 'from here'.length]);
    stranger.close();
  });
});
