import { homedir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { CancellationError, commands, extensions, Uri, window } from 'vscode';
import { readConfig, replaceConfig } from '../../cluster/configFile';
import { entriesIn, hostEntry, withEntry, withoutEntry } from '../../domain/sshConfig';
import { UserError } from '../report';
import type { Target } from '../target';
import { pathTo, type SshOptions } from './connection';
import { loginFor } from './login';

/** Editors' extensions that open a window over ssh. */
const remoteExtensions = ['ms-vscode-remote.remote-ssh', 'jeanp413.open-remote-ssh'];

const configFile = () => path.join(homedir(), '.ssh', 'config');

/** Writes a machine into the user's ssh configuration after showing the lines, then opens a window on it where the editor can. */
export async function connectRemote(target: Target, options: SshOptions): Promise<void> {
  const { report } = options;
  const login = await loginFor(target, options.memory);
  const way = await pathTo(target, { isKept: true }, options);
  const file = configFile();
  const before = await readConfig(file);
  const entry = hostEntry(way.machine, login, way.proxyCommand);
  const text = edited(() => withEntry(before, way.host, entry));
  if (text !== before) {
    const isAgreed = await report.confirm(
      entriesIn(before).includes(way.host) ? t('Replace the entry of "{0}" in "{1}"?', way.host, file) : t('Add "{0}" to "{1}"?', way.host, file),
      [t('These lines are written; everything else stays as it is:'), entry].join('\n\n'), t('Write'),
    );
    if (!isAgreed) {
      throw new CancellationError();
    }
    await write(file, before, text);
  }
  if (remoteExtensions.some((id) => extensions.getExtension(id))) {
    await commands.executeCommand('vscode.newWindow', { remoteAuthority: `ssh-remote+${way.host}`, reuseWindow: false });
  } else {
    await report.tell(t('"{0}" is in your ssh configuration now: "ssh {0}" works in any terminal. Install an extension such as "Remote - SSH" on this computer to open it in a window, and choose this host there.', way.host), { title: t('Show file'), run: () => commands.executeCommand('vscode.open', Uri.file(file)) });
  }
}

/** Takes entries of machines out of the user's ssh configuration. */
export async function removeHosts({ report }: SshOptions): Promise<void> {
  const file = configFile();
  const before = await readConfig(file);
  const hosts = entriesIn(before);
  if (hosts.length === 0) {
    throw new UserError(t('There is no entry of a machine in "{0}".', file));
  }
  const chosen = await window.showQuickPick(hosts.map((label) => ({ label })), { canPickMany: true, title: t('Remove SSH hosts'), placeHolder: t('Which entries to take out of "{0}"', file) });
  if (!chosen?.length) {
    throw new CancellationError();
  }
  const text = edited(() => chosen.reduce((rest, { label }) => withoutEntry(rest, label), before));
  if (await report.confirm(t('Remove entries from "{0}"?', file), chosen.map(({ label }) => label).join('\n'), t('Remove'))) {
    await write(file, before, text);
  }
}

async function write(file: string, before: string, text: string): Promise<void> {
  if (!await replaceConfig(file, before, text)) {
    throw new UserError(t('"{0}" was changed by somebody else meanwhile. Nothing was written; try again.', file));
  }
}

function edited(edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    throw new UserError(error instanceof Error ? error.message : String(error), [{ title: t('Show file'), command: 'vscode.open', arguments: [Uri.file(configFile())] }]);
  }
}
