import { generateKeyPairSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sleep, systemClock } from '../../../src/base/timing';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { adminClient } from '../adminClient';
import type { TokenUser } from '../api/access';
import type { Authority } from '../certificates';
import { startGuarded, type Guarded } from './guarded';

export interface RealApi {
  readonly url: string;
  readonly port: number;
  readonly caPem: string;
  /** Stores objects of custom resources at once, without asking anybody; `resource` is the plural. They must be in the version that is stored. */
  store(group: string, resource: string, objects: Iterable<KubeObject>): Promise<void>;
  /** Makes etcd forget all but the present, so that list pages and watches from before are refused. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no real API server here; undefined when there is one. */
export function whyNoRealApi(assets = process.env['KUBEBUILDER_ASSETS']): string | undefined {
  if (assets === undefined || assets === '') {
    return 'KUBEBUILDER_ASSETS is not set';
  }
  const missing = ['etcd', 'kube-apiserver'].filter((name) => !existsSync(path.join(assets, name)));
  return missing.length === 0 ? undefined : `KUBEBUILDER_ASSETS has no ${missing.join(' and no ')}`;
}

/** First answer of a cold server, two busy cores. */
const readyTimeoutMs = 120_000;

/** `etcd` and `kube-apiserver` of `KUBEBUILDER_ASSETS` on loopback. @throws Error when they are missing or do not get ready */
export async function startRealApi(options: { port?: number; users: readonly TokenUser[]; authority: Authority; assets?: string; flags?: readonly string[] }): Promise<RealApi> {
  const assets = options.assets ?? process.env['KUBEBUILDER_ASSETS'] ?? '';
  const why = whyNoRealApi(assets);
  if (why !== undefined) {
    throw new Error(`No real API server: ${why}. Run "npm run kube" or set KUBEBUILDER_ASSETS to a folder with etcd and kube-apiserver.`);
  }
  const home = await mkdtemp(path.join(tmpdir(), 'embedded-kube-'));
  const write = async (name: string, text: string) => {
    await writeFile(path.join(home, name), text, { mode: 0o600 });
    return path.join(home, name);
  };
  const [etcdPort, peerPort, port] = await Promise.all([freePort(), freePort(), options.port || freePort()]);
  const etcdUrl = `http://127.0.0.1:${etcdPort}`;
  const url = `https://127.0.0.1:${port}`;
  const apiArgs = await apiArguments(write, { etcdUrl, port, home, users: options.users, authority: options.authority });
  const programs: Guarded[] = [
    startGuarded(path.join(assets, 'etcd'), [
      '--data-dir', path.join(home, 'etcd'), '--unsafe-no-fsync', '--logger=zap', '--log-level=warn',
      `--listen-client-urls=${etcdUrl}`, `--advertise-client-urls=${etcdUrl}`, `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    ], { logFile: path.join(home, 'etcd.log'), folder: home }),
    startGuarded(path.join(assets, 'kube-apiserver'), [...apiArgs, ...options.flags ?? []], { logFile: path.join(home, 'kube-apiserver.log') }),
  ];
  const stop = async () => {
    for (const program of programs.toReversed()) {
      await program.stop();
    }
  };
  try {
    await Promise.race([ready(url, options.authority.caPem, options.users[0]!.token), ...programs.map((program) => program.failed)]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, port, caPem: options.authority.caPem, store: (group, resource, objects) => store(etcdUrl, group, resource, objects), compact: () => compact(etcdUrl), stop };
}

async function apiArguments(write: (name: string, text: string) => Promise<string>, options: { etcdUrl: string; port: number; home: string; users: readonly TokenUser[]; authority: Authority }): Promise<string[]> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const serving = await options.authority.server(['127.0.0.1', 'localhost', 'kubernetes.default.svc']);
  const quoted = (groups: readonly string[]) => `"${groups.join(',')}"`;
  return [
    `--etcd-servers=${options.etcdUrl}`, `--secure-port=${options.port}`, '--bind-address=127.0.0.1', `--cert-dir=${path.join(options.home, 'certificates')}`,
    `--tls-cert-file=${await write('server.crt', serving.certPem)}`, `--tls-private-key-file=${await write('server.key', serving.keyPem)}`,
    `--client-ca-file=${await write('ca.crt', options.authority.caPem)}`,
    `--token-auth-file=${await write('tokens.csv', options.users.map((user) => `${user.token},${user.name},${user.name},${quoted(user.groups)}\n`).join(''))}`,
    `--service-account-signing-key-file=${await write('accounts.key', privateKey.export({ type: 'pkcs1', format: 'pem' }) as string)}`,
    `--service-account-key-file=${await write('accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }) as string)}`,
    '--service-account-issuer=https://kubernetes.default.svc', '--service-cluster-ip-range=10.0.0.0/24',
    // Pods of the world have no service accounts: nobody runs the controller that makes them.
    '--authorization-mode=RBAC', '--allow-privileged=true', '--disable-admission-plugins=ServiceAccount',
  ];
}

async function ready(url: string, caPem: string, token: string): Promise<void> {
  const client = adminClient({ url, caPem, token });
  const deadlineMs = Date.now() + readyTimeoutMs;
  try {
    for (;;) {
      const answer = await client.ask('GET', '/readyz').catch(() => undefined);
      if (answer?.code === 200) {
        return;
      }
      if (Date.now() > deadlineMs) {
        throw new Error(`kube-apiserver is not ready after ${readyTimeoutMs / 1000} s: ${answer?.text ?? 'no answer'}`);
      }
      await sleep(systemClock, 100);
    }
  } finally {
    client.close();
  }
}

/** Operations of one transaction; etcd takes no more than 128. */
const transactionSize = 100;

async function store(etcdUrl: string, group: string, resource: string, objects: Iterable<KubeObject>): Promise<void> {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const all = [...objects];
  for (let at = 0; at < all.length; at += transactionSize) {
    await askEtcd(etcdUrl, '/v3/kv/txn', { success: all.slice(at, at + transactionSize).map((object) => {
      const { name, namespace } = object.metadata;
      return { requestPut: { key: base64(['/registry', group, resource, ...(namespace === undefined ? [] : [namespace]), name].join('/')), value: base64(JSON.stringify(object)) } };
    }) });
  }
}

/** At the present revision, which any read tells. */
async function compact(etcdUrl: string): Promise<void> {
  const { header } = await askEtcd(etcdUrl, '/v3/kv/range', { key: Buffer.from('compact').toString('base64') });
  await askEtcd(etcdUrl, '/v3/kv/compaction', { revision: header.revision, physical: true });
}

/** Through etcd's JSON gateway. @throws Error with its answer when it refuses */
async function askEtcd(etcdUrl: string, path: string, body: object): Promise<{ readonly header: { readonly revision: string } }> {
  const response = await fetch(`${etcdUrl}${path}`, { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) {
    throw new Error(`etcd answered ${response.status}: ${await response.text()}`);
  }
  return await response.json() as { header: { revision: string } };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
