import { spawn } from 'node:child_process';
import path from 'node:path';
import { systemClock } from '../base/timing';
import { sftpWord } from '../domain/sshWords';
import { endProgram } from './program';

/** Asking must not keep the user waiting for long. */
const timeoutMs = 15_000;

/**
 * Which of these names a folder on the other side has; `undefined` when that cannot be found out. `command`: sftp with its arguments,
 * reading a batch from standard input.
 */
export function remotelyThere([file = '', ...args]: readonly string[], folder: string, names: readonly string[]): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'ignore'], shell: false, windowsHide: true, detached: process.platform !== 'win32' });
    let output = '';
    const end = (isKnown: boolean) => {
      timer.dispose();
      endProgram(child);
      resolve(isKnown ? namesIn(output, names) : undefined);
    };
    const timer = systemClock.after(timeoutMs, () => end(false));
    child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
    child.stdin.on('error', () => undefined);
    child.once('error', () => end(false)).once('close', (code) => end(code === 0));
    child.stdin.end(`ls -1a ${sftpWord(folder)}\n`);
  });
}

/** The output of `ls -1a`: the command itself, then a path for each name. */
function namesIn(output: string, names: readonly string[]): readonly string[] {
  const listed = new Set(output.split(/\r?\n/).filter((line) => !line.startsWith('sftp> ')).map((line) => path.posix.basename(line)));
  return names.filter((name) => listed.has(name));
}
