import { randomBytes } from 'node:crypto';
import { request } from 'node:https';
import { adminClient, type AdminClient } from '../../cluster/adminClient';
import { startApi } from '../../cluster/api/server';
import type { ApiObject, JsonObject } from '../../cluster/api/model';
import { createAuthority, type Authority } from '../../cluster/certificates';
import { startRealApi } from '../../cluster/kube/realApi';
import { Population, untilServed } from '../../cluster/populate';
import { createUsers, rightsOf, type ClusterUser, type UserName } from '../../cluster/users';
import { widgets } from './widgets';

/** An API server, ours or the real one, with users, the kind `Widget` and an empty project. */
export interface Site {
  readonly url: string;
  readonly authority: Authority;
  readonly users: readonly ClusterUser[];
  readonly admin: AdminClient;
  as(name: UserName): AdminClient;
  /** Makes a namespace for one test, in which nothing else happens. */
  namespace(): Promise<string>;
  watch(path: string): Promise<Watch>;
  compact(): Promise<void>;
  stop(): Promise<void>;
}

/** The namespace in which `editor` and `viewer` have rights. */
export const project = 'project';

/** Without this the real server goes on serving list pages from its own memory after etcd has forgotten them. */
const compactable = ['--feature-gates=ListFromCacheSnapshot=false'];

export async function openSite(kind: 'own' | 'real'): Promise<Site> {
  const authority = await createAuthority();
  const users = await createUsers(authority);
  const api = kind === 'real' ? await startRealApi({ users, authority, flags: compactable }) : await startApi({ users, authority });
  const clients = new Map<UserName, AdminClient>();
  const as = (name: UserName) => {
    const client = clients.get(name) ?? adminClient({ url: api.url, caPem: api.caPem, token: users.find((user) => user.name === name)!.token });
    clients.set(name, client);
    return client;
  };
  const admin = as('admin');
  const population = new Population(admin);
  await population.create([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: project } }, widgets, ...rightsOf([project])]);
  await untilServed(admin, [widgets]);
  return {
    url: api.url, authority, users, admin, as,
    namespace: async () => {
      const name = `test-${randomBytes(4).toString('hex')}`;
      await admin.do('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      return name;
    },
    watch: (path) => openWatch(api.url, api.caPem, users[0]!.token, path),
    compact: async () => { await api.compact(); },
    stop: async () => {
      clients.forEach((client) => client.close());
      await api.stop();
    },
  };
}

export interface WatchEvent { readonly type: string; readonly object: ApiObject }

/** One watch connection. */
export interface Watch {
  readonly code: number;
  /** The next event; undefined when the server has ended the watch. */
  next(): Promise<WatchEvent | undefined>;
  close(): void;
}

function openWatch(url: string, ca: string, token: string, path: string): Promise<Watch> {
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, url), { ca, headers: { authorization: `Bearer ${token}`, accept: 'application/json' } }, (response) => {
      const lines = linesOf(response as AsyncIterable<Buffer>);
      resolve({
        code: response.statusCode ?? 0,
        next: async () => {
          const line = await lines.next();
          return line.done ? undefined : JSON.parse(line.value) as WatchEvent;
        },
        close: () => outgoing.destroy(),
      });
    });
    outgoing.once('error', reject).end();
  });
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    yield* lines.filter((line) => line !== '');
  }
}

/** A widget as tests create it. */
export function widget(name: string, spec: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: 'test.example.org/v1', kind: 'Widget', metadata: { name, ...metadata }, spec: { size: 1, ...spec } };
}

export const widgetsIn = (namespace: string) => `/apis/test.example.org/v1/namespaces/${namespace}/widgets`;
