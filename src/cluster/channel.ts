import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { t } from '@vscode/l10n';
import { WebSocket } from 'ws';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import { isRecord } from '../domain/kubeObject';
import type { Problem, ProblemReason } from '../domain/problem';
import type { KubeApi } from './api';
import type { WebSocketOptions } from './connection';
import { asClusterError, ClusterError, problemOf, statusError, timeoutProblem } from './errors';
import { pathOf, withQuery } from './paths';
import type { Query } from './paths';

/** A stream endpoint of a machine. */
export interface StreamTarget {
  readonly namespace: string;
  readonly name: string;
  readonly stream: 'console' | 'vnc';
}

/** A port inside a machine. Not exclusive: every connection is a stream of its own; with `udp` every message is a datagram. */
export interface PortTarget {
  readonly namespace: string;
  readonly name: string;
  readonly stream: 'portforward';
  readonly port: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface ChannelOptions {
  /** As others see us where a console is held: `SessionHolder.client`. */
  readonly userAgent: string;
  readonly signal: AbortSignal;
  readonly clock?: Clock;
  /** What comes is gone when the listeners return: they copy what they keep. Spares the garbage collector a flood. */
  readonly isFleeting?: boolean;
}

/** Who has a console. Without `holder` nobody has. */
export interface SessionHolder {
  readonly holder?: string;
  /** RFC 3339. */
  readonly startTime?: string;
  readonly client?: string;
}

/** From the virtualization module; facts: the group of its aggregated API. */
const streams = { group: 'subresources.virtualization.deckhouse.io', version: 'v1alpha2', plural: 'virtualmachines', namespaced: true } as const;

const handshakeTimeoutMs = 30_000;

/** Idle proxies cut after a minute or more; the server sends no pings on consoles. */
const pingMs = 20_000;

/** Without an answer of the server nothing is known about it either. */
const noWay: readonly ProblemReason[] = ['unreachable', 'proxy', 'tls', 'credentials', 'configuration'];

/** How long the server may take to say goodbye. */
const closeMs = 1000;

/** More than any `Status`; a proxy's page is cut. */
const longestRefusal = 64 * 1024;

/**
 * Connects to a stream endpoint, which disconnects whoever had it. The channel begins paused: subscribe, then `resume`.
 * After a 401 the credentials are got anew once. Throws `ClusterError`, or the signal's reason.
 */
export async function openChannel(api: KubeApi, target: StreamTarget | PortTarget, options: ChannelOptions): Promise<Channel> {
  return upgrade(api, target, options, await api.connection.webSocketOptions(options.signal));
}

/**
 * As `openChannel`, with the way to the server opened while `mayTake` is being found out. The server is asked for the stream only after that
 * was true; `undefined` when it was false. Throws what `mayTake` throws as well, which is to end with the signal.
 */
export async function openChannelIf(api: KubeApi, target: StreamTarget, options: ChannelOptions, mayTake: Promise<boolean>): Promise<Channel | undefined> {
  const { signal } = options;
  const opening = api.connection.webSocketOptions(signal).then((way) => {
    // It may end while it waits: that is seen when it is needed.
    way.socket.on('error', () => undefined);
    return way;
  });
  let isTaken = false;
  try {
    const [way, may] = await Promise.all([opening, mayTake]);
    signal.throwIfAborted();
    if (!may) {
      return undefined;
    }
    isTaken = true;
    return await upgrade(api, target, options, way.socket.destroyed ? await api.connection.webSocketOptions(signal) : way);
  } finally {
    if (!isTaken) {
      void opening.then(({ socket }) => socket.destroy(), () => undefined);
    }
  }
}

/**
 * Asks who has a console without connecting; `undefined` when the server cannot tell, as those without the question.
 * Never an upgrade: an older server would connect and disconnect the holder. Throws `ClusterError` when there is no way to the server.
 */
export async function probe(api: KubeApi, target: StreamTarget, signal: AbortSignal): Promise<SessionHolder | undefined> {
  try {
    const answer = await api.request('GET', pathOf(streams, target, target.stream), { query: { probe: true }, signal, timeoutMs: 5000 });
    return isHolder(answer) ? answer : undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ClusterError && noWay.includes(error.reason)) {
      throw error;
    }
    return undefined;
  }
}

