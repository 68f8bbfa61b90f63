import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { after, afterEach, before, describe, test } from 'node:test';
import { systemClock } from '../../../src/base/timing';
import type { Clock } from '../../../src/base/timing';
import { openChannel } from '../../../src/cluster/channel';
import { ClusterError } from '../../../src/cluster/errors';
import type { PortForward } from '../../../src/cluster/portForward';
import { startPortForward } from '../../../src/cluster/portForward';
import { parsePorts } from '../../../src/domain/portSpec';
import { TestClock } from '../../unit/cluster/testClock';
import { hashOfPattern, pattern, source, startPortServer } from './portServer';
import type { PortServer } from './portServer';
import { until } from '../../until';

describe('ports of a machine', () => {
  let server: PortServer;
  const forwards: PortForward[] = [];

  before(async () => {
    server = await startPortServer();
  });
  afterEach(async () => {
    forwards.splice(0).forEach((forward) => forward.dispose());
    server.refusal = undefined;
    await until(() => server.sockets.size === 0, 'every stream is closed');
  });
  after(() => server?.stop());

  async function forward(text: string, { clock = systemClock, address }: { readonly clock?: Clock; readonly address?: string } = {}): Promise<PortForward> {
    const api = await server.api(clock);
    const specs = parsePorts(text);
    assert.ok(!('problem' in specs));
    const [spec] = specs;
    const opened = await startPortForward({
      spec: spec!, clock, log: assert.fail, ...(address !== undefined && { address }),
      open: (signal) => openChannel(api, { namespace: 'billing', name: 'web-01', stream: 'portforward', port: spec!.remote, protocol: spec!.protocol }, { userAgent: 'test/1', signal, clock }),
    });
    forwards.push(opened);
    return opened;
  }

  function dial({ port }: PortForward): Socket {
    const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
    socket.on('error', () => undefined);
    return socket;
  }

  async function readAll(socket: Socket): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  test('bytes go both ways as they are, and are counted', async () => {
    const opened = await forward('7');
    const socket = dial(opened);
    const sent = randomBytes(300_000);
    socket.write(sent);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await until(() => Buffer.concat(chunks).length === sent.length, 'the echo');
    assert.ok(Buffer.concat(chunks).equals(sent));
    assert.deepEqual(opened.traffic, { connections: 1, total: 1, sent: sent.length, received: sent.length });
    const [request] = server.requests.slice(-1);
    assert.equal(request?.headers['user-agent'], 'test/1');
    assert.equal(request?.headers['sec-websocket-protocol'], undefined);
    socket.resetAndDestroy();
    await until(() => opened.traffic.connections === 0, 'the connection is over');
  });

  test('the end of the machine\'s answer ends the connection, with or without a word', async () => {
    for (const close of ['close', 'terminate'] as const) {
      server.ports.set('79/tcp', (stream) => stream.send(pattern(0, 200_000), { binary: true }, () => stream[close]()));
      const opened = await forward(':79');
      const socket = dial(opened);
      const bytes = await readAll(socket);
      assert.ok(bytes.equals(pattern(0, 200_000)));
      socket.end();
      await until(() => opened.traffic.connections === 0, 'the connection is over');
      assert.equal(opened.traffic.failure, undefined);
    }
  });

  test('a program that has said all it has still gets the answer; a silent end is over after a while', async () => {
    const clock = new TestClock();
    server.ports.set('80/tcp', (stream) => stream.once('message', (data: Buffer) => setTimeout(() => stream.send(Buffer.from(`you said ${data.toString()}`)), 50)));
    const opened = await forward(':80', { clock });
    const socket = dial(opened);
    socket.end('hello');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await until(() => Buffer.concat(chunks).toString() === 'you said hello', 'the answer');
    clock.advance(9000);
    assert.equal(opened.traffic.connections, 1);
    clock.advance(1000);
    await until(() => opened.traffic.connections === 0, 'the connection is over');
  });

  test('what was sent before the end arrives, however late the stream opens', async () => {
    const heard: Buffer[] = [];
    server.ports.set('9/tcp', (stream) => stream.on('message', (data: Buffer) => heard.push(data)));
    const socket = dial(await forward(':9'));
    const sent = pattern(0, 3_000_000);
    socket.end(sent);
    await until(() => Buffer.concat(heard).length === sent.length, 'everything');
    assert.ok(Buffer.concat(heard).equals(sent));
    socket.resetAndDestroy();
  });

  test('neither side is faster than its receiver', async () => {
    const size = 48 * 2 ** 20;
    server.ports.set('19/tcp', source(size));
    const down = await forward(':19');
    const reader = dial(down);
    reader.pause();
    let before = -1;
    await until(() => {
      const { received } = down.traffic;
      const isStill = received > 0 && received === before;
      before = received;
      return isStill;
    }, 'the machine waits');
    assert.ok(down.traffic.received < size / 2, `${down.traffic.received} bytes are held`);
    const hash = createHash('sha256');
    for await (const chunk of reader as AsyncIterable<Buffer>) {
      hash.update(chunk);
    }
    assert.equal(hash.digest('hex'), hashOfPattern(size));

    server.ports.set('9/tcp', (stream) => stream.pause());
    const up = await forward(':9');
    const writer = dial(up);
    let taken = 0;
    const feed = () => writer.write(Buffer.alloc(256 * 1024), () => {
      taken += 256 * 1024;
      if (taken < size) {
        feed();
      }
    });
    feed();
    before = -1;
    await until(() => {
      const isStill = taken > 0 && taken === before;
      before = taken;
      return isStill;
    }, 'the program waits');
    assert.ok(up.traffic.sent < size / 2, `${up.traffic.sent} bytes are held`);
    writer.destroy();
    server.sockets.forEach((stream) => stream.terminate());
  });

  test('a slow reader is not taken for dead: the server\'s pings are answered while nothing is read', async () => {
    const clock = new TestClock();
    let pongs = 0;
    server.ports.set('19/tcp', (stream, request) => {
      stream.on('pong', () => { pongs++; });
      source(48 * 2 ** 20)(stream, request);
    });
    const opened = await forward(':19', { clock });
    const reader = dial(opened);
    reader.pause();
    let before = -1;
    await until(() => {
      const isStill = opened.traffic.received > 0 && opened.traffic.received === before;
      before = opened.traffic.received;
      return isStill;
    }, 'the machine waits');
    clock.advance(20_000);
    await until(() => pongs > 0, 'a sign of life');
    reader.destroy();
    forwards.splice(0).forEach((one) => one.dispose());
    server.sockets.forEach((socket) => socket.terminate());
  });

  test('a hundred connections at once do not mix', async () => {
    const opened = await forward(':7');
    await Promise.all(Array.from({ length: 100 }, async () => {
      const socket = dial(opened);
      const sent = randomBytes(20_000);
      let received = Buffer.alloc(0);
      socket.write(sent);
      await new Promise<void>((resolve) => socket.on('data', (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
        if (received.length >= sent.length) {
          resolve();
        }
      }));
      assert.ok(received.equals(sent));
    }));
    assert.equal(opened.traffic.connections, 100);
    assert.equal(opened.traffic.total, 100);
    opened.dispose();
    await until(() => server.sockets.size === 0, 'stopping ends them all');
  });

  test('a refusal ends its connection and is told in the server\'s words; the port stays', async () => {
    const opened = await forward(':81');
    const [error] = await once(dial(opened), 'error') as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    await until(() => opened.traffic.connections === 0, 'the connection is over');
    assert.equal(opened.traffic.failure?.problem.message, 'dialing VM: connection refused');
    server.refusal = { code: 500, body: JSON.stringify({ kind: 'Status', message: 'VirtualMachine is not Running or Migrating', code: 500 }) };
    await once(dial(opened), 'error');
    await until(() => opened.traffic.failure?.problem.message === 'VirtualMachine is not Running or Migrating', 'the next reason');
    server.refusal = undefined;
    server.ports.set('81/tcp', (stream) => stream.send(Buffer.from('back'), () => stream.close()));
    assert.equal((await readAll(dial(opened))).toString(), 'back');
    assert.equal(opened.traffic.total, 3);
  });

  test('a network that breaks resets the connection: what is missing is not taken for the end', async () => {
    server.ports.set('19/tcp', (stream) => {
      stream.send(Buffer.alloc(1000), () => (stream as unknown as { _socket: Socket })._socket.resetAndDestroy());
    });
    const opened = await forward(':19');
    const socket = dial(opened);
    socket.resume();
    const [error] = await once(socket, 'error') as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET');
    await until(() => opened.traffic.failure?.problem.reason === 'unreachable', 'the loss is told');
  });

  test('an expired token is got anew for the next connection; open ones go on', async () => {
    const opened = await forward(':7');
    const first = dial(opened);
    first.write('one');
    await once(first, 'data');
    server.token = 'second';
    await writeFile(server.tokenFile, 'second');
    const second = dial(opened);
    second.write('two');
    assert.equal(String((await once(second, 'data'))[0]), 'two');
    first.write('still');
    assert.equal(String((await once(first, 'data'))[0]), 'still');
    server.token = 'third';
    await once(dial(opened), 'error');
    await until(() => opened.traffic.failure?.problem.reason === 'unauthorized', 'the refusal is told');
    await writeFile(server.tokenFile, 'third');
    first.resetAndDestroy();
    second.resetAndDestroy();
  });

  test('a connection that is closed before its stream is open, and a port that is stopped meanwhile, leave nothing', async () => {
    const opened = await forward(':7');
    for (let count = 0; count < 5; count++) {
      const socket = dial(opened);
      await once(socket, 'connect');
      socket.destroy();
    }
    await until(() => opened.traffic.total === 5, 'all have come');
    const last = dial(opened).resume();
    await once(last, 'connect');
    await until(() => opened.traffic.total === 6, 'the last has come');
    opened.dispose();
    await until(() => last.readableEnded || last.closed, 'it has ended');
    await until(() => server.sockets.size === 0, 'no stream is left');
    await assert.rejects(once(connect({ host: '127.0.0.1', port: opened.port }), 'connect'), { code: 'ECONNREFUSED' });
  });

  test('a port is opened for programs of this computer only', async (context) => {
    for (const address of ['0.0.0.0', '::', '127.0.0.1,0.0.0.0', 'localhost', '10.1.2.3', '']) {
      await assert.rejects(forward(':7', { address }), (error: unknown) => error instanceof ClusterError && /loopback address only/.test(error.message), address);
    }
    const opened = await forward(':7');
    assert.equal(opened.address, `127.0.0.1:${opened.port}`);
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await assert.rejects(once(connect({ host: address, port: opened.port }), 'connect'), { code: 'ECONNREFUSED' });
    }
    context.diagnostic(`${others.length} other addresses`);
  });

  test('a taken port is told; where none was asked for another is taken', async () => {
    const blocker = createServer().listen(0, '127.0.0.1');
    await once(blocker, 'listening');
    const { port } = blocker.address() as AddressInfo;
    await assert.rejects(forward(`${port}:7`), (error: unknown) => error instanceof ClusterError && error.message.includes(`Port ${port} of this computer is taken`));
    assert.notEqual((await forward(String(port))).port, port);
    blocker.close();
  });

  test('datagrams keep their bounds, each program has its own stream, and a silent one is forgotten', async () => {
    const clock = new TestClock();
    const opened = await forward(':7/udp', { clock });
    const programs = [createSocket('udp4'), createSocket('udp4')];
    for (const [index, program] of programs.entries()) {
      const answers: string[] = [];
      program.on('message', (answer) => answers.push(answer.toString()));
      const sent = [`a${index}`, `bb${index}`, 'c'.repeat(9000)];
      for (const text of sent) {
        program.send(text, opened.port, '127.0.0.1');
      }
      await until(() => answers.length === sent.length, 'the answers');
      assert.deepEqual(answers.sort(), sent.sort());
    }
    assert.deepEqual([opened.traffic.connections, server.sockets.size], [2, 2]);
    programs[0]?.send(Buffer.alloc(20_000), opened.port, '127.0.0.1');
    await until(() => opened.traffic.failure !== undefined, 'the loss is told');
    assert.match(opened.traffic.failure?.problem.message ?? '', /20000 bytes was dropped/);
    clock.advance(120_000);
    await until(() => opened.traffic.connections === 0 && server.sockets.size === 0, 'silent programs are forgotten');
    programs[0]?.send('again', opened.port, '127.0.0.1');
    await until(() => opened.traffic.connections === 1, 'and welcome again');
    programs.forEach((program) => program.close());
  });
});
