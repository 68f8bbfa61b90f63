import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createWebSocketStream, WebSocket } from 'ws';
import { KubeApi } from '../../../src/cluster/api';
import { openChannel } from '../../../src/cluster/channel';
import { connect as connectTo } from '../../../src/cluster/connection';
import { loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { startPortForward } from '../../../src/cluster/portForward';
import { hashOfPattern } from '../../contract/client/portServer';
import { plugins } from '../../contract/client/site';
import { median } from '../measure';
import type { Measurement } from '../measure';

const mebibytes = 256;
const runs = 3;
const parallel = 100;
const echoBytes = 256 * 1024;

interface Served { readonly kubeconfig: string; readonly url: string; readonly token: string }

/** A port of this computer that leads to a port of the machine. */
interface Way { readonly port: (remote: number) => Promise<number>; readonly dispose: () => void }

/** Forwarded ports against the plainest thing that does the same with the same WebSocket library. */
export async function run(): Promise<readonly Measurement[]> {
  const child = fork(path.join(import.meta.dirname, '../portsServed.ts'), [String(mebibytes)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: ['--import', 'tsx'] });
  const [served] = await once(child, 'message') as [Served];
  const ways = { ours: await ourWay(served), bare: bareWay(served) };
  try {
    const rates = { ours: [] as number[], bare: [] as number[] };
    const crowds = { ours: [] as number[], bare: [] as number[] };
    // The first round warms both up and is not counted.
    for (let n = 0; n <= runs; n++) {
      for (const who of ['ours', 'bare'] as const) {
        const rate = mebibytes / await secondsFor(() => read(ways[who], 19));
        const crowd = await secondsFor(() => Promise.all(Array.from({ length: parallel }, () => echo(ways[who]))));
        if (n > 0) {
          rates[who].push(rate);
          crowds[who].push(crowd * 1000);
        }
      }
    }
    const hash = createHash('sha256');
    await read(ways.ours, 20, (chunk) => hash.update(chunk));
    const isIntact = hash.digest('hex') === hashOfPattern(2 ** 30);
    const reference = 'socket.pipe(createWebSocketStream(ws))';
    return [
      { name: `port forward: ${mebibytes} MiB out of a machine`, value: median(rates.ours), unit: 'MiB/s', goal: { on: 'ratio', op: '>=', limit: 0.7 }, reference: { name: reference, value: median(rates.bare) } },
      { name: `port forward: ${parallel} connections at once, each opened, ${echoBytes / 1024} KiB echoed, closed`, value: median(crowds.ours), unit: 'ms', goal: { on: 'ratio', op: '<=', limit: 1.43 }, reference: { name: reference, value: median(crowds.bare) } },
      { name: 'port forward: 1 GiB intact (1: its SHA-256 is right)', value: isIntact ? 1 : 0, unit: '', goal: { on: 'value', op: '>=', limit: 1 } },
    ];
  } finally {
    ways.ours.dispose();
    ways.bare.dispose();
    child.disconnect();
    await once(child, 'exit');
  }
}

async function ourWay({ kubeconfig }: Served): Promise<Way> {
  const { contexts: [context] } = await loadKubeConfig([{ files: [kubeconfig] }]);
  if (!context) {
    throw new Error('The kubeconfig has no context.');
  }
  const api = new KubeApi({ connection: connectTo(context, { plugins: plugins({}), env: {} }), userAgent: 'bench' });
  const owned: { dispose(): void }[] = [api];
  return {
    port: async (remote) => {
      const forward = await startPortForward({
        spec: { protocol: 'tcp', remote, local: 0 }, log: (message) => { throw new Error(message); },
        open: (signal) => openChannel(api, { namespace: 'billing', name: 'web-01', stream: 'portforward', port: remote, protocol: 'tcp' }, { userAgent: 'bench', signal }),
      });
      owned.unshift(forward);
      return forward.port;
    },
    dispose: () => owned.forEach((item) => item.dispose()),
  };
}

function bareWay({ url, token }: Served): Way {
  const owned: { close(): unknown }[] = [];
  return {
    port: async (remote) => {
      const server = createServer((socket) => {
        const address = `${url.replace(/^http/, 'ws')}/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines/web-01/portforward?port=${remote}&protocol=tcp`;
        const stream = createWebSocketStream(new WebSocket(address, { headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false }));
        stream.on('error', () => socket.destroy());
        socket.on('error', () => stream.destroy());
        socket.pipe(stream).pipe(socket);
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      owned.push(server);
      return (server.address() as AddressInfo).port;
    },
    dispose: () => owned.forEach((server) => void server.close()),
  };
}

const opened = new WeakMap<Way, Map<number, Promise<number>>>();

function portOf(way: Way, remote: number): Promise<number> {
  const ports = opened.get(way) ?? new Map<number, Promise<number>>();
  opened.set(way, ports);
  const port = ports.get(remote) ?? way.port(remote);
  ports.set(remote, port);
  return port;
}

async function read(way: Way, remote: number, onData: (chunk: Buffer) => unknown = () => undefined): Promise<void> {
  const socket = connect(await portOf(way, remote), '127.0.0.1');
  socket.on('data', onData);
  await once(socket, 'end');
  socket.destroy();
}

async function echo(way: Way): Promise<void> {
  const socket = connect(await portOf(way, 7), '127.0.0.1');
  socket.write(Buffer.alloc(echoBytes, 1));
  let received = 0;
  await new Promise<void>((resolve) => socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (received >= echoBytes) {
      resolve();
    }
  }));
  socket.resetAndDestroy();
}

async function secondsFor(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (performance.now() - startMs) / 1000;
}
