import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { t } from '@vscode/l10n';
import { DisposableStore, toDisposable } from '../base/disposable';
import type { Disposable } from '../base/disposable';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import { Credentials } from './credentials';
import type { Credential } from './credentials';
import { clusterEntry, userEntry } from './entries';
import type { ClusterEntry, UserEntry } from './entries';
import { asClusterError, ClusterError } from './errors';
import type { ExecPlugins } from './execPlugin';
import type { ContextRef } from './kubeConfig';
import { readKubeConfigFile, textOf } from './kubeConfigFile';
import { proxyFor } from './proxy';
import { dataOrFile } from './referredFile';
import { connectTimeout, openSocket } from './socket';
import type { Route } from './socket';
import type { TimeLimit } from './timeLimit';
import type { Dispatcher, Pool } from './undici';

type Entry = Readonly<Record<string, unknown>>;

export interface ConnectOptions {
  readonly plugins: ExecPlugins;
  readonly clock?: Clock;
  /** For HTTPS_PROXY and NO_PROXY; default: the process's. */
  readonly env?: NodeJS.ProcessEnv;
  readonly connectTimeoutMs?: number;
}

/** One request, still without credentials. */
export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root of the server, with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What ends a request early. */
export interface Limits {
  readonly signal?: AbortSignal | undefined;
  /** Runs while the server has its turn, until the caller has read the answer. */
  readonly limit: TimeLimit;
}

const noSignal = new AbortController().signal;

/** What a WebSocket needs to reach the same server in the same way: options of `ws`. */
export interface WebSocketOptions {
  /** `wss://host:port/path` of the server; add the path of the endpoint. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** An open, secured socket, to be returned by `createConnection`. */
  readonly socket: Socket;
  /** What the headers prove, for `renewCredentials`. */
  readonly credential: Credential;
}

/** Starts nothing and reads nothing before the first request. The entries are read again from the files that the context names. */
export function connect(context: ContextRef, options: ConnectOptions): Connection {
  return new Connection(context, options);
}

interface Ready {
  readonly route: Route;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly credentials: Credentials;
}

/** The way to one cluster as one user: sockets, certificates, proxy, credentials. Owns its sockets. */
export class Connection implements Disposable {
  readonly context: ContextRef;
  readonly #options: ConnectOptions;
  readonly #clock: Clock;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  #ready: Promise<Ready> | undefined;
  /** Sockets prove their owner with this client certificate; another certificate needs other sockets. */
  #pool: { readonly certificate: string | undefined; readonly pool: Promise<Pool> } | undefined;

  constructor(context: ContextRef, options: ConnectOptions) {
    this.context = context;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#owned.add(toDisposable(() => this.#ended.abort(new Error('Disposed'))));
  }

