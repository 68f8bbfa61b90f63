import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../../src/base/timing';
import { Channel, openChannel, probe } from '../../../src/cluster/channel';
import type { StreamTarget } from '../../../src/cluster/channel';
import { ClusterError } from '../../../src/cluster/errors';
import type { KubeApi } from '../../../src/cluster/api';
import { phaseOf } from '../../../src/domain/kubeObject';
import { flood } from '../../cluster/platform/lower/commands';
import { startPlatform } from '../../cluster/platform/index';
import type { Platform } from '../../cluster/platform/index';
import { TestClock } from '../../unit/cluster/testClock';
import { until } from '../../until';
import { startSite } from './site';
import type { Site } from './site';

const target: StreamTarget = { namespace: 'billing', name: 'ledger-01', stream: 'console' };

describe('stream endpoints', () => {
  let site: Site;
  let platform: Platform;
  let api: KubeApi;
  const opened: Channel[] = [];

  before(async () => {
    site = await startSite('own', { world: 'company' });
    platform = await startPlatform({ kubeconfig: site.cluster.kubeconfigs.admin, module: '1.10', hasProbe: true });
    api = site.api(await site.context());
  });
  after(async () => {
    await platform?.stop();
    await site?.stop();
  });

  /** A console whose bytes are collected. */
  async function connect(options: { readonly as?: KubeApi; readonly clock?: TestClock; readonly to?: Partial<StreamTarget>; readonly signal?: AbortSignal; readonly isFleeting?: boolean } = {}) {
    const channel = await openChannel(options.as ?? api, { ...target, ...options.to }, { userAgent: 'test/1', clock: options.clock ?? systemClock, signal: options.signal ?? AbortSignal.timeout(20_000), isFleeting: options.isFleeting ?? false });
    opened.push(channel);
    const chunks: Buffer[] = [];
    const codes: number[] = [];
    channel.onData((bytes) => chunks.push(bytes));
    channel.onClose((code) => codes.push(code));
    channel.resume();
    const bytes = () => Buffer.concat(chunks);
    const reads = (text: string) => until(() => bytes().includes(text), `"${text}", only ${JSON.stringify(bytes().toString('latin1').slice(-200))}`);
    // A port stays what it was, whoever is connected: there may be somebody logged in.
    const login = async () => {
      channel.send('\x04\r');
      await reads('login: ');
      channel.send('cloud\rsecret\r');
      await reads('~$ ');
      chunks.length = 0;
    };
    return { channel, bytes, reads, login, codes, chunks };
  }

  const refusal = async (promise: Promise<unknown>): Promise<ClusterError> => {
    const error: unknown = await promise.then(() => assert.fail('It should have failed'), (thrown: unknown) => thrown);
    assert.ok(error instanceof ClusterError, String(error));
    return error;
  };

  test('what is typed arrives and is echoed; every byte comes back as it is', async () => {
    const { channel, login, reads, bytes } = await connect();
    await login();
    channel.send('echo Привет\r');
    await reads('Привет\r\n');
    channel.send('bytes\r');
    await reads('~$ ');
    await until(() => bytes().includes(Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte))), 'all bytes');
    channel.dispose();
  });

  test('the same when the network delivers byte by byte', async () => {
    const remove = site.faults.inject({ fault: { type: 'slice', bytes: 1 }, matches: ({ url }) => url.endsWith('/console') });
    const { channel, login, bytes } = await connect();
    await login();
    channel.send('bytes\r');
    await until(() => bytes().includes(Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte))), 'all bytes');
    channel.dispose();
    remove();
  });

  test('no subprotocol is offered, and the client says who it is', async () => {
    const from = site.faults.seen.length;
    (await connect()).channel.dispose();
    const request = site.faults.seen.slice(from).find(({ url }) => url.endsWith('/console'));
    assert.deepEqual([request?.headers['sec-websocket-protocol'], request?.headers['user-agent']], [undefined, 'test/1']);
  });

  test('refusals are read: a machine that is missing, one that does not run, no rights, credentials twice renewed', async () => {
    const missing = await refusal(connect({ to: { name: 'nobody' } }));
    assert.deepEqual([missing.reason, missing.message], ['notFound', 'virtualmachines.subresources.virtualization.deckhouse.io "nobody" not found']);
    const stopped = [...platform.known.all('VirtualMachine')].find((machine) => phaseOf(machine) === 'Stopped');
    assert.ok(stopped);
    const off = await refusal(connect({ to: { name: stopped.metadata.name, namespace: stopped.metadata.namespace ?? '' } }));
    assert.deepEqual([off.reason, off.message], ['server', 'VirtualMachine is not Running or Migrating']);
    const viewer = await refusal(connect({ as: site.api(await site.context('viewer')) }));
    assert.equal(viewer.reason, 'forbidden');
    assert.match(viewer.message, /viewer.* cannot get resource "virtualmachines\/console"/);
    const stranger = await refusal(connect({ as: site.api(await site.context('token', { user: { token: 'canary-token' } })) }));
    assert.equal(stranger.reason, 'unauthorized');
    assert.doesNotMatch(JSON.stringify(stranger) + stranger.message, /canary/);
  });

  test('a page of a proxy instead of a stream is an error too', async () => {
    const remove = site.faults.inject({ fault: { type: 'status', code: 502, headers: { 'content-type': 'text/html' }, body: '<html>Bad gateway</html>' }, times: 1, matches: ({ url }) => url.endsWith('/console') });
    const error = await refusal(connect());
    assert.deepEqual([error.reason, error.message], ['server', 'The server answered with HTTP status 502.']);
    remove();
  });

  test('F21: a probe tells who has the console and disconnects nobody', async () => {
    assert.deepEqual(await probe(api, target, AbortSignal.timeout(5000)), {});
    const { channel, login, codes } = await connect();
    await login();
    const holder = await probe(api, target, AbortSignal.timeout(5000));
    assert.deepEqual([holder?.holder, holder?.client, typeof holder?.startTime], ['token', 'test/1', 'string']);
    assert.deepEqual(codes, []);
    channel.dispose();
    await until(async () => (await probe(api, target, AbortSignal.timeout(5000)))?.holder === undefined, 'the console is free');
  });

  test('F21: a probe that is refused or answered with rubbish tells nothing', async () => {
    for (const fault of [{ type: 'status', code: 400 }, { type: 'status', code: 403 }, { type: 'status', code: 404 }, { type: 'status', code: 200, body: '{"holder":7}' }, { type: 'status', code: 200, body: 'no JSON' }] as const) {
      const remove = site.faults.inject({ fault, times: 1, matches: ({ url }) => url.includes('probe=true') });
      assert.equal(await probe(api, target, AbortSignal.timeout(5000)), undefined);
      remove();
    }
  });

  test('F22: one holder: the one before loses it without a close frame', async () => {
    const first = await connect();
    await first.login();
    const second = await connect({ as: site.api(await site.context('exec', { user: { token: site.cluster.users.exec.token } })) });
    await until(() => first.codes.length > 0, 'the first was closed');
    assert.deepEqual(first.codes, [1006]);
    await second.login();
    second.channel.dispose();
  });

  test('F26: a paused reader loses nothing and makes the sender wait', async () => {
    const { channel, login, chunks } = await connect();
    await login();
    const mebibytes = 24;
    channel.send(`flood ${mebibytes}\r`);
    await until(() => chunks.length > 3, 'the first bytes');
    channel.pause();
    let before = -1;
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const is = before === chunks.length;
      before = chunks.length;
      return is;
    }, 'silence');
    assert.ok(Buffer.concat(chunks).length < mebibytes * 2 ** 20 / 2, 'the sender did not wait');
    channel.resume();
    const echo = `flood ${mebibytes}\r\n`;
    const prompt = 'cloud@ledger-01:~$ ';
    const size = echo.length + mebibytes * 2 ** 20 + prompt.length;
    await until(() => chunks.reduce((sum, { length }) => sum + length, 0) >= size, 'everything');
    assert.equal(Buffer.compare(Buffer.concat(chunks), Buffer.from(echo + [...flood(mebibytes * 2 ** 20)].join('') + prompt)), 0);
    channel.dispose();
  });

  test('what is fleeting is complete for who copies it at once, and its memory is given back', async () => {
    const remove = site.faults.inject({ fault: { type: 'slice', bytes: 70_001 }, matches: ({ url }) => url.endsWith('/console') });
    const { channel, chunks } = await connect({ isFleeting: true });
    const copies: Buffer[] = [];
    channel.onData((bytes) => copies.push(Buffer.from(bytes)));
    channel.send('\x04\r');
    await until(() => Buffer.concat(copies).includes('login: '), 'a login');
    channel.send('cloud\rsecret\r');
    await until(() => Buffer.concat(copies).includes('~$ '), 'a prompt');
    copies.length = chunks.length = 0;
    channel.send('flood 8\r');
    const expected = Buffer.concat([Buffer.from('flood 8\r\n'), ...flood(8 * 2 ** 20), Buffer.from('cloud@ledger-01:~$ ')]);
    await until(() => copies.reduce((sum, { length }) => sum + length, 0) >= expected.length, 'everything');
    assert.equal(Buffer.compare(Buffer.concat(copies), expected), 0);
    const kept = chunks.reduce((sum, { buffer }) => sum + buffer.byteLength, 0);
    assert.ok(kept < expected.length / 20, `${kept} bytes are still there`);
    channel.dispose();
    remove();
  });

  test('an idle connection is kept for an hour by pings; a half-open one is noticed by them', async () => {
    const clock = new TestClock();
    const { channel, codes, login, reads, chunks } = await connect({ clock });
    await login();
    for (let ping = 0; ping < 180; ping++) {
      clock.advance(20_000);
      // What is printed after the ping comes after its answer.
      chunks.length = 0;
      channel.send('\r');
      await reads('~$ ');
    }
    assert.deepEqual(codes, []);
    site.faults.freezeAll();
    clock.advance(20_000);
    clock.advance(20_000);
    await until(() => codes.length > 0, 'the loss was noticed');
    assert.deepEqual(codes, [1006]);
    assert.equal(clock.pending, 0);
    site.faults.cutAll();
  });

  test('a cut network ends it', async () => {
    const { codes, login } = await connect();
    await login();
    site.faults.cutAll();
    await until(() => codes.length > 0, 'the loss was noticed');
    assert.deepEqual(codes, [1006]);
  });

  test('cancelling and a server that never answers leave no socket and no timer', async () => {
    const cancel = new AbortController();
    const pending = connect({ signal: cancel.signal });
    cancel.abort(new Error('Not now'));
    await assert.rejects(pending, /Not now/);
    const clock = new TestClock();
    const channel = await connect({ clock });
    channel.channel.dispose();
    await until(() => clock.pending === 0, 'the timers are gone');
  });

  test('a machine that stops ends its console', async () => {
    const { codes, login } = await connect();
    await login();
    await site.cluster.admin.do('POST', `/apis/virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachineoperations`, {
      apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind: 'VirtualMachineOperation', metadata: { name: 'ledger-01-stop' }, spec: { type: 'Stop', virtualMachineName: 'ledger-01', force: true },
    });
    await until(() => codes.length > 0, 'the console was closed');
    assert.deepEqual(codes, [1006]);
  });
});

