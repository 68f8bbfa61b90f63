import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/timing';
import type { KubeApi } from '../../../src/cluster/api';
import { Channel, openChannel, openChannelIf, probe } from '../../../src/cluster/channel';
import type { StreamTarget } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import type { LinkState } from '../../../src/cluster/consoleLink';
import { phaseOf } from '../../../src/domain/kubeObject';
import { stringAt } from '../../../src/domain/values';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { humanTiming, scaled } from '../../cluster/platform/lower/timing';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const machines = '/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines';

describe('a console that is kept connected', () => {
  let site: Site;
  let platform: Platform;
  let ours: KubeApi;
  let theirs: KubeApi;
  const owned: { dispose(): void }[] = [];
  let serial = 0;

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true, timing: scaled(humanTiming, 0.05) });
    const exec = (token: string) => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command: process.execPath, args: ['-p', `JSON.stringify({ apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token: ${JSON.stringify(token)} } })`] } });
    ours = site.api(await site.context('token', { user: exec(site.cluster.users.token.token) }));
    theirs = site.api(await site.context('exec', { user: { token: site.cluster.users.exec.token } }));
  });
  after(async () => {
    owned.forEach((one) => one.dispose());
    await platform?.stop();
    await site?.stop();
  });

  /** As the panel has it: what the platform knows of the machine is told again and again. */
  function open(name: string, { api = ours, asks = true }: { readonly api?: KubeApi; readonly asks?: boolean } = {}) {
    const target: StreamTarget = { namespace: 'billing', name, stream: 'console' };
    const link = new ConsoleLink({
      open: (signal, mayTake) => openChannelIf(api, target, { userAgent: 'test/1', signal }, mayTake),
      probe: (signal) => (asks ? probe(api, target, signal) : Promise.resolve(undefined)),
      self: () => Promise.resolve(api === ours ? 'token' : api === theirs ? 'exec' : 'viewer'), log: () => undefined, greeting: '\r',
    });
    let text = '';
    const states: LinkState[] = [];
    link.onData((bytes) => { text += bytes.toString(); });
    link.onDidChangeState((state) => states.push(state));
    const tell = () => {
      const object = platform.known.get('VirtualMachine', name, 'billing');
      link.setMachine(object ? { uid: object.metadata.uid ?? '', phase: phaseOf(object), node: stringAt(object, 'status.nodeName') } : null);
    };
    tell();
    const timer = setInterval(tell, 20);
    const end = () => {
      clearInterval(timer);
      link.dispose();
    };
    owned.push({ dispose: end });
    link.connect();
    const is = async (phase: LinkState['phase']) => {
      await until(() => link.state.phase === phase, `"${phase}"; it is ${JSON.stringify(link.state)}`);
      return link.state;
    };
    const reads = (wanted: string) => until(() => text.includes(wanted), `"${wanted}" in ${JSON.stringify(text.slice(-300))}`);
    const login = async () => {
      await is('open');
      link.send('\x04\r');
      await reads('login: ');
      text = '';
      link.send('cloud\rsecret\r');
      await reads('~$ ');
      text = '';
    };
    return { link, states, is, reads, login, end, target, text: () => text };
  }

  const operate = (name: string, type: string) => site.cluster.admin.do('POST', machines.replace('virtualmachines', 'virtualmachineoperations'), {
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: `console-test-${serial++}` }, spec: { type, virtualMachineName: name },
  });
  const isFree = async (target: StreamTarget) => (await probe(ours, target, AbortSignal.timeout(5000)))?.holder === undefined;

  test('F22: a machine that restarts: it waits, connects to the new guest by itself and asks for a prompt', async () => {
    const console = open('ledger-01');
    await console.login();
    await operate('ledger-01', 'Restart');
    await until(() => console.states.some(({ phase }) => phase === 'stopped'), 'it was seen that the machine is down');
    assert.equal(console.link.send('lost'), false);
    const state = await console.is('open');
    assert.deepEqual(state, { phase: 'open', isResumed: true, isFresh: true });
    await console.reads('login: ');
    assert.doesNotMatch(console.text(), /lost/);
    console.end();
  });

  test('F23: a machine that migrates: the same guest goes on, and nothing is typed into it', async () => {
    const console = open('db-01');
    await console.login();
    const node = () => stringAt(platform.known.get('VirtualMachine', 'db-01', 'billing'), 'status.nodeName');
    const before = node();
    console.link.send('echo half a li');
    await console.reads('half a li');
    await operate('db-01', 'Evict');
    await until(() => node() !== before, 'the machine moved');
    await until(() => console.states.filter(({ phase }) => phase === 'open').length === 2, 'it was connected again');
    console.link.send('ne\r');
    await console.reads('half a line\r\n');
    console.end();
  });

  test('F24: a machine that is deleted and made anew under its name gets nothing', async () => {
    const console = open('archive-01');
    await console.login();
    const old = await site.cluster.admin.do('GET', `${machines}/archive-01`) as unknown as { readonly spec: object };
    await site.cluster.admin.do('DELETE', `${machines}/archive-01`);
    await until(() => platform.known.get('VirtualMachine', 'archive-01', 'billing') === undefined, 'it is gone');
    await console.is('ended');
    await site.cluster.admin.do('POST', machines, { apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachine', metadata: { name: 'archive-01' }, spec: old.spec });
    await until(() => platform.known.get('VirtualMachine', 'archive-01', 'billing') !== undefined, 'it is there again');
    assert.deepEqual([console.link.send('rm -rf /\r'), console.link.state.phase], [false, 'ended']);
    console.end();
  });

  test('F21: somebody takes the console: who it is stands there, nothing is fought for, and it comes back when it is free', async () => {
    const console = open('db-02');
    await console.login();
    const other = open('db-02', { api: theirs });
    await other.is('held');
    other.link.takeOver();
    await other.is('open');
    const held = await console.is('held');
    assert.deepEqual(held.phase === 'held' && [held.holder, held.client, typeof held.startTime], ['exec', 'test/1', 'string']);
    assert.equal(console.link.send('lost'), false);
    console.link.waitUntilFree();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(other.link.state.phase, 'open');
    other.end();
    await console.is('open');
    assert.doesNotMatch(console.text(), /lost/);
    console.end();
    await until(() => isFree(console.target), 'it is free');
  });

  test('F22: where nobody can tell who has it, two clients take it from each other once and then ask', async () => {
    const first = open('db-02', { asks: false });
    await first.is('open');
    const second = open('db-02', { api: theirs, asks: false });
    await until(() => [first, second].some(({ link }) => link.state.phase === 'held'), 'one gave in');
    const opened = () => [first, second].flatMap(({ states }) => states).filter(({ phase }) => phase === 'open').length;
    const before = opened();
    assert.ok(before <= 4, `${before} connections`);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(opened(), before);
    first.end();
    second.end();
  });

  test('without rights it says so and does not try again', async () => {
    const console = open('db-01', { api: site.api(await site.context('viewer')) });
    const state = await console.is('ended');
    assert.deepEqual(state.phase === 'ended' && [state.problem?.reason, /cannot get resource "virtualmachines\/console"/.test(state.problem?.message ?? '')], ['forbidden', true]);
    console.end();
  });

  test('a token that expires during a session is got anew for the next connection', async () => {
    const console = open('db-01');
    await console.login();
    const expired = JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'Unauthorized', message: 'Unauthorized', code: 401 });
    const refused = { count: 0 };
    const remove = site.faults.inject({
      fault: { type: 'status', code: 401, body: expired }, times: 1,
      matches: ({ url }) => {
        refused.count += url.endsWith('/console') ? 1 : 0;
        return url.endsWith('/console');
      },
    });
    site.faults.cutAll();
    await console.is('waiting');
    await console.is('open');
    assert.ok(refused.count >= 1);
    console.link.send('hostname\r');
    await console.reads('db-01\r\n');
    remove();
    console.end();
  });

  test('a network that is cut: it waits, says when it tries again, and comes back', async () => {
    const console = open('db-01');
    await console.login();
    site.faults.cutAll();
    const state = await console.is('waiting');
    assert.ok(state.phase === 'waiting' && state.retryAtMs <= Date.now() + 1000);
    await console.is('open');
    console.end();
  });

  test('an answer that is none: it goes on trying', async () => {
    const remove = site.faults.inject({ fault: { type: 'status', code: 200, body: 'rubbish' }, times: 1, matches: ({ url }) => url.endsWith('/console') });
    const console = open('db-01');
    const state = await console.is('waiting');
    assert.match(state.phase === 'waiting' ? state.problem?.message ?? '' : '', /opened no stream/);
    await console.is('open');
    remove();
    console.end();
  });

  test('F36: no token is in what is said about a failure, nor in any state', async () => {
    const api = site.api(await site.context('token', { user: { token: 'canary-token' } }));
    const console = open('db-01', { api });
    await console.is('ended');
    assert.doesNotMatch(JSON.stringify(console.states), /canary/);
    console.end();
  });

  test('20 consoles at once, and no socket of any is left after closing', async () => {
    const sockets = () => process.getActiveResourcesInfo().filter((name) => name === 'TLSSocketWrap' || name === 'TCPSocketWrap').length;
    const running = [...platform.known.all('VirtualMachine')].filter((machine) => phaseOf(machine) === 'Running').slice(0, 20);
    assert.equal(running.length, 20);
    const before = sockets();
    const channels = await Promise.all(running.map(async ({ metadata }) => {
      const channel = await openChannel(ours, { namespace: metadata.namespace ?? '', name: metadata.name, stream: 'console' }, { userAgent: 'test/1', signal: AbortSignal.timeout(20_000) });
      let text = '';
      channel.onData((bytes) => { text += bytes.toString(); });
      channel.resume();
      channel.send('\x04\r');
      await until(() => text.includes(`${metadata.name} login: `), `a prompt of ${metadata.name} in ${JSON.stringify(text)}`);
      return channel;
    }));
    assert.ok(sockets() >= before + 20);
    channels.forEach((channel) => channel.dispose());
    // The controllers beside this have sockets of their own that come and go.
    await until(() => sockets() < before + 10, `about ${before} sockets`);
  });
});

test('rubbish instead of frames ends a channel with a loss, not with an exception', async () => {
  const server = createServer();
  server.on('upgrade', ({ headers }, socket) => {
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
    socket.on('error', () => socket.destroy());
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    socket.once('data', () => socket.write(Buffer.alloc(64, 0xff)));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const [code, problem] = await new Promise<[number, string | undefined]>((resolve) => {
    socket.once('upgrade', (response) => {
      socket.once('open', () => {
        socket.pause();
        const channel = new Channel(socket, systemClock, response.socket, { server: 'https://there' });
        channel.onClose((code) => resolve([code, channel.problem?.message]));
        channel.resume();
        channel.send('\r');
      });
    });
  });
  assert.ok(code === 1006 || code === 1002, String(code));
  assert.equal(problem, 'What came from "https://there" is no WebSocket stream.');
  socket.terminate();
  server.close();
});
