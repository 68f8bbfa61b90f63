import { readFile } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { parseDocument } from 'yaml';
import { isRecord } from '../domain/kubeObject';
import type { Problem } from '../domain/problem';

type Entry = Readonly<Record<string, unknown>>;

/** One kubeconfig file as it stands, its paths still relative. Entries hold secrets: never show or log them. */
export interface KubeConfigFile {
  readonly path: string;
  readonly currentContext: string | undefined;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly problems: readonly Problem[];
  /** There is no such file. */
  readonly isMissing: boolean;
}

/** A kubeconfig above this size is refused rather than parsed; real ones are some kilobytes. */
const maxSizeBytes = 16 * 1024 * 1024;

/** Reads one file. Never throws: what is wrong is in `problems`, what can be used is there all the same. */
export async function readKubeConfigFile(file: string): Promise<KubeConfigFile> {
  const empty = { path: file, currentContext: undefined, clusters: new Map(), users: new Map(), contexts: new Map(), isMissing: false };
  let text: string;
  try {
    const bytes = await readFile(file);
    if (bytes.length > maxSizeBytes) {
      return { ...empty, problems: [problem(t('"{0}" is too large for a kubeconfig.', file), t('Check that it is the right file.'))] };
    }
    text = bytes.toString('utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? { ...empty, isMissing: true, problems: [missing(file)] } : { ...empty, problems: [unreadable(file, code)] };
  }
  return { ...empty, ...parse(file, text) };
}

/** The text of an optional field; a number or boolean, which YAML makes of unquoted text, counts as its text. */
export function textOf(entry: Entry, field: string): string | undefined {
  const value = entry[field];
  return typeof value === 'string' ? value || undefined : typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** A problem of the kubeconfig itself: what is wrong, and what to do about it. */
export function problem(message: string, hint: string): Problem {
  return { reason: 'configuration', message, hint };
}

function parse(file: string, text: string): Partial<KubeConfigFile> & Pick<KubeConfigFile, 'problems'> {
  if (text.trim() === '') {
    return { problems: [problem(t('The kubeconfig "{0}" is empty.', file), t('Put the contexts of your clusters into it, or choose another file.'))] };
  }
  let root: unknown;
  try {
    // The parser's own messages quote the text around the error, which may be a token: only the place is told.
    const document = parseDocument(text, { prettyErrors: true, logLevel: 'silent', uniqueKeys: false });
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line ?? 1;
      return { problems: [problem(t('The kubeconfig "{0}" is not valid YAML: see line {1}.', file, line), t('Correct the file, or choose another one.'))] };
    }
    // Through JSON, so that anchors which contain themselves end here.
    root = JSON.parse(JSON.stringify(document.toJS() ?? null));
  } catch {
    return { problems: [problem(t('The kubeconfig "{0}" is not valid YAML.', file), t('Correct the file, or choose another one.'))] };
  }
  if (!isRecord(root)) {
    return { problems: [problem(t('"{0}" is not a kubeconfig.', file), t('Choose a file that has "clusters", "users" and "contexts".'))] };
  }
  const problems: Problem[] = [];
  return {
    currentContext: textOf(root, 'current-context'),
    clusters: entries(root, 'clusters', 'cluster', file, problems),
    users: entries(root, 'users', 'user', file, problems),
    contexts: entries(root, 'contexts', 'context', file, problems),
    problems,
  };
}

/** The named entries of one list, first of equal names; entries that are no such thing are told in `problems`. */
function entries(root: Entry, list: string, field: string, file: string, problems: Problem[]): ReadonlyMap<string, Entry> {
  const found = new Map<string, Entry>();
  const value = root[list] ?? [];
  if (!Array.isArray(value)) {
    problems.push(problem(t('"{0}" of the kubeconfig "{1}" is not a list.', list, file), t('Correct the file, or choose another one.')));
    return found;
  }
  for (const [index, item] of value.entries()) {
    const name = isRecord(item) ? textOf(item, 'name') : undefined;
    const entry: unknown = isRecord(item) ? item[field] ?? {} : undefined;
    if (name === undefined || !isRecord(entry)) {
      problems.push(problem(t('Entry {0} of "{1}" in the kubeconfig "{2}" has no "name" and "{3}".', index + 1, list, file, field), t('Correct the file, or choose another one.')));
    } else if (!found.has(name)) {
      found.set(name, entry);
    }
  }
  return found;
}

function missing(file: string): Problem {
  return problem(t('There is no kubeconfig at "{0}".', file), t('Choose another file, or create this one.'));
}

function unreadable(file: string, code: string | undefined): Problem {
  const message = code === 'EACCES' || code === 'EPERM' ? t('You may not read the kubeconfig "{0}".', file)
    : code === 'EISDIR' ? t('"{0}" is a folder, not a kubeconfig.', file)
    : t('The kubeconfig "{0}" could not be read ({1}).', file, code ?? '?');
  return problem(message, t('Check the file and its rights, or choose another one.'));
}
