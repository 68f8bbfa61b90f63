import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { createAuthority } from '../certificates';

/** Where the platform half is reached by the API server, and what proves it. */
export interface Endpoint {
  readonly port: number;
  readonly caPem: string;
  close(): Promise<void>;
}

export interface Handlers {
  /** Answers a JSON document sent to `path`; `undefined`: there is nothing. */
  readonly post: (path: string, body: unknown) => object | undefined;
  readonly get: (request: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** The Service as whose server the API server knows us. */
export const service = { namespace: 'd8-virtualization', name: 'virtualization-api' } as const;

/** Larger than any object that an API server passes on. */
const longestBody = 8 * 2 ** 20;

/**
 * The HTTPS server of the platform half, on loopback: webhooks, conversion and the aggregated API. `proxyCaPem` is the CA
 * of the API server's own certificate: where it is given, requests on behalf of users are taken from nobody else.
 */
export async function startServer(handlers: Handlers, proxyCaPem: string | undefined): Promise<Endpoint> {
  const authority = await createAuthority();
  const { certPem, keyPem } = await authority.server(['localhost', '127.0.0.1', `${service.name}.${service.namespace}.svc`]);
  const server = createServer({ cert: certPem, key: keyPem, requestCert: true, rejectUnauthorized: false, ...(proxyCaPem === undefined ? {} : { ca: proxyCaPem }) });
  const isTrusted = (request: IncomingMessage) => proxyCaPem === undefined || (request.socket as TLSSocket).authorized;
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    if (request.method === 'POST' && !request.url?.startsWith('/apis/')) {
      void answer(request, response, handlers);
    } else if (isTrusted(request)) {
      handlers.get(request, response);
    } else {
      response.writeHead(401).end();
    }
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isTrusted(request)) {
      handlers.upgrade(request, socket, head);
    } else {
      socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    }
  });
  await listen(server);
  return { port: (server.address() as AddressInfo).port, caPem: authority.caPem, close: () => close(server) };
}

async function answer(request: IncomingMessage, response: ServerResponse, handlers: Handlers): Promise<void> {
  try {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > longestBody) {
        response.writeHead(413, { connection: 'close' }).end();
        return;
      }
      chunks.push(chunk);
    }
    const result = handlers.post(new URL(request.url ?? '/', 'https://localhost').pathname, JSON.parse(Buffer.concat(chunks).toString('utf8')));
    response.writeHead(result ? 200 : 404, { 'content-type': 'application/json' }).end(JSON.stringify(result ?? {}));
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain' }).end(error instanceof Error ? error.message : '');
  }
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', () => resolve());
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
