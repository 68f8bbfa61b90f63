import { createHmac, randomBytes } from 'node:crypto';
import { homedir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import type { Problem } from '../domain/problem';
import type { KubeConfigFile } from './kubeConfigFile';
import { problem, readKubeConfigFile, textOf } from './kubeConfigFile';

export { connect } from './connection';

/** Files that are read together as kubectl reads `KUBECONFIG`: of equal names the first wins. */
export interface KubeConfigSource {
  readonly files: readonly string[];
  /** Nobody named these files: that they are missing is no problem. */
  readonly isDefault?: boolean;
}

/** One context as it may be shown and logged: no secrets in it. */
export interface ContextRef {
  /** Unique among all contexts and stable while the files keep their names; the name where that is unique. */
  readonly id: string;
  readonly name: string;
  /** Name of the cluster entry. */
  readonly cluster: string;
  /** Address of the API server, without a user's name or password; empty when `problem` says why there is none. */
  readonly server: string;
  /** Name of the user entry; empty for anonymous. */
  readonly user: string;
  /** What the context names, else `default`. */
  readonly namespace: string;
  /** The file that holds the context, absolute. */
  readonly file: string;
  readonly clusterFile: string;
  readonly userFile: string;
  /** `current-context` of its source. */
  readonly isCurrent: boolean;
  /** Another context of this name exists: show the file too. */
  readonly hasNamesake: boolean;
  /** The server's certificate is not verified: show a warning. */
  readonly isInsecure: boolean;
  /** The user's credentials come from a program that the kubeconfig names (`exec`). */
  readonly runsProgram: boolean;
  /** Changes whenever anything in the entries of context, cluster or user changes. */
  readonly revision: string;
  /** Why it cannot be connected. */
  readonly problem?: Problem;
}

export interface KubeConfig {
  readonly contexts: readonly ContextRef[];
  readonly problems: readonly Problem[];
  /** Files that are there and cannot be understood, perhaps because they are just being written. */
  readonly brokenFiles: readonly string[];
}

/**
 * Where kubeconfigs are looked for: `setting` (a list as in `KUBECONFIG`) replaces the environment, as `--kubeconfig` does for kubectl;
 * the files that the user picked come in addition.
 */
export function kubeConfigSources(from: { readonly setting?: string | undefined; readonly picked?: readonly string[]; readonly env?: NodeJS.ProcessEnv; readonly home?: string }): KubeConfigSource[] {
  const home = from.home ?? homedir();
  const chosen = from.setting?.trim() || (from.env ?? process.env)['KUBECONFIG'];
  const files = (chosen ?? '').split(path.delimiter).map((file) => file.trim()).filter((file) => file !== '').map((file) => absolute(file, home));
  const first: KubeConfigSource = files.length > 0 ? { files } : { files: [path.join(home, '.kube', 'config')], isDefault: true };
  return [first, ...(from.picked ?? []).map((file) => ({ files: [absolute(file, home)] }))];
}

/** Reads all sources. Never throws: a file or entry that is of no use becomes a problem, the others stay. */
export async function loadKubeConfig(sources: readonly KubeConfigSource[]): Promise<KubeConfig> {
  const seen = new Set<string>();
  const contexts: ContextRef[] = [];
  const problems: Problem[] = [];
  const brokenFiles: string[] = [];
  for (const source of sources) {
    const fresh = source.files.filter((file) => !seen.has(file) && seen.add(file));
    const files = await Promise.all(fresh.map(readKubeConfigFile));
    problems.push(...files.flatMap((file) => (source.isDefault && file.isMissing ? [] : file.problems)));
    brokenFiles.push(...files.filter(({ isMissing, contexts: { size }, problems: { length } }) => !isMissing && size === 0 && length > 0).map((file) => file.path));
    contexts.push(...contextsOf(files, problems));
  }
  return { contexts: withIds(contexts), problems, brokenFiles };
}

/** Contexts of files that are merged. A context whose name an earlier file has taken is found through its own file first. */
function contextsOf(files: readonly KubeConfigFile[], problems: Problem[]): ContextRef[] {
  const current = files.find((file) => file.currentContext !== undefined)?.currentContext;
  const taken = new Set<string>();
  const found: ContextRef[] = [];
  for (const file of files) {
    for (const [name, entry] of file.contexts) {
      const order = taken.has(name) ? [file, ...files] : files;
      found.push(contextRef(name, entry, file, order, name === current && !taken.has(name)));
    }
    for (const name of file.contexts.keys()) {
      taken.add(name);
    }
  }
  if (current !== undefined && !taken.has(current)) {
    const file = files.find((candidate) => candidate.currentContext === current);
    problems.push(problem(t('The current context "{0}" of "{1}" does not exist.', current, file?.path ?? ''), t('Choose another context, or correct "current-context".')));
  }
  return found;
}

function contextRef(name: string, entry: Readonly<Record<string, unknown>>, file: KubeConfigFile, order: readonly KubeConfigFile[], isCurrent: boolean): ContextRef {
  const cluster = textOf(entry, 'cluster') ?? '';
  const user = textOf(entry, 'user') ?? '';
  const clusterFile = order.find((candidate) => candidate.clusters.has(cluster));
  const userFile = order.find((candidate) => candidate.users.has(user));
  const clusterEntry = clusterFile?.clusters.get(cluster);
  const userEntry = userFile?.users.get(user);
  const server = clusterEntry && serverOf(textOf(clusterEntry, 'server'));
  const wrong = contextProblem(name, file.path, { cluster, found: clusterEntry !== undefined, server }, { user, found: user === '' || userEntry !== undefined });
  return {
    id: name, name, cluster, server: server ?? '', user, isCurrent,
    namespace: textOf(entry, 'namespace') ?? 'default',
    file: file.path, clusterFile: clusterFile?.path ?? file.path, userFile: userFile?.path ?? file.path,
    hasNamesake: false,
    isInsecure: clusterEntry?.['insecure-skip-tls-verify'] === true,
    runsProgram: userEntry?.['exec'] !== undefined && userEntry['exec'] !== null,
    revision: revisionOf([entry, clusterEntry, userEntry, clusterFile?.path, userFile?.path]),
    ...(wrong && { problem: wrong }),
  };
}

function contextProblem(
  name: string, file: string, { cluster, found, server }: { cluster: string; found: boolean; server: string | undefined }, user: { user: string; found: boolean },
): Problem | undefined {
  const hint = t('Correct the kubeconfig "{0}".', file);
  if (!found) {
    return problem(cluster === '' ? t('The context "{0}" names no cluster.', name) : t('The context "{0}" names the cluster "{1}", which does not exist.', name, cluster), hint);
  }
  if (server === undefined) {
    return problem(t('The cluster "{0}" of the context "{1}" has no valid "server" address.', cluster, name), hint);
  }
  return user.found ? undefined : problem(t('The context "{0}" names the user "{1}", who does not exist.', name, user.user), hint);
}

/** The address as it may be shown; `undefined` when it is none. kubectl takes a bare `host:port` for http. */
function serverOf(text: string | undefined): string | undefined {
  const full = text === undefined || /^https?:\/\//i.test(text) ? text : text.includes('://') ? undefined : `http://${text}`;
  if (full === undefined || !URL.canParse(full)) {
    return undefined;
  }
  const url = new URL(full);
  url.username = url.password = url.search = url.hash = '';
  return url.href.replace(/\/$/, '');
}

function withIds(contexts: readonly ContextRef[]): ContextRef[] {
  const counts = new Map<string, number>();
  for (const { name } of contexts) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const taken = new Set<string>();
  return contexts.map((context) => {
    const id = taken.has(context.name) ? `${context.name} (${context.file})` : context.name;
    taken.add(context.name);
    return { ...context, id, hasNamesake: (counts.get(context.name) ?? 0) > 1 };
  });
}

/** Keyed, so that it says nothing about the secrets it was made of. */
const revisionKey = randomBytes(32);

function revisionOf(entries: readonly unknown[]): string {
  return createHmac('sha256', revisionKey).update(JSON.stringify(entries) ?? '').digest('hex').slice(0, 16);
}

function absolute(file: string, home: string): string {
  return path.resolve(file === '~' || file.startsWith('~/') || file.startsWith('~\\') ? path.join(home, file.slice(1)) : file);
}
