import { readFile } from 'node:fs/promises';

/** How the user `token` of an embedded cluster, who may do everything, asks it without our client. */
export interface Access { readonly token: string; readonly ca: string }

/** Reads it from the kubeconfig that the cluster has written. */
export async function accessTo(kubeconfig: string): Promise<Access> {
  const text = await readFile(kubeconfig, 'utf8');
  const { users, clusters } = JSON.parse(text.slice(text.indexOf('\n'))) as {
    readonly users: readonly { readonly name: string; readonly user: { readonly token?: string } }[];
    readonly clusters: readonly { readonly cluster: { readonly 'certificate-authority-data': string } }[];
  };
  const token = users.find(({ name }) => name === 'token')?.user.token;
  const [first] = clusters;
  if (token === undefined || !first) {
    throw new Error('The kubeconfig has no user "token".');
  }
  return { token, ca: Buffer.from(first.cluster['certificate-authority-data'], 'base64').toString() };
}

/** A stream of a machine. */
export function streamUrl(port: number, machine: string, stream: 'console' | 'vnc', namespace = 'billing'): string {
  return `wss://127.0.0.1:${port}/apis/subresources.virtualization.deckhouse.io/v1alpha2/namespaces/${namespace}/virtualmachines/${machine}/${stream}`;
}
