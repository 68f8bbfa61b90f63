import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../src/base/timing';
import { adminClient, type AdminClient } from './adminClient';
import { startApi } from './api/server';
import type { ApiObject } from './api/model';
import { createAuthority, type Authority } from './certificates';
import { crdsOf, type Module } from './crds';
import { kubeconfigText, writeKubeconfig, type KubeconfigPaths } from './kubeconfig';
import { startRealApi } from './kube/realApi';
import { Population, untilServed } from './populate';
import { startPlatform } from './platform/index';
import { startQemu, type QemuOptions } from './platform/lower/qemu/hypervisor';
import { createUsers, rightsOf, type ClusterUser, type UserName } from './users';
import { world } from './world/index';

export interface ClusterOptions {
  /** `own`: the small server of `api/`; `real`: etcd and kube-apiserver of `KUBEBUILDER_ASSETS`. */
  readonly api?: 'own' | 'real';
  readonly module?: Module;
  readonly port?: number;
  /** How many machines there are beside the small company's. */
  readonly vms?: number;
  /** How many machines there are besides on two nodes that are drained. */
  readonly evacuating?: number;
  readonly seed?: number;
  /** What runs in machines that are started, and in those of the world that are made for it; default `simulated`. */
  readonly guest?: 'simulated' | 'qemu';
  /** For `guest: 'qemu'`. */
  readonly qemu?: QemuOptions;
  readonly world?: 'company' | 'empty';
  /** Whether controllers, webhooks and stream endpoints run; default true. */
  readonly platform?: boolean;
  /** As in `PlatformOptions`. */
  readonly hasProbe?: boolean;
  readonly subprotocols?: readonly string[];
  /** The API server's clock; only for `own`. */
  readonly clock?: Clock;
}

export interface Cluster {
  readonly url: string;
  readonly caPem: string;
  readonly users: Readonly<Record<UserName, ClusterUser>>;
  /** Kubeconfigs: one per user, and `all` with a context for each of them. Gone after `stop`. */
  readonly kubeconfigs: KubeconfigPaths;
  /** Where `editor` and `viewer` are at home. */
  readonly projects: readonly string[];
  /** A bare client with all rights. */
  readonly admin: AdminClient;
  readonly authority: Authority;
  /** Writes the kubeconfig with all contexts to `file`. @throws Error when a file is there that is not ours */
  writeKubeconfig(file: string): Promise<void>;
  /** Makes the API server forget list pages and watch history. */
  compact(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts an embedded cluster: an API server, the platform's kinds, a world of objects, and the platform. */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const module = options.module ?? '1.10';
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async () => {
    for (let next = stops.pop(); next; next = stops.pop()) {
      await next();
    }
  };
  try {
    // First, so that what is missing is said at once.
    const hypervisor = options.guest === 'qemu' && (options.platform ?? true) ? await startQemu(options.qemu) : undefined;
    if (hypervisor) {
      stops.push(() => hypervisor.dispose());
    }
    const authority = await createAuthority();
    const users = await createUsers(authority);
    const home = await mkdtemp(path.join(tmpdir(), 'embedded-cluster-'));
    stops.push(() => rm(home, { recursive: true, force: true }));
    const api = await startKubernetes(options, users, authority);
    stops.push(() => api.stop());
    const admin = adminClient({ url: api.url, caPem: api.caPem, token: users[0]!.token });
    stops.push(() => admin.close());

    const crds = await crdsOf(module);
    await admin.ask('POST', '/api/v1/namespaces', { body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'default' } } });
    await new Population(admin).create(crds);
    await untilServed(admin, crds);
    const objects = options.world === 'empty' ? [] : worldOf(options, module);
    const found = new Set<string>();
    if (api.seed) {
      await api.seed(noting(objects, found));
    } else {
      await new Population(admin).create([...noting(objects, found)]);
    }
    const projects = found.size === 0 ? ['default'] : [...found];
    await new Population(admin).create(rightsOf(projects));

    const tokenFiles = { exec: path.join(home, 'exec.token') };
    await writeFile(tokenFiles.exec, users.find((user) => user.name === 'exec')!.token, { mode: 0o600 });
    const text = (of: readonly ClusterUser[]) => kubeconfigText(api, of, { namespace: projects[0] ?? 'default', tokenFiles });
    const kubeconfigs = Object.fromEntries(await Promise.all([...users.map((user) => [user.name, [user]] as const), ['all', users] as const].map(async ([name, of]) => {
      const file = path.join(home, `${name}.kubeconfig`);
      await writeKubeconfig(file, text(of));
      return [name, file];
    }))) as KubeconfigPaths;

    if (options.platform ?? true) {
      const platform = await startPlatform({
        kubeconfig: kubeconfigs.admin, module, hasProbe: options.hasProbe ?? false,
        ...(options.subprotocols ? { subprotocols: options.subprotocols } : {}), ...(hypervisor ? { hypervisor } : {}),
      });
      stops.push(() => platform.stop());
    }
    return {
      url: api.url, caPem: api.caPem, kubeconfigs, projects, admin, authority,
      users: Object.fromEntries(users.map((user) => [user.name, user])) as Record<UserName, ClusterUser>,
      writeKubeconfig: (file) => writeKubeconfig(file, text(users)),
      compact: () => api.compact(),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface KubernetesHalf {
  readonly url: string;
  readonly caPem: string;
  compact(): Promise<void>;
  /** Stores a world at once; only where storage is ours. */
  readonly seed?: (objects: Iterable<ApiObject>) => Promise<void>;
  stop(): Promise<void>;
}

async function startKubernetes(options: ClusterOptions, users: readonly ClusterUser[], authority: Authority): Promise<KubernetesHalf> {
  const port = options.port ?? 0;
  if (options.api === 'real') {
    return await startRealApi({ port, users, authority });
  }
  const api = await startApi({ port, users, authority, ...(options.clock ? { clock: options.clock } : {}) });
  return { url: api.url, caPem: api.caPem, seed: (objects) => api.seed(objects), compact: () => Promise.resolve(api.compact()), stop: () => api.stop() };
}

function worldOf(options: ClusterOptions, module: Module): Iterable<ApiObject> {
  return world({ module, seed: options.seed ?? 1, vms: options.vms ?? 0, evacuating: options.evacuating ?? 0, nowMs: options.clock?.now() ?? Date.now() }) as Iterable<ApiObject>;
}

/** Notes the namespaces of people on the way: all but Kubernetes' and the platform's own. */
function* noting(objects: Iterable<ApiObject>, namespaces: Set<string>): Iterable<ApiObject> {
  for (const object of objects) {
    if (object.apiVersion === 'v1' && object.kind === 'Namespace' && !/^(kube-|d8-|default$)/.test(object.metadata.name)) {
      namespaces.add(object.metadata.name);
    }
    yield object;
  }
}
