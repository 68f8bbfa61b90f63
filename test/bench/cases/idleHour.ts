import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect as dial, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { WebSocket } from 'ws';
import { KubeApi } from '../../../src/cluster/api';
import { openChannel, openChannelIf, probe } from '../../../src/cluster/channel';
import { connect } from '../../../src/cluster/connection';
import { ConsoleLink } from '../../../src/cluster/consoleLink';
import { loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { startPortForward } from '../../../src/cluster/portForward';
import { plugins } from '../../contract/client/site';
import { startClusterProcess } from '../../ui/clusterProcess';
import { until } from '../../until';
import { accessTo, streamUrl } from '../access';
import type { Measurement } from '../measure';
import { scaled } from '../scale';

const minutes = scaled(60);
/** What many a proxy on the way allows. */
const idleMs = 60_000;

/** A console, a screen and a forwarded port that nobody uses, behind a proxy that cuts what is silent; beside them the same console without pings. */
export async function run(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-idle-'));
  const kubeconfig = path.join(folder, 'kubeconfig');
  const cluster = await startClusterProcess({ kubeconfig });
  const { token, ca } = await accessTo(kubeconfig);
  const proxy = await startProxy(cluster.port);
  await writeFile(kubeconfig, (await readFile(kubeconfig, 'utf8')).replaceAll(`127.0.0.1:${cluster.port}`, `127.0.0.1:${proxy.port}`));
  const { contexts } = await loadKubeConfig([{ files: [kubeconfig] }]);
  const api = new KubeApi({ connection: connect(contexts.find(({ name }) => name === 'token') ?? contexts[0]!, { plugins: plugins({}), env: {} }), userAgent: 'bench' });
  const machine = { namespace: 'billing', name: 'ledger-01' };
  const links = (['console', 'vnc'] as const).map((stream) => {
    const target = { ...machine, stream };
    const link = new ConsoleLink({ open: (signal, mayTake) => openChannelIf(api, target, { userAgent: 'bench', signal }, mayTake), probe: (signal) => probe(api, target, signal), self: () => Promise.resolve('token'), log: () => undefined });
    const seen = { openings: 0, bytes: 0 };
    link.onDidChangeState(({ phase }) => { seen.openings += phase === 'open' ? 1 : 0; });
    link.onData(({ length }) => { seen.bytes += length; });
    link.connect();
    return { link, seen };
  });
  const forward = await startPortForward({ spec: { protocol: 'tcp', remote: 7, local: 0 }, log: () => undefined, open: (signal) => openChannel(api, { ...machine, stream: 'portforward', port: 7, protocol: 'tcp' }, { userAgent: 'bench', signal }) });
  const program = dial(forward.port, '127.0.0.1');
  const bare = new WebSocket(streamUrl(proxy.port, 'db-01', 'console'), { ca, headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false });
  bare.on('error', () => undefined);
  try {
    const echo = async () => {
      program.write('still there');
      return await Promise.race([new Promise<number>((resolve) => program.once('data', () => resolve(1))), late(0)]);
    };
    await echo();
    await until(() => links.every(({ seen }) => seen.openings === 1), 'It never happened.', 20_000, 20);
    await new Promise((resolve) => { setTimeout(resolve, minutes * 60_000); });
    const [console, screen] = links.map(({ seen }) => ({ ...seen }));
    links[0]?.link.send('\r');
    links[1]?.link.send('RFB 003.008\n');
    const port = await echo();
    await until(() => links.every(({ seen }, index) => seen.bytes > ([console, screen][index]?.bytes ?? 0)), 'It never happened.', 20_000, 20).catch(() => undefined);
    const alive = links.filter(({ seen }, index) => seen.openings === 1 && seen.bytes > ([console, screen][index]?.bytes ?? 0)).length + port;
    return [
      { name: `idle: of a console, a screen and a port the same connections after ${minutes} min behind a proxy that cuts after ${idleMs / 1000} s of silence`, value: alive, unit: '', goal: { on: 'value', op: '>=', limit: 3 }, reference: { name: 'new WebSocket() without pings', value: bare.readyState === WebSocket.OPEN ? 1 : 0 } },
    ];
  } finally {
    bare.terminate();
    program.destroy();
    forward.dispose();
    links.forEach(({ link }) => link.dispose());
    api.dispose();
    proxy.close();
    await cluster.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Passes connections on and cuts those on which nobody said anything for too long. */
async function startProxy(target: number): Promise<{ readonly port: number; close(): void }> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = dial(target, '127.0.0.1');
    const pair = [near, far];
    const end = () => pair.forEach((socket) => socket.destroy());
    for (const socket of pair) {
      open.add(socket);
      socket.setTimeout(idleMs, end);
      socket.on('error', end).on('close', () => {
        open.delete(socket);
        end();
      });
    }
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      open.forEach((socket) => socket.destroy());
    },
  };
}

const late = <T>(value: T) => new Promise<T>((resolve) => { setTimeout(() => resolve(value), 10_000); });