test('an empty message in a fleeting stream takes nothing from what comes and goes after it', async (context) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const socket = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`, { perMessageDeflate: false });
  const [[peer], [response]] = await Promise.all([once(server, 'connection') as Promise<[WebSocket]>, once(socket, 'upgrade') as Promise<[IncomingMessage]>, once(socket, 'open')]);
  socket.pause();
  const clock = new TestClock();
  const channel = new Channel(socket, clock, response.socket, { server: 'https://there', isFleeting: true });
  context.after(() => {
    channel.dispose();
    peer.terminate();
    server.close();
  });
  let text = '';
  let pings = 0;
  const empty: Buffer[] = [];
  channel.onData((bytes) => {
    text += bytes.toString('latin1');
    empty.push(...(bytes.length === 0 ? [bytes] : []));
  });
  channel.resume();
  peer.on('ping', () => pings++);
  for (const piece of ['', 'a'.repeat(100_000), '', 'b']) {
    peer.send(Buffer.from(piece), { binary: true });
  }
  await until(() => text.endsWith('b'), 'everything');
  assert.equal(text, `${'a'.repeat(100_000)}b`);
  // All empty messages of the library are the same one, which it goes on using.
  assert.deepEqual(empty.map(({ buffer }) => buffer instanceof ArrayBuffer && buffer.detached), [false, false]);
  clock.advance(20_000);
  await until(() => pings > 0, 'a ping');
  peer.ping();
  await once(peer, 'pong');
});
