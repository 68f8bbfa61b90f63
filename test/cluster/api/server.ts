import { randomUUID } from 'node:crypto';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { systemClock, type Clock } from '../../../src/base/timing';
import { Access, authenticate, forbiddenText, type Attempt, type TokenUser, type User } from './access';
import { Admission } from './admission';
import { Aggregator, serviceResolver } from './aggregator';
import { sendError, sendJson, sendText, type Exchange } from './answer';
import { Conversion } from './conversion';
import { builtinResources, reviewResources } from './builtin';
import { Discovery } from './discovery';
import { fillIn } from './builtinDefaults';
import { bootstrapObjects } from './bootstrap';
import { timeOf, type ApiObject, type Resource } from './model';
import { followDeletions } from './namespaces';
import { OpenApi } from './openapi';
import { Pages } from './pages';
import { answerPath } from './pathRoutes';
import { Registry, storageKey } from './registry';
import { requestInfo, type RequestInfo } from './request';
import { answerResource, readObject } from './resourceRoutes';
import { review } from './reviews';
import { ApiError, badRequest, internalError, notServed, unauthorized } from './status';
import { Storage } from './storage';
import { WatchHub } from './watchHub';
import { webhookCaller } from './webhookCall';
import { Writer } from './writer';
import { createAuthority, type Authority } from '../certificates';

export interface ApiOptions {
  /** 0 or absent: any free one. */
  readonly port?: number;
  /** Users with bearer tokens; those with client certificates come from `authority`. */
  readonly users: readonly TokenUser[];
  /** Signs the server's certificate and is trusted for clients'; absent: a new one. */
  readonly authority?: Authority;
  readonly clock?: Clock;
  /** What a server before this one held. */
  readonly storage?: Storage;
}

export interface ApiServer {
  /** `https://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  readonly storage: Storage;
  /** Stores objects as they are, status included, past admission and rights: for worlds of thousands. Namespaces must come first. */
  seed(objects: Iterable<ApiObject>): Promise<void>;
  /** Forgets list pages and watch history, as etcd's compaction does. */
  compact(): void;
  stop(): Promise<void>;
}

/** How long a connection may be idle; longer than clients keep theirs, so that no request meets a closing one. */
const idleTimeoutMs = 10 * 60_000;
/** How many objects are stored at a time before others get a turn. */
const seedChunk = 200;

