import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openChannel, openChannelIf, probe } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import { startPortForward } from '../../../src/cluster/portForward';
import { startPortServer } from './portServer';
import { until } from '../../until';

/** What keeps a process from ending, by kind; a server that goes on beside it counts the same before and after. */
const held = () => process.getActiveResourcesInfo().filter((name) => /Wrap$|^Timeout$/.test(name)).sort().join();

const streams = ['console', 'vnc'] as const;

test('after closing no socket, timer or process of a console, a screen or a port is left', async () => {
  const server = await startPortServer();
  const before = held();
  const api = await server.api();

  const [tcp, udp] = await Promise.all([7, 7].map((remote, index) => {
    const protocol = index === 0 ? 'tcp' as const : 'udp' as const;
    return startPortForward({ spec: { protocol, remote, local: 0 }, log: assert.fail, open: (signal) => openChannel(api, { namespace: 'billing', name: 'web-01', stream: 'portforward', port: remote, protocol }, { userAgent: 'test/1', signal }) });
  }));
  assert.ok(tcp && udp);
  const program = createSocket('udp4');
  program.send('datagram', udp.port, '127.0.0.1');
  await once(program, 'message');
  const dialled = await Promise.all(Array.from({ length: 10 }, async () => {
    const socket = connect(tcp.port, '127.0.0.1');
    socket.on('error', () => undefined).write('stream');
    await once(socket, 'data');
    return socket;
  }));
  for (const stream of streams) {
    server.ports.set(stream, (socket) => socket.send('hello'));
  }
  // Of the other machine nobody knows anything.
  const links = ['web-01', 'web-02'].flatMap((name) => streams.map((stream) => {
    const target = { namespace: 'billing', name, stream };
    const link = new ConsoleLink({
      open: (signal, mayTake) => openChannelIf(api, target, { userAgent: 'test/1', signal }, mayTake), probe: (signal) => probe(api, target, signal), self: () => Promise.resolve(undefined), log: () => undefined,
    });
    link.connect();
    return link;
  }));
  await until(() => links.map(({ state }) => state.phase === 'open').join() === 'true,true,false,false' && links.every(({ state }) => state.phase !== 'connecting'), 'they have tried');
  const opened = server.sockets.size;
  assert.notEqual(held(), before);

  assert.ok(opened >= 13, 'a console, a screen, ten programs, and datagrams');
  links.forEach((link) => link.dispose());
  [tcp, udp].forEach((forward) => forward.dispose());
  program.close();
  dialled.forEach((socket) => socket.destroy());
  await until(() => server.sockets.size === 0, 'every stream is closed');
  // With the connections that it keeps for its next requests.
  api.dispose();
  await until(() => held() === before, `what was there before: ${before}`);
  await server.stop();
});
