import path from 'node:path';
import { t } from '@vscode/l10n';
import type { Uri } from 'vscode';
import { kubeConfigSources } from '../../cluster/kubeConfig';
import { loginEnvironment } from '../../cluster/loginShell';
import { findProgram } from '../../cluster/program';
import type { Helper } from '../../cluster/sshHelper';
import { installHelper, proxyCommand } from '../../cluster/sshHelper';
import { systemClock } from '../../base/timing';
import { hostKeyAlias, hostName, type SshLogin, type SshMachine } from '../../domain/sshLogin';
import type { Clusters } from '../clusters';
import type { Memory } from '../memory';
import type { PluginPolicy } from '../pluginPolicy';
import type { Report } from '../report';
import { UserError } from '../report';
import { setting } from '../settings';
import { find, type Target } from '../target';

export interface SshOptions {
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly policy: PluginPolicy;
  readonly report: Report;
  readonly extensionUri: Uri;
  /** A folder of the extension that outlives its versions. */
  readonly storageUri: Uri;
}

/** A machine with all that ssh needs to reach it. */
export interface SshPath {
  readonly machine: SshMachine;
  readonly helper: Helper;
  /** The name that ssh is given. */
  readonly host: string;
  readonly proxyCommand: string;
}

/** Prepares the way of ssh to a machine. `isKept`: it is written down, so what is allowed only until restart does not count. */
export async function pathTo(target: Target, { isKept }: { readonly isKept: boolean }, { clusters, memory, policy, extensionUri, storageUri }: SshOptions): Promise<SshPath> {
  const { object, session } = find(target, clusters);
  const { context } = session;
  const { namespace = '', name, uid = '' } = object.metadata;
  const { policy: programs, always, once } = policy.allowed;
  const helper = await installHelper({
    source: path.join(extensionUri.fsPath, 'dist', 'dvp-tunnel.cjs'), folder: path.join(storageUri.fsPath, 'ssh'), execPath: process.execPath, platform: process.platform,
    plugins: { policy: programs, allowed: always },
  });
  const machine = { context: context.name === context.id ? context.name : context.id, namespace, name, uid };
  const sources = kubeConfigSources({ setting: setting('kubeconfig'), picked: memory.get('kubeconfigs') });
  return { machine, helper, host: hostName(machine), proxyCommand: proxyCommand(helper, process.platform, { context, sources, namespace, name, uid, allowed: isKept || programs !== 'ask' ? [] : once }) };
}

/** Options for ssh, scp and sftp alike, each an argument of its own. */
export function sshOptions({ machine, proxyCommand: command }: SshPath, { user, key }: SshLogin): readonly string[] {
  return [
    '-o', `ProxyCommand=${command}`, '-o', `HostKeyAlias=${hostKeyAlias(machine)}`, '-o', `User=${user}`,
    // ssh expands percent signs in names of keys.
    ...(key === undefined ? [] : ['-i', key.replaceAll('%', '%%'), '-o', 'IdentitiesOnly=yes']),
  ];
}

/** The path of one of ssh's programs. */
export async function sshProgram(name: 'ssh' | 'scp' | 'sftp'): Promise<string> {
  const found = await findProgram(name, process.env) ?? await findProgram(name, await loginEnvironment(process.env, systemClock));
  if (!found) {
    throw new UserError(t('There is no program "{0}" on the computer where this window works. Install the OpenSSH client, then try again.', name));
  }
  return found;
}
