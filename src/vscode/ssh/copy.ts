import { access } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { t } from '@vscode/l10n';
import { CancellationError, ProgressLocation, type Terminal, Uri, window } from 'vscode';
import { remotelyThere } from '../../cluster/sftpLook';
import { scpMode } from '../../cluster/sshVersion';
import { remotePathProblem } from '../../domain/sshLogin';
import { scpSource } from '../../domain/sshWords';
import { UserError } from '../report';
import { contextSettings } from '../settings';
import { find, type Target } from '../target';
import { pathTo, type SshOptions, sshOptions, sshProgram } from './connection';
import { loginFor } from './login';
import { runInTerminal } from './terminal';

/** Copies files or folders of this computer to a machine, asking before it replaces what is there. */
export async function upload(target: Target, options: SshOptions): Promise<void> {
  const { context } = find(target, options.clusters).session;
  if (contextSettings(context.name).readOnly) {
    throw new UserError(t('The context "{0}" is read-only: nothing is written to its machines from here.', context.name), [{ title: t('Open settings'), command: 'dvp.settings.open' }]);
  }
  const files = await chooseLocal(target);
  const folder = await askPath(t('Upload to "{0}"', target.name), t('Folder in the guest; "." is the home folder of the user'), '.');
  const names = files.map((file) => path.basename(file));
  await copy(target, options, {
    name: t('Upload to {0}', target.name),
    agree: async (sftp) => {
      const taken = await remotelyThere(sftp, folder, names);
      return taken?.length === 0 ? true : options.report.confirm(
        taken ? t('Replace on "{0}"?', target.name) : t('Upload to "{0}"?', target.name),
        taken ? taken.join('\n') : t('It could not be found out whether these names are taken there. What is there is replaced:\n\n{0}', names.join('\n')),
        taken ? t('Replace') : t('Upload'),
      );
    },
    paths: (remote) => [...files, remote(folder, false)],
  });
}

/** Copies a file or folder of a machine to this computer, asking before it replaces what is there. */
export async function download(target: Target, options: SshOptions): Promise<void> {
  const from = await askPath(t('Download from "{0}"', target.name), t('File or folder in the guest; without "/" in front it is looked for in the home folder'), '');
  const [folder] = await window.showOpenDialog({ title: t('Where to put it'), openLabel: t('Download here'), canSelectFiles: false, canSelectFolders: true, defaultUri: Uri.file(homedir()) }) ?? [];
  if (!folder) {
    throw new CancellationError();
  }
  const local = path.join(folder.fsPath, path.posix.basename(from));
  await copy(target, options, {
    name: t('Download from {0}', target.name),
    agree: async () => !await isThere(local) || options.report.confirm(t('Replace "{0}"?', path.basename(local)), local, t('Replace')),
    paths: (remote) => [remote(from, true), folder.fsPath],
  });
}

interface Copy {
  readonly name: string;
  readonly agree: (sftp: readonly string[]) => Promise<boolean>;
  /** Sources, then the destination; `remote` writes a path of the machine as scp takes it. */
  readonly paths: (remote: (path: string, isSource: boolean) => string) => readonly string[];
}

async function copy(target: Target, options: SshOptions, { name, agree, paths }: Copy): Promise<void> {
  const [scp, ssh] = await Promise.all([sshProgram('scp'), sshProgram('ssh')]);
  const login = await loginFor(target, options.memory);
  const way = await pathTo(target, { isKept: false }, options);
  const mode = await scpMode(ssh);
  const remote = (text: string, isSource: boolean) => {
    if (mode === 'shell' && !/^[\w@%+=:,./~-]+$/.test(text)) {
      throw new UserError(t('The ssh of this computer is too old for the path "{0}": only letters, digits and simple signs are safe with it. Install OpenSSH 8.7 or newer.', text));
    }
    return `${way.host}:${mode === 'sftp' && isSource ? scpSource(text) : text}`;
  };
  const common = sshOptions(way, login);
  const command = [scp, '-r', ...(mode === 'sftp' ? ['-s'] : []), ...common, '--', ...paths(remote)];
  if (!await agree([await sshProgram('sftp'), '-b', '-', ...common, '-o', 'BatchMode=yes', way.host])) {
    throw new CancellationError();
  }
  const terminal = runInTerminal({ name, icon: 'copy', program: way.helper.program, command, say: t('The copy failed. What is above says why. Press any key to close.') });
  terminal.show(true);
  await window.withProgress({ location: ProgressLocation.Notification, title: name, cancellable: true }, async (_, token) => {
    // Ending the terminal ends scp and its connection.
    token.onCancellationRequested(() => terminal.dispose());
    await closed(terminal);
  });
}

function closed(terminal: Terminal): Promise<void> {
  return new Promise((resolve) => {
    const listener = window.onDidCloseTerminal((one) => {
      if (one === terminal) {
        listener.dispose();
        resolve();
      }
    });
  });
}

async function chooseLocal({ name }: Target): Promise<readonly string[]> {
  const isFolder = await window.showQuickPick([{ label: t('Files'), isFolder: false }, { label: t('A folder'), isFolder: true }], { title: t('Upload to "{0}"', name), placeHolder: t('What to upload') });
  if (!isFolder) {
    throw new CancellationError();
  }
  const chosen = await window.showOpenDialog({ title: t('Upload to "{0}"', name), openLabel: t('Upload'), canSelectMany: true, canSelectFiles: !isFolder.isFolder, canSelectFolders: isFolder.isFolder });
  if (!chosen?.length) {
    throw new CancellationError();
  }
  return chosen.map(({ fsPath }) => fsPath);
}

async function askPath(title: string, prompt: string, value: string): Promise<string> {
  const text = await window.showInputBox({ title, prompt, value, ignoreFocusOut: true, validateInput: (typed) => remotePathProblem(typed) });
  if (text === undefined) {
    throw new CancellationError();
  }
  return text.trim();
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}
