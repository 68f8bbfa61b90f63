import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../../src/base/timing';
import { systemClock } from '../../../src/base/timing';
import { KubeApi } from '../../../src/cluster/api';
import { connect } from '../../../src/cluster/connection';
import { ExecPlugins } from '../../../src/cluster/execPlugin';
import type { ContextRef } from '../../../src/cluster/kubeConfig';
import { loadKubeConfig } from '../../../src/cluster/kubeConfig';
import { Session } from '../../../src/cluster/session';
import type { UserName } from '../../cluster/users';
import { startFaultProxy } from '../../cluster/faults/proxy';
import type { FaultProxy } from '../../cluster/faults/proxy';
import { whyNoRealApi } from '../../cluster/kube/realApi';
import { startCluster } from '../../cluster/start';
import type { Cluster } from '../../cluster/start';

/** A bare cluster behind a proxy that injects faults, and clients of it. Whatever it hands out ends with `stop`. */
export interface Site {
  readonly cluster: Cluster;
  readonly faults: FaultProxy;
  /** A folder that is removed at the end. */
  readonly home: string;
  /** A context of the user through the proxy; `cluster` and `user` replace fields of the entries. */
  context(user?: UserName, change?: { readonly cluster?: object; readonly user?: object; readonly context?: object }): Promise<ContextRef>;
  api(context: ContextRef, options?: { readonly clock?: Clock; readonly isReadOnly?: () => boolean; readonly env?: NodeJS.ProcessEnv; readonly plugins?: ExecPlugins; readonly connectTimeoutMs?: number }): KubeApi;
  session(context: ContextRef, options?: { readonly clock?: Clock; readonly namespaces?: () => readonly string[]; readonly log?: (message: string) => void }): Session;
  stop(): Promise<void>;
}

/** The Kubernetes halves that there are, and why the real one is left out. */
export const halves = [{ half: 'own', skip: undefined }, { half: 'real', skip: whyNoRealApi() }] as const;

export async function startSite(half: 'own' | 'real' = 'own', { world = 'empty' }: { readonly world?: 'company' | 'empty' } = {}): Promise<Site> {
  const cluster = await startCluster({ api: half, world, platform: false });
  const faults = await startFaultProxy({ target: cluster, certificate: await cluster.authority.server(['127.0.0.1', 'localhost']) });
  const home = await mkdtemp(path.join(tmpdir(), 'client-test-'));
  const owned: { dispose(): void }[] = [];
  const own = <T extends { dispose(): void }>(item: T): T => {
    owned.push(item);
    return item;
  };
  const allowAll = own(plugins({}));
  let files = 0;
  return {
    cluster, faults, home,
    context: async (user = 'token', change = {}) => {
      const file = path.join(home, `${files++}.kubeconfig`);
      await writeFile(file, JSON.stringify({
        apiVersion: 'v1', kind: 'Config', 'current-context': 'site',
        clusters: [{ name: 'site', cluster: { server: faults.url, 'certificate-authority-data': Buffer.from(cluster.authority.caPem).toString('base64'), ...change.cluster } }],
        users: [{ name: user, user: change.user ?? { token: cluster.users[user].token } }],
        contexts: [{ name: 'site', context: { cluster: 'site', user, ...change.context } }],
      }));
      const { contexts: [context] } = await loadKubeConfig([{ files: [file] }]);
      if (!context) {
        throw new Error('The kubeconfig has no context');
      }
      return context;
    },
    api: (context, options = {}) => {
      const { clock = systemClock, env = {}, isReadOnly, connectTimeoutMs } = options;
      const connection = connect(context, { plugins: options.plugins ?? allowAll, clock, env, ...(connectTimeoutMs !== undefined && { connectTimeoutMs }) });
      return own(new KubeApi({ connection, userAgent: 'test', clock, ...(isReadOnly && { isReadOnly }) }));
    },
    session: (context, { clock = systemClock, namespaces, log = () => undefined } = {}) => own(new Session({
      context, connection: connect(context, { plugins: allowAll, clock, env: {} }), userAgent: 'test', clock, log, random: () => 0, ...(namespaces && { namespaces }),
    })),
    stop: async () => {
      for (const item of owned.reverse()) {
        item.dispose();
      }
      await faults.stop();
      await cluster.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Credential plugins of which everything may run, in the test's own environment. */
export function plugins(options: { readonly clock?: Clock; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number; readonly mayRun?: (command: string, args: readonly string[]) => boolean; readonly log?: (message: string) => void }): ExecPlugins {
  const { clock = systemClock, env = { PATH: process.env['PATH'] }, mayRun = () => true, log = () => undefined, timeoutMs } = options;
  return new ExecPlugins({ clock, log, environment: () => Promise.resolve(env), mayRun: (command, args) => Promise.resolve(mayRun(command, args)), ...(timeoutMs !== undefined && { timeoutMs }) });
}
