import type { Cluster, User } from '@kubernetes/client-node/dist/config_types.js';
import { isRecord } from '../domain/kubeObject';
import { textOf } from './kubeConfigFile';

type Entry = Readonly<Record<string, unknown>>;

/** One cluster as the field's own client reads it, with what its type leaves out. Its paths are still relative. */
export interface ClusterEntry extends Cluster {
  readonly extensions: readonly Entry[];
}

/** One user as the field's own client reads it, with what its type leaves out. Secret; its paths are still relative. */
export interface UserEntry extends User {
  readonly tokenFile: string | undefined;
  readonly impersonateUid: string | undefined;
  readonly impersonateGroups: readonly string[];
  readonly impersonateExtra: Entry;
}

const clusterTexts = ['server', 'certificate-authority', 'certificate-authority-data', 'tls-server-name', 'proxy-url'];
const userTexts = ['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'username', 'password', 'as'];

/** The entry of the cluster `name`. Throws when it names no server. */
export async function clusterEntry(name: string, entry: Entry): Promise<ClusterEntry> {
  const { newClusters } = await client();
  const { 'insecure-skip-tls-verify': skip } = entry;
  const [cluster] = newClusters([{ name, cluster: { ...texts(entry, clusterTexts), 'insecure-skip-tls-verify': skip } }]) as [Cluster];
  return { ...cluster, extensions: Array.isArray(entry['extensions']) ? entry['extensions'].filter(isRecord) : [] };
}

/** The entry of the user `name`; anonymous has neither a name nor anything in it. */
export async function userEntry(name: string, entry: Entry): Promise<UserEntry> {
  const { newUsers } = await client();
  const [user] = newUsers([{ name: name || 'anonymous', user: { ...texts(entry, userTexts), exec: entry['exec'], 'auth-provider': entry['auth-provider'] } }]) as [User];
  return {
    ...user, tokenFile: textOf(entry, 'tokenFile'), impersonateUid: textOf(entry, 'as-uid'),
    impersonateGroups: Array.isArray(entry['as-groups']) ? entry['as-groups'].map(String) : [],
    impersonateExtra: isRecord(entry['as-user-extra']) ? entry['as-user-extra'] : {},
  };
}

/** Loaded with the first connection, and of the package this module alone: all of it would stop the editor for a third of a second. */
function client() {
  return import('@kubernetes/client-node/dist/config_types.js');
}

/** YAML makes numbers of unquoted texts; anything else is no text, and the client would pass it on as if it were. */
function texts(entry: Entry, fields: readonly string[]): Entry {
  return Object.fromEntries(fields.map((field) => [field, textOf(entry, field)]));
}
