import { writeFile } from 'node:fs/promises';
import { type FaultProxy, startFaultProxy } from '../cluster/faults/proxy';
import { type Cluster, type ClusterOptions, startCluster } from '../cluster/start';

export type ClusterBehindProxy = Cluster & { readonly proxy: FaultProxy };

/** A cluster in this process whose connections can be cut and changed; its only context is called `states` and has all rights. */
export async function startBehindProxy(kubeconfig: string, options: ClusterOptions): Promise<ClusterBehindProxy> {
  const cluster = await startCluster(options);
  const proxy = await startFaultProxy({ target: cluster, certificate: await cluster.authority.server(['127.0.0.1']) });
  await writeFile(kubeconfig, JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': 'states',
    clusters: [{ name: 'states', cluster: { server: proxy.url, 'certificate-authority-data': Buffer.from(cluster.caPem).toString('base64') } }],
    users: [{ name: 'states', user: { token: cluster.users.admin.token } }],
    contexts: [{ name: 'states', context: { cluster: 'states', user: 'states', namespace: 'billing' } }],
  }), { mode: 0o600 });
  return {
    ...cluster, proxy,
    stop: async () => {
      await proxy.stop();
      await cluster.stop();
    },
  };
}
