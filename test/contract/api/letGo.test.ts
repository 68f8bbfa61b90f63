import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { test, type TestContext } from 'node:test';
import { join } from '../../cluster/letGo';

/** More than the buffers of the operating system take. */
const sentBytes = 16 * 2 ** 20;

test('who reads slowly and still says something gets all that was sent before the end', async (t) => {
  const [reader, near] = await pair(t);
  const [far, sender] = await pair(t);
  join(near, far);
  sender.resume().end(Buffer.alloc(sentBytes));
  let bytes = 0;
  reader.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    // As the answer to a ping: an operating system that gets it for a connection that is closed throws away what it has yet to send there.
    reader.write('.');
    reader.pause();
    setTimeout(() => reader.resume(), 1);
  });
  await once(reader, 'close');
  assert.equal(bytes, sentBytes);
});

test('a connection that breaks breaks the other', async (t) => {
  const [reader, near] = await pair(t);
  const [far, sender] = await pair(t);
  join(near, far);
  reader.on('error', () => undefined).resume();
  sender.resetAndDestroy();
  await once(reader, 'close');
  assert.ok(near.destroyed && far.destroyed);
});

/** Both ends of a connection. */
async function pair(t: TestContext): Promise<readonly [Socket, Socket]> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [accepted] = await once(server, 'connection') as [Socket];
  t.after(() => {
    client.destroy();
    accepted.destroy();
    server.close();
  });
  return [client, accepted];
}
