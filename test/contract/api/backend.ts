import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Authority } from '../../cluster/certificates';
import { objectOr, type JsonObject } from '../../cluster/api/model';

/** What a webhook is asked, and its answer: the `response` of the review without the uid. */
export type Hook = (request: JsonObject) => JsonObject;

/** An HTTPS server that plays webhooks (POST) and an aggregated API (everything else), which answers with what it was asked and by whom. */
export interface Backend {
  readonly port: number;
  readonly url: string;
  /** By path. */
  readonly hooks: Map<string, Hook>;
  stop(): Promise<void>;
}

/** `group`, `version`: what the aggregated API says it serves. Its WebSockets send back what they get, after who connected. */
export async function startBackend(authority: Authority, hosts: readonly string[], group: string, version: string): Promise<Backend> {
  const { certPem, keyPem } = await authority.server(hosts);
  const backend: Backend = { port: 0, url: '', hooks: new Map(), stop: () => Promise.resolve() };
  const server = createServer({ cert: certPem, key: keyPem }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
      const path = (request.url ?? '').split('?')[0]!;
      const hook = backend.hooks.get(path);
      if (hook && request.method === 'POST') {
        const review = JSON.parse(Buffer.concat(chunks).toString()) as JsonObject;
        const asked = objectOr(review['request']);
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ apiVersion: review['apiVersion'], kind: review['kind'], response: { uid: asked['uid'], ...hook(asked) } }));
        return;
      }
      if (path === `/apis/${group}/${version}`) {
        response.setHeader('content-type', 'application/json').end(JSON.stringify({
          kind: 'APIResourceList', apiVersion: 'v1', groupVersion: `${group}/${version}`, resources: [{ name: 'things/talk', singularName: '', namespaced: true, kind: 'Thing', verbs: ['get'] }],
        }));
        return;
      }
      response.statusCode = path.endsWith('/broken') ? 500 : 200;
      response.setHeader('content-type', 'application/json').end(JSON.stringify({
        path: request.url, method: request.method, body: Buffer.concat(chunks).toString(),
        user: request.headers['x-remote-user'], groups: String(request.headers['x-remote-group']), hasToken: request.headers.authorization !== undefined,
      }));
    });
  });
  const sockets = new WebSocketServer({ server, handleProtocols: (offered) => [...offered][0] ?? false });
  sockets.on('connection', (socket, request) => {
    socket.send(String(request.headers['x-remote-user']));
    socket.on('message', (data: Buffer, isBinary) => socket.send(data, { binary: isBinary }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  return Object.assign(backend, {
    port, url: `https://127.0.0.1:${port}`,
    stop: () => new Promise<void>((resolve) => {
      sockets.clients.forEach((socket) => socket.terminate());
      server.closeAllConnections();
      server.close(() => resolve());
    }),
  });
}
