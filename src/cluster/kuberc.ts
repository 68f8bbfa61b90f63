import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { isRecord } from '../domain/kubeObject';
import { textOf } from './kubeConfigFile';

/** What a user's kuberc says about credential plugins (Kubernetes 1.35): `undefined` policy when it says nothing. */
export interface PluginRules {
  readonly policy: 'AllowAll' | 'DenyAll' | 'Allowlist' | undefined;
  /** Programs by full path, or by name as found through `PATH`. */
  readonly allowed: readonly string[];
}

const none: PluginRules = { policy: undefined, allowed: [] };

/**
 * Reads `KUBERC` or `~/.kube/kuberc`. A file that is missing or switched off says nothing; one that cannot be understood
 * denies all, since it may have meant to.
 */
export async function pluginRules(env: NodeJS.ProcessEnv, home = homedir()): Promise<PluginRules> {
  const named = env['KUBERC'];
  if (named === 'off') {
    return none;
  }
  let text: string;
  try {
    text = await readFile(named || path.join(home, '.kube', 'kuberc'), 'utf8');
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '') ? none : { policy: 'DenyAll', allowed: [] };
  }
  try {
    const root: unknown = parse(text, { logLevel: 'error' }) ?? {};
    const policy = isRecord(root) ? root['credentialPluginPolicy'] ?? '' : undefined;
    const list = isRecord(root) ? root['credentialPluginAllowlist'] ?? [] : undefined;
    const isKnown = policy === '' || policy === 'AllowAll' || policy === 'DenyAll' || policy === 'Allowlist';
    if (isKnown && Array.isArray(list)) {
      return { policy: policy === '' ? undefined : policy, allowed: list.filter(isRecord).flatMap((entry) => textOf(entry, 'name') ?? textOf(entry, 'command') ?? []) };
    }
  } catch {
    // Not YAML: falls through.
  }
  return { policy: 'DenyAll', allowed: [] };
}

/** Whether the rules allow the program `file`, an absolute path; `undefined`: they leave it to the user. `find` resolves a name through `PATH`. */
export async function isAllowed(rules: PluginRules, file: string, find: (name: string) => Promise<string | undefined>): Promise<boolean | undefined> {
  switch (rules.policy) {
    case undefined: return undefined;
    case 'AllowAll': return true;
    case 'DenyAll': return false;
    case 'Allowlist': {
      const files = await Promise.all(rules.allowed.map(async (name) => (path.isAbsolute(name) ? path.normalize(name) : find(name))));
      return files.includes(file);
    }
  }
}
