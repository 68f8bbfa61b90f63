import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { systemClock } from '../../../src/base/timing';
import type { Clock } from '../../../src/base/timing';
import { KubeApi } from '../../../src/cluster/api';
import { connect } from '../../../src/cluster/connection';
import type { ContextRef } from '../../../src/cluster/kubeConfig';
import { loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { plugins } from './site';

/** What listens on the ports of the only machine, `billing/web-01`. */
export type PortHandler = (socket: WebSocket, request: IncomingMessage) => void;

/** A port-forward endpoint that does what a test wants, also what no real one should. */
export interface PortServer {
  /** By `port/protocol`, or by the name of another stream. */
  readonly ports: Map<string, PortHandler>;
  /** Every handshake is answered with this instead; `undefined`: as usual. */
  refusal: { readonly code: number; readonly body: string } | undefined;
  /** What it accepts. */
  token: string;
  readonly sockets: Set<WebSocket>;
  readonly requests: IncomingMessage[];
  readonly kubeconfig: string;
  readonly tokenFile: string;
  context(): Promise<ContextRef>;
  api(clock?: Clock): Promise<KubeApi>;
  stop(): Promise<void>;
}

const streams = '/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/billing/virtualmachines/web-01/';

const status = (code: number, message: string) => ({ code, body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, code }) });

export async function startPortServer(): Promise<PortServer> {
  const home = await mkdtemp(path.join(tmpdir(), 'ports-'));
  const [kubeconfig, tokenFile] = [path.join(home, 'my kubeconfig'), path.join(home, 'token')];
  const server = createServer((_, response) => response.writeHead(404).end());
  const upgrades = new WebSocketServer({ noServer: true });
  const owned: { dispose(): void }[] = [];
  const site: PortServer = {
    ports: new Map([['7/tcp', echo], ['7/udp', echo]]), refusal: undefined, token: 'first', sockets: new Set(), requests: [], kubeconfig, tokenFile,
    context: async () => (await loadKubeConfig([{ files: [kubeconfig] }])).contexts[0]!,
    api: async (clock = systemClock) => {
      const api = new KubeApi({ connection: connect(await site.context(), { plugins: plugins({}), clock, env: {} }), userAgent: 'test', clock });
      owned.push(api);
      return api;
    },
    stop: async () => {
      owned.forEach((item) => item.dispose());
      site.sockets.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(home, { recursive: true, force: true });
    },
  };
  server.on('upgrade', (request, socket, head) => {
    site.requests.push(request);
    const url = new URL(request.url ?? '', 'http://localhost');
    const stream = url.pathname.startsWith(streams) ? url.pathname.slice(streams.length) : '';
    const handler = site.ports.get(stream === 'portforward' ? `${url.searchParams.get('port')}/${url.searchParams.get('protocol')}` : stream);
    const refusal = site.refusal ?? (request.headers.authorization !== `Bearer ${site.token}` ? status(401, 'Unauthorized')
      : stream !== 'portforward' && !handler ? status(404, 'not found')
        : handler ? undefined : status(500, 'dialing VM: connection refused'));
    if (refusal) {
      refuse(socket, refusal);
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (opened) => {
      site.sockets.add(opened);
      opened.on('error', () => opened.terminate());
      opened.on('close', () => site.sockets.delete(opened));
      handler?.(opened, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await writeFile(tokenFile, site.token);
  await writeFile(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'my site', clusters: [{ name: 'site', cluster: { server: `http://127.0.0.1:${(server.address() as AddressInfo).port}` } }],
    users: [{ name: 'user', user: { tokenFile } }], contexts: [{ name: 'my site', context: { cluster: 'site', user: 'user' } }],
  }));
  return site;
}

/** Says what it hears. */
export function echo(socket: WebSocket): void {
  socket.on('message', (data: Buffer) => {
    socket.pause();
    socket.send(data, { binary: true }, () => socket.resume());
  });
}

/** Sends this much of `pattern`, no faster than it is read, then closes. */
export function source(sizeBytes: number): PortHandler {
  return (socket) => {
    let at = 0;
    const next = () => {
      if (at >= sizeBytes) {
        socket.close(1000);
        return;
      }
      const piece = pattern(at, Math.min(64 * 1024, sizeBytes - at));
      at += piece.length;
      socket.send(piece, { binary: true }, (error) => error ?? next());
    };
    next();
  };
}

/** Bytes of a stream that has another byte wherever something is missing. */
export function pattern(at: number, length: number): Buffer {
  const piece = Buffer.alloc(length);
  for (let index = 0; index < length; index++) {
    piece[index] = ((at + index) * 2_654_435_761) >>> 13;
  }
  return piece;
}

export function hashOfPattern(sizeBytes: number): string {
  const hash = createHash('sha256');
  for (let at = 0; at < sizeBytes; at += 64 * 1024) {
    hash.update(pattern(at, Math.min(64 * 1024, sizeBytes - at)));
  }
  return hash.digest('hex');
}

function refuse(socket: Duplex, { code, body }: { readonly code: number; readonly body: string }): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);
}