/** Asks which machine has the name now: its uid. `null`: none has; `undefined`: cannot be told. Throws the signal's reason. */
export async function uidOf(api: KubeApi, { namespace, name }: Pick<StreamTarget, 'namespace' | 'name'>, signal: AbortSignal): Promise<string | null | undefined> {
  try {
    const { metadata } = await api.get({ ...streams, group: 'virtualization.deckhouse.io' }, name, namespace, { signal });
    return metadata.uid;
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof ClusterError && error.reason === 'notFound' ? null : undefined;
  }
}

/** The bytes of one stream, both ways. Owns its socket. */
export class Channel implements Disposable {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #server: string;
  readonly #owned = new DisposableStore();
  readonly #data: Emitter<Buffer>;
  readonly #closed: Emitter<number>;
  #ping: Disposable | undefined;
  #isAnswered = true;
  #heardAtMs: number;
  #silentSinceMs: number | undefined;
  #problem: Problem | undefined;
  /** What was read from the network and may not be worked through yet. */
  readonly #read: Buffer[] = [];

  /** `socket` is open and paused; `raw` is what carries it, to `server`, as it is shown. */
  constructor(socket: WebSocket, clock: Clock, raw: Socket, { server, isFleeting = false }: { readonly server: string; readonly isFleeting?: boolean }) {
    this.#server = server;
    this.#heardAtMs = clock.now();
    raw.once('error', (error) => { this.#problem ??= problemOf(asClusterError(error, server)); });
    if (isFleeting) {
      // After the one of `socket`, which works through all that it can at once.
      raw.on('data', (chunk: Buffer) => this.#read.push(chunk));
    }
    this.#socket = socket;
    this.#clock = clock;
    const onError = (error: unknown) => queueMicrotask(() => { throw error; });
    this.#data = this.#owned.add(new Emitter<Buffer>(onError));
    this.#closed = this.#owned.add(new Emitter<number>(onError));
    const heard = () => {
      this.#isAnswered = true;
      this.#heardAtMs = clock.now();
    };
    socket.on('message', (data: Buffer, isBinary: boolean) => {
      heard();
      if (isBinary) {
        this.#data.fire(data);
      }
      if (isFleeting) {
        // What was read before the end of a message is in messages by now.
        [...this.#read.splice(0), data].forEach(free);
      }
    });
    socket.on('pong', heard);
    // After rubbish nothing sensible comes any more: a goodbye would be waited for in vain.
    socket.on('error', () => {
      this.#problem ??= { reason: 'server', message: t('What came from "{0}" is no WebSocket stream.', server), hint: t('A proxy on the way may change what passes.') };
      socket.terminate();
    });
    socket.once('close', (code) => {
      this.#ping?.dispose();
      this.#closed.fire(code);
    });
    this.#beat();
  }

  /** What came, in order and complete. */
  get onData() {
    return this.#data.event;
  }

  /** Once, after the last data: 1000 when the server ended it, 1006 when it broke off without a word (see RFC 6455, 7.4.1). Not after `dispose`. */
  get onClose() {
    return this.#closed.event;
  }

  /** Whether the network failed or brought what is no WebSocket: without that a close with 1006 is the way in which the platform ends a stream. */
  get isBroken(): boolean {
    return this.#problem !== undefined;
  }

  /** What the network did then; `undefined`: it did its work. */
  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** When something was heard last (epoch), where the peer was gone without a word. */
  get silentSinceMs(): number | undefined {
    return this.#silentSinceMs;
  }

  /** `sent` is called once the data has left, or never will. False when it never will because the stream is ending. */
  send(data: string | Uint8Array, sent?: () => void): boolean {
    if (this.#socket.readyState !== WebSocket.OPEN) {
      sent?.();
      return false;
    }
    this.#socket.send(typeof data === 'string' ? Buffer.from(data, 'utf8') : data, { binary: true }, () => sent?.());
    return true;
  }

  /** Reads nothing until `resume`, so that the sender has to wait as well. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#isAnswered = true;
    this.#socket.resume();
  }

  dispose(): void {
    this.#ping?.dispose();
    this.#owned.dispose();
    if (this.#socket.readyState === WebSocket.CLOSED) {
      return;
    }
    const late = this.#clock.after(closeMs, () => this.#socket.terminate());
    this.#socket.once('close', () => late.dispose());
    // Whatever was not read yet stands before the server's answer.
    this.#socket.resume();
    this.#socket.close(1000);
  }

  /** Notices a peer that is gone without a word. While paused nothing is read, so nothing can be said about it. */
  #beat(): void {
    this.#ping = this.#clock.after(pingMs, () => {
      if (!this.#isAnswered && !this.#socket.isPaused) {
        this.#problem ??= timeoutProblem(this.#server);
        this.#silentSinceMs = this.#heardAtMs;
        this.#socket.terminate();
        return;
      }
      this.#isAnswered = false;
      this.#socket.ping();
      if (this.#socket.isPaused) {
        // The server's own pings wait unread; without an answer it ends the stream of a slow reader after a minute.
        this.#socket.pong();
      }
      this.#beat();
    });
  }
}

/**
 * Gives back the memory of what will not be looked at again. It counts as memory outside of the heap, and V8 looks through all objects of the
 * process, those of the editor included, whenever some of that has come together.
 */
function free({ buffer, byteLength }: Buffer): void {
  // Others may live in the same memory, and what is empty is shared by all.
  if (byteLength > 0 && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) {
    buffer.transfer(0);
  }
}

function isHolder(answer: unknown): answer is SessionHolder {
  return isRecord(answer) && ['holder', 'startTime', 'client'].every((field) => answer[field] === undefined || typeof answer[field] === 'string');
}

async function upgrade(api: KubeApi, target: StreamTarget | PortTarget, options: ChannelOptions, way: WebSocketOptions): Promise<Channel> {
  try {
    return await attempt(api, target, options, way);
  } catch (error) {
    if (!(error instanceof ClusterError && error.reason === 'unauthorized' && await api.connection.renewCredentials(way.credential))) {
      throw error;
    }
    return attempt(api, target, options, await api.connection.webSocketOptions(options.signal));
  }
}

async function attempt(api: KubeApi, target: StreamTarget | PortTarget, { userAgent, signal, clock = systemClock, isFleeting = false }: ChannelOptions, { url, headers, socket: raw }: WebSocketOptions): Promise<Channel> {
  // No subprotocol: this server selects none of those that others offer, which a client must then refuse.
  const socket = new WebSocket(overSocket(url + withQuery(pathOf(streams, target, target.stream), queryOf(target))), {
    headers: { ...headers, host: new URL(url).host, 'user-agent': userAgent } as Record<string, string>, createConnection: () => raw, perMessageDeflate: false, followRedirects: false,
  });
  const server = api.connection.context.server;
  return await new Promise<Channel>((resolve, reject) => {
    const timer = clock.after(handshakeTimeoutMs, () => fail(new ClusterError('timeout', timeoutProblem(server).message, { hint: timeoutProblem(server).hint })));
    const end = () => {
      timer.dispose();
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      end();
      socket.on('error', () => undefined).terminate();
      raw.destroy();
      reject(error);
    };
    const onAbort = () => fail(signal.reason instanceof Error ? signal.reason : new Error('Aborted'));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('error', (error) => fail(asClusterError(error, server)));
    socket.once('unexpected-response', (_request, response) => void refusal(response).then(fail, (error: unknown) => fail(asClusterError(error, server))));
    socket.once('open', () => {
      end();
      socket.pause();
      resolve(new Channel(socket, clock, raw, { server, isFleeting }));
    });
    if (signal.aborted) {
      onAbort();
    }
  });
}

function queryOf(target: StreamTarget | PortTarget): Query {
  return target.stream === 'portforward' ? { port: target.port, protocol: target.protocol } : {};
}

/**
 * The URL in the form of `ws` for a socket that is there already. VS Code replaces the connections of all other HTTP requests in the
 * extension host by its own, which know nothing of the kubeconfig's proxy and certificates.
 */
function overSocket(url: string): string {
  const { pathname, search } = new URL(url);
  return `ws+unix:open:${(pathname + search).replaceAll(':', '%3A')}`;
}

/** What a handshake that was answered with something else means. */
async function refusal(response: IncomingMessage): Promise<ClusterError> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longestRefusal) {
      break;
    }
  }
  const code = response.statusCode ?? 0;
  if (code >= 200 && code < 300) {
    return new ClusterError('server', t('The server answered, but opened no stream.'), { hint: t('A proxy on the way may not pass WebSockets on.') });
  }
  return statusError(code, Buffer.concat(chunks).toString('utf8'));
}