  /**
   * Sends one request. After a 401 the credentials are got anew once and the same request is sent again; the answer to that is final.
   * The caller must read or destroy the body. Throws `ClusterError`, or the signal's reason.
   */
  async send(request: Outgoing, { signal = noSignal, limit }: Limits): Promise<Dispatcher.ResponseData> {
    const { credential, answer } = await this.#attempt(request, signal, limit);
    if (answer.statusCode !== 401 || !await this.renewCredentials(credential)) {
      return answer;
    }
    await answer.body.dump().catch(() => undefined);
    signal.throwIfAborted();
    return (await this.#attempt(request, signal, limit)).answer;
  }

  /** For `ws`: a socket opened like those of requests, and the headers that prove the sender. Throws `ClusterError`. */
  async webSocketOptions(signal: AbortSignal): Promise<WebSocketOptions> {
    const ready = await this.#prepare(signal);
    const credential = await ready.credentials.current(signal);
    signal.throwIfAborted();
    const socket = await this.#open(ready, credential, signal);
    return { url: ready.route.server.href.replace(/^http/, 'ws').replace(/\/$/, ''), headers: headersOf(credential, ready.user), socket, credential };
  }

  /** The server refused `rejected`; absent: whatever is current. Says whether another try makes sense. */
  async renewCredentials(rejected?: Credential): Promise<boolean> {
    const ready = await this.#ready;
    return ready !== undefined && ready.credentials.drop(rejected ?? await ready.credentials.current(this.#ended.signal));
  }

  /** Whether the server is on this machine, where compressing is a waste. */
  get isLocal(): boolean {
    return /^https?:\/\/(127\.|localhost[:/]|\[::1\])/.test(`${this.context.server}/`);
  }

  /** Cuts everything that is under way. */
  dispose(): void {
    this.#owned.dispose();
  }

  async #attempt(request: Outgoing, signal: AbortSignal, limit: TimeLimit) {
    limit.stop();
    const ready = await this.#prepare(signal);
    const credential = await ready.credentials.current(signal);
    signal.throwIfAborted();
    limit.start();
    const pool = await this.#poolFor(ready, credential);
    signal.throwIfAborted();
    const { server } = ready.route;
    try {
      const answer = await pool.request({
        ...request, path: server.pathname.replace(/\/$/, '') + request.path,
        headers: { ...request.headers, ...headersOf(credential, ready.user) }, signal: AbortSignal.any([signal, limit.signal, this.#ended.signal]),
        body: request.body ?? null, headersTimeout: 0, bodyTimeout: 0,
      });
      return { credential, answer };
    } catch (error) {
      throw signal.aborted ? signal.reason as Error : asClusterError(error, server.origin);
    }
  }

  /** Reads the entries of cluster and user. A failure is not kept: the next request tries again. */
  async #prepare(signal: AbortSignal): Promise<Ready> {
    if (this.#ended.signal.aborted) {
      throw this.#ended.signal.reason;
    }
    const preparing = this.#ready ??= this.#read();
    try {
      const ready = await preparing;
      signal.throwIfAborted();
      return ready;
    } catch (error) {
      if (this.#ready === preparing && !signal.aborted) {
        this.#ready = undefined;
      }
      throw error;
    }
  }

  async #read(): Promise<Ready> {
    const { context } = this;
    if (context.problem) {
      throw new ClusterError(context.problem.reason, context.problem.message, { hint: context.problem.hint });
    }
    const [clusterFile, userFile] = await Promise.all([readKubeConfigFile(context.clusterFile), readKubeConfigFile(context.userFile)]);
    const found = clusterFile.clusters.get(context.cluster);
    if (!found || textOf(found, 'server') === undefined) {
      const [wrong] = clusterFile.problems;
      throw new ClusterError('configuration', wrong?.message ?? t('The cluster "{0}" is no longer in "{1}".', context.cluster, context.clusterFile), { hint: wrong?.hint });
    }
    const [cluster, user] = await Promise.all([clusterEntry(context.cluster, found), userEntry(context.user, userFile.users.get(context.user) ?? {})]);
    const server = new URL(context.server);
    const env = this.#options.env ?? process.env;
    const route: Route = {
      server, proxy: proxyFor(server, cluster.proxyUrl, env), serverName: cluster.tlsServerName, isInsecure: cluster.skipTLSVerify,
    };
    const source = { entry: user, file: context.userFile, user: context.user, env, clusterInfo: () => this.#clusterInfo(cluster) };
    return { route, cluster, user, credentials: new Credentials(source, this.#options.plugins, this.#clock) };
  }

  async #poolFor(ready: Ready, credential: Credential): Promise<Pool> {
    const certificate = credential.certificate?.cert;
    if (!this.#pool || this.#pool.certificate !== certificate) {
      const old = this.#pool;
      // Requests that are under way keep their sockets.
      void old?.pool.then((pool) => pool.close()).catch(() => undefined);
      this.#pool = { certificate, pool: this.#newPool(ready, credential) };
    }
    return this.#pool.pool;
  }

  async #newPool(ready: Ready, credential: Credential): Promise<Pool> {
    const { Pool } = await import('./undici');
    const pool = new Pool(ready.route.server.origin, {
      keepAliveTimeout: 30_000,
      connect: (_options, callback) => {
        this.#open(ready, credential, this.#ended.signal).then((socket) => callback(null, socket), (error: unknown) => callback(error as Error, null));
      },
    });
    this.#owned.add(toDisposable(() => void pool.destroy().catch(() => undefined)));
    return pool;
  }

  /** Files of certificates are read for every socket, so that renewed ones are used at once. */
  async #open(ready: Ready, credential: Credential, signal: AbortSignal): Promise<Socket> {
    const late = new AbortController();
    const timer = this.#clock.after(this.#options.connectTimeoutMs ?? 15_000, () => late.abort(connectTimeout));
    try {
      const ca = await this.#authority(ready.cluster);
      return await openSocket(ready.route, { ca: ca ?? systemAuthorities(), ...credential.certificate }, AbortSignal.any([signal, late.signal]));
    } finally {
      timer.dispose();
    }
  }

  #authority({ caData, caFile }: ClusterEntry): Promise<string | undefined> {
    return dataOrFile({ field: 'certificate-authority', data: caData, path: caFile }, this.context.clusterFile, this.context.cluster);
  }

  /** The cluster as credential plugins are told about it. */
  async #clusterInfo(cluster: ClusterEntry): Promise<Entry> {
    const ca = await this.#authority(cluster);
    const config = cluster.extensions.find((extension) => extension['name'] === 'client.authentication.k8s.io/exec')?.['extension'];
    return {
      server: cluster.server, 'tls-server-name': cluster.tlsServerName,
      ...(cluster.skipTLSVerify && { 'insecure-skip-tls-verify': true }),
      ...(ca !== undefined && { 'certificate-authority-data': Buffer.from(ca, 'utf8').toString('base64') }),
      'proxy-url': cluster.proxyUrl, ...(config !== undefined && { config }),
    };
  }
}

/** Whom Node and the system trust: for clusters whose entry names no authority. */
function systemAuthorities(): string[] {
  return [...getCACertificates('default'), ...getCACertificates('system')];
}

type Headers = Record<string, string | string[]>;

function headersOf(credential: Credential, user: UserEntry): Headers {
  return credential.token === undefined ? impersonation(user) : { authorization: `Bearer ${credential.token}`, ...impersonation(user) };
}

function impersonation({ impersonateUser: as, impersonateUid: uid, impersonateGroups: groups, impersonateExtra: extra }: UserEntry): Headers {
  return { ...(as !== undefined && { 'impersonate-user': as }), ...(uid !== undefined && { 'impersonate-uid': uid }), ...(groups.length > 0 && { 'impersonate-group': [...groups] }), ...extraOf(extra) };
}

function extraOf(extra: Entry): Headers {
  return Object.fromEntries(Object.entries(extra).map(([name, values]) => [`impersonate-extra-${encodeURIComponent(name)}`, Array.isArray(values) ? values.map(String) : String(values)]));
}
