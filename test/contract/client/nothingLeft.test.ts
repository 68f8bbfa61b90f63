import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { openChannel, probe } from '../../../src/cluster/channel';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import { startPortForward } from '../../../src/cluster/portForward';
import { startPortServer } from './portServer';
import { until } from '../../until';

/** What keeps a process from ending, by kind; a server that goes on beside it counts the same before and after. */
const held = () => process.getActiveResourcesInfo().filter((name) => /Wrap$|^Timeout$/.test(name)).sort().join();

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
  const links = (['console', 'vnc'] as const).map((stream) => {
    const target = { namespace: 'billing', name: 'web-01', stream };
    const link = new ConsoleLink({
      // Nobody is there: it waits and tries again until it is disposed.
      open: (signal) => openChannel(api, target, { userAgent: 'test/1', signal }), probe: (signal) => probe(api, target, signal), self: () => Promise.resolve(undefined), log: () => undefined,
    });
    link.connect();
    return link;
  });
  await until(() => links.every(({ state }) => state.phase !== 'connecting'), 'they have tried');
  assert.notEqual(held(), before);

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
