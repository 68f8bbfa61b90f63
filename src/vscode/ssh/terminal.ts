import { t } from '@vscode/l10n';
import { type Terminal, ThemeIcon, window } from 'vscode';
import type { Target } from '../target';
import { pathTo, type SshOptions, sshOptions, sshProgram } from './connection';
import { loginFor } from './login';

/** Opens a terminal with ssh to each machine. */
export async function openSsh(targets: readonly Target[], options: SshOptions): Promise<void> {
  for (const target of targets) {
    const file = await sshProgram('ssh');
    const login = await loginFor(target, options.memory);
    const path = await pathTo(target, { isKept: false }, options);
    const say = t('ssh has no connection; what is above says why. Check that "{0}" runs and has an SSH server, or choose another user or key with "Choose SSH user and key". Press any key to close.', target.name);
    // Any other code is that of the last command in the guest.
    runInTerminal({ name: `ssh ${target.name}`, icon: 'remote', program: path.helper.program, keep: '255', say, command: [file, ...sshOptions(path, login), path.host] }).show();
  }
}

export interface TerminalRun {
  readonly name: string;
  /** Codicon id. */
  readonly icon: string;
  /** `dvp-tunnel`, which runs the command. */
  readonly program: string;
  /** Exit codes, separated by commas, after which the terminal stays open; absent: all but 0. */
  readonly keep?: string;
  /** What is said then. */
  readonly say: string;
  /** A program and its arguments; no shell sees them. */
  readonly command: readonly string[];
}

/** A terminal in which a command runs and that stays open when it fails. */
export function runInTerminal({ name, icon, program, keep, say, command }: TerminalRun): Terminal {
  return window.createTerminal({
    name, iconPath: new ThemeIcon(icon), shellPath: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1' }, isTransient: true,
    shellArgs: [program, 'run', ...(keep === undefined ? [] : ['--keep', keep]), '--say', say, '--', ...command],
  });
}
