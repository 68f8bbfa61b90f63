import { Agent, createServer, request as httpsRequest } from 'node:https';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Certificate } from '../certificates';
import { passUpgrade } from './upgrade';

/** What happens to a request instead of being answered as the server answers. */
export type Fault =
  /** Answered here; `body` absent: a `Status` with this code. */
  | { readonly type: 'status'; readonly code: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  /** Passed on once the promise is settled. */
  | { readonly type: 'delay'; readonly until: Promise<unknown> }
  /** The connection is cut after so many bytes of the answer's body; -1: before the answer. */
  | { readonly type: 'cut'; readonly afterBytes: number }
  /** Nothing more comes after so many bytes of the answer's body, and nothing says so; -1: not even the head. */
  | { readonly type: 'halfOpen'; readonly afterBytes: number }
  /** After so many bytes of a stream comes what is no frame of a WebSocket. */
  | { readonly type: 'rubbish'; readonly afterBytes: number }
  /** The body comes in pieces of so many bytes. */
  | { readonly type: 'slice'; readonly bytes: number }
  /** The pieces of the body are changed on the way. */
  | { readonly type: 'rewrite'; readonly change: (text: string) => string }
  /** The server does it, but its answer is lost with the connection. */
  | { readonly type: 'loseAnswer' };

export interface Rule {
  readonly fault: Fault;
  /** Absent: every request. */
  readonly matches?: (request: Seen) => boolean;
  /** How often it applies; absent: until it is removed. */
  readonly times?: number;
}

/** A request as it came. */
export interface Seen {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FaultProxy {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  /** All requests, oldest first. */
  readonly seen: readonly Seen[];
  /** How many connections of clients are open and secured now. */
  readonly connections: number;
  /** From now on; the first rule that matches applies. The result removes it. */
  inject(rule: Rule): () => void;
  /** Cuts all connections; new ones are accepted. */
  cutAll(): void;
  /** From now on nothing is sent or read on the connections there are. */
  freezeAll(): void;
  /** Refuses connections until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

export interface FaultProxyOptions {
  /** The API server behind it. */
  readonly target: { readonly url: string; readonly caPem: string };
  /** For `127.0.0.1`, unless a test wants another. */
  readonly certificate: Certificate;
  /** Signs clients, whose certificates are not passed on; absent: none is asked for. */
  readonly port?: number;
}

/** A TLS proxy in front of an API server that answers wrongly on request. Who sends is told to the server by tokens only. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const agent = new Agent({ ca: options.target.caPem, keepAlive: true });
  const sockets = new Set<Socket>();
  /** The same above TLS: what is written does not pass the sockets below. */
  const secured = new Set<Socket>();
  const seen: Seen[] = [];
  let rules: { rule: Rule; left: number }[] = [];

  const faultFor = (request: IncomingMessage): Fault | undefined => {
    const asked: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers };
    seen.push(asked);
    const found = rules.find(({ rule, left }) => left > 0 && (rule.matches?.(asked) ?? true));
    if (found) {
      found.left--;
    }
    return found?.rule.fault;
  };
  const server = createServer({ cert: options.certificate.certPem, key: options.certificate.keyPem }, (request, response) => {
    void answer(request, response, faultFor(request), { agent, target: options.target.url });
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => void passUpgrade(request, socket, head, faultFor(request), options.target));
  server.requestTimeout = 0;
  for (const [event, open] of [['connection', sockets], ['secureConnection', secured]] as const) {
    server.on(event, (socket: Socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
    });
  }
  const listen = (port: number) => new Promise<number>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
  const close = () => new Promise<void>((resolve) => {
    if (!server.listening) {
      resolve();
      return;
    }
    server.close(() => resolve());
    sockets.forEach((socket) => socket.destroy());
  });
  const port = await listen(options.port ?? 0);
  return {
    url: `https://127.0.0.1:${port}`, seen,
    get connections() {
      return secured.size;
    },
    inject: (rule) => {
      const entry = { rule, left: rule.times ?? Number.POSITIVE_INFINITY };
      rules.push(entry);
      return () => void (rules = rules.filter((other) => other !== entry));
    },
    cutAll: () => sockets.forEach((socket) => socket.destroy()),
    freezeAll: () => secured.forEach(freeze),
    down: close,
    up: async () => void await listen(port),
    stop: async () => {
      await close();
      agent.destroy();
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, fault: Fault | undefined, to: { agent: Agent; target: string }): Promise<void> {
  response.on('error', () => undefined);
  request.on('error', () => undefined);
  if (fault?.type === 'status') {
    request.resume();
    response.writeHead(fault.code, { 'content-type': 'application/json', ...fault.headers }).end(fault.body ?? JSON.stringify(statusOf(fault.code)));
    return;
  }
  if (fault?.type === 'cut' && fault.afterBytes < 0) {
    request.socket.destroy();
    return;
  }
  if (fault?.type === 'halfOpen' && fault.afterBytes < 0) {
    freeze(request.socket);
    return;
  }
  if (fault?.type === 'delay') {
    await fault.until;
  }
  const outgoing = httpsRequest(new URL(request.url ?? '/', to.target), { method: request.method, headers: without(request.headers, 'host'), agent: to.agent });
  outgoing.on('error', () => response.destroy()).on('response', (incoming) => {
    if (fault?.type === 'loseAnswer') {
      incoming.resume().on('end', () => request.socket.destroy());
      return;
    }
    response.writeHead(incoming.statusCode ?? 502, without(incoming.headers, 'content-length', 'transfer-encoding'));
    response.flushHeaders();
    incoming.on('error', () => response.destroy());
    void pass(incoming, response, fault);
  });
  // Watches end when their reader goes away.
  response.on('close', () => outgoing.destroy());
  request.pipe(outgoing);
}

async function pass(incoming: IncomingMessage, response: ServerResponse, fault: Fault | undefined): Promise<void> {
  let left = fault?.type === 'cut' || fault?.type === 'halfOpen' ? fault.afterBytes : Number.POSITIVE_INFINITY;
  const strike = () => {
    if (fault?.type === 'cut') {
      response.socket?.destroy();
    } else if (response.socket) {
      freeze(response.socket);
    }
  };
  if (left <= 0) {
    strike();
    return;
  }
  try {
    for await (const chunk of incoming as AsyncIterable<Buffer>) {
      const bytes = fault?.type === 'rewrite' ? Buffer.from(fault.change(chunk.toString('utf8'))) : chunk;
      if (left <= bytes.length) {
        await new Promise((resolve) => response.write(bytes.subarray(0, left), resolve));
        strike();
        return;
      }
      left -= bytes.length;
      if (fault?.type === 'slice') {
        for (let at = 0; at < bytes.length; at += fault.bytes) {
          const piece = bytes.subarray(at, at + fault.bytes);
          await new Promise((resolve) => response.write(piece, resolve));
        }
      } else {
        response.write(bytes);
      }
    }
    response.end();
  } catch {
    response.destroy();
  }
}

function without(headers: IncomingHttpHeaders, ...names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}

/** The socket stays open and dead, as behind a router that has forgotten it. */
function freeze(socket: Socket): void {
  socket.pause();
  socket.removeAllListeners('data');
  socket.write = () => true;
}

function statusOf(code: number): object {
  const reasons: Readonly<Record<number, string>> = { 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable' };
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason: reasons[code] ?? 'Unknown', message: `injected ${code}` };
}