/** A small Kubernetes API server on loopback. */
export async function startApi(options: ApiOptions): Promise<ApiServer> {
  const clock = options.clock ?? systemClock;
  const authority = options.authority ?? await createAuthority();
  const storage = options.storage ?? new Storage();
  const cluster = compose(storage, clock, options.users);
  const { certPem, keyPem } = await authority.server(['127.0.0.1', 'localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc']);
  const sockets = new Set<Socket>();
  const server = createServer({ cert: certPem, key: keyPem, ca: authority.caPem, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const exchange: Exchange = { request, response, warnings: new Set() };
    cluster.answer(exchange).catch((error: unknown) => sendError(exchange, error));
  });
  server.on('upgrade', (request, socket, head) => cluster.upgrade(request, socket, head));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // Watches last for half an hour and more.
  server.requestTimeout = 0;
  server.keepAliveTimeout = idleTimeoutMs;
  const port = await listen(server, options.port ?? 0);
  return {
    url: `https://127.0.0.1:${port}`, port, caPem: authority.caPem, storage,
    seed: (objects) => cluster.seed(objects),
    compact: () => cluster.compact(),
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      sockets.forEach((socket) => socket.destroy());
      await closed;
      cluster.dispose();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

function compose(storage: Storage, clock: Clock, users: readonly TokenUser[]) {
  const registry = new Registry(storage);
  const access = new Access(storage);
  const pages = new Pages(storage, clock);
  const hub = new WatchHub(storage);
  const deletions = followDeletions(storage, registry, () => clock.now());
  const resolve = serviceResolver(storage);
  const call = webhookCaller(resolve);
  const conversion = new Conversion(call);
  const admission = new Admission({ storage, registry, conversion, call });
  const writer = new Writer({ storage, conversion, admission, clock });
  const aggregator = new Aggregator(storage, resolve);
  const discovery = new Discovery(registry, aggregator);
  const openApi = new OpenApi(storage, registry);
  const parts = { storage, pages, hub, conversion, writer, clock };

  const admit = (request: IncomingMessage): { info: RequestInfo; user: User } => {
    const info = requestInfo(request.method ?? 'GET', request.url ?? '/');
    const user = authenticate(request, users);
    if (!user) {
      throw unauthorized();
    }
    authorise(access, user, info);
    return { info, user };
  };

  const answer = async (exchange: Exchange): Promise<void> => {
    const { info, user } = admit(exchange.request);
    if (aggregator.owns(info.path)) {
      return await aggregator.forward(exchange, info.path, user);
    }
    if (!info.resource) {
      return await answerPath({ discovery, openApi }, exchange, info);
    }
    const { group, version, plural } = info.resource;
    const reviewed = reviewResources.find((each) => each.group === group && each.version === version && each.plural === plural);
    if (info.method === 'POST' && reviewed) {
      return sendJson(exchange, 201, review(plural, (await readObject(exchange, reviewed.kind)).object, user, access));
    }
    const resource = registry.find(group, version, plural);
    if (!resource) {
      // Groups of CRDs, and groups that nobody has, do not exist as paths where a resource is missing.
      return isBuiltin(group, version) ? sendError(exchange, notServed()) : sendText(exchange, 404, '404 page not found\n');
    }
    return await answerResource(parts, exchange, info, info.resource, resource, user);
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    try {
      const { info, user } = admit(request);
      if (!aggregator.owns(info.path)) {
        throw badRequest('Upgrade request required');
      }
      aggregator.upgrade(request, socket, head, info.path, user);
    } catch (error) {
      const { code, status } = error instanceof ApiError ? { code: error.code, status: error.status() } : { code: 500, status: internalError(String(error)).status() };
      const body = JSON.stringify(status);
      socket.end(`HTTP/1.1 ${code} ${STATUS_CODES[code] ?? ''}\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`);
    }
  };

  const store = (object: ApiObject) => {
    const resource = registry.ofKind(object.apiVersion, object.kind);
    if (!resource) {
      throw new Error(`${object.apiVersion} ${object.kind} is not served`);
    }
    storage.put(storageKey(resource), complete(resource, object, clock.now()));
  };
  if (storage.resources.length === 0) {
    bootstrapObjects.forEach(store);
  }

  return {
    answer,
    upgrade,
    seed: async (objects: Iterable<ApiObject>) => {
      let count = 0;
      for (const object of objects) {
        store(object);
        if (++count % seedChunk === 0) {
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
    },
    compact: () => {
      pages.compact();
      hub.compact();
    },
    dispose: () => {
      deletions.dispose();
      hub.dispose();
    },
  };
}

const isBuiltin = (group: string, version: string) => builtinResources.some((resource) => resource.group === group && resource.version === version);

/** A private copy with what every stored object has. */
function complete(resource: Resource, object: ApiObject, nowMs: number): ApiObject {
  const now = timeOf(nowMs);
  const { uid = randomUUID(), creationTimestamp = now } = object.metadata;
  const result = { ...object, metadata: { ...object.metadata, uid, creationTimestamp } };
  fillIn(resource, result, undefined, now);
  return result;
}

function authorise(access: Access, user: User, { path, verb, resource }: RequestInfo): void {
  const attempt: Attempt = resource
    ? { verb, group: resource.group, resource: resource.plural, subresource: resource.subresource, namespace: resource.namespace, name: resource.name }
    : { verb, path };
  if (!access.isAllowed(user, attempt)) {
    throw new ApiError(403, 'Forbidden', forbiddenText(user, attempt), resource
      ? { ...(resource.name === '' ? {} : { name: resource.name }), ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural } : {});
  }
}
