import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ClusterUser, UserName } from './users';

/** First line of every kubeconfig that we write: by it we know our own. JSON follows, which is YAML. */
const marker = '# Written by the embedded cluster of Deckhouse Virtualization; overwritten at every start.';

export interface Connection { readonly url: string; readonly caPem: string }

/** The text of a kubeconfig with a context for each of `users`; the first is the current one. */
export function kubeconfigText(connection: Connection, users: readonly ClusterUser[], options: { namespace: string; tokenFiles: Readonly<Record<string, string>> }): string {
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  return `${marker}\n${JSON.stringify({
    apiVersion: 'v1', kind: 'Config', 'current-context': users[0]?.name,
    clusters: [{ name: 'embedded', cluster: { server: connection.url, 'certificate-authority-data': base64(connection.caPem) } }],
    users: users.map((user) => ({ name: user.name, user: credentialsOf(user, options.tokenFiles, base64) })),
    contexts: users.map(({ name }) => ({ name, context: { cluster: 'embedded', user: name, namespace: options.namespace } })),
  }, null, 2)}\n`;
}

function credentialsOf(user: ClusterUser, tokenFiles: Readonly<Record<string, string>>, base64: (text: string) => string): object {
  if (user.certificate) {
    return { 'client-certificate-data': base64(user.certificate.certPem), 'client-key-data': base64(user.certificate.keyPem) };
  }
  if (user.name === 'exec') {
    return { exec: {
      apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [path.join(import.meta.dirname, 'execPlugin.mjs'), tokenFiles['exec']],
      interactiveMode: 'Never', provideClusterInfo: false,
    } };
  }
  return { token: user.token };
}

/** @throws Error when there is a file that we did not write */
export async function writeKubeconfig(file: string, text: string): Promise<void> {
  await refuseForeign(file);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, text, { mode: 0o600 });
  // The mode above is only for new files.
  await chmod(file, 0o600);
}

/** @throws Error when `file` exists and is not one of ours */
export async function refuseForeign(file: string): Promise<void> {
  const before = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (before !== undefined && !before.startsWith(marker)) {
    throw new Error(`"${file}" exists and was not written by the embedded cluster. Name another file or remove it.`);
  }
}

export type KubeconfigPaths = Readonly<Record<UserName | 'all', string>>;
