import { userInfo } from 'node:os';
import path from 'node:path';
import type { Clock } from '../base/timing';
import { endProgram, startProgram } from './program';

const timeoutMs = 10_000;

/**
 * The environment that a user's programs expect: `env` with the `PATH` of the login shell before its own, because an editor started
 * from a desktop has not seen the shell's profile. A shell that fails or takes longer than 10 s changes nothing; Windows has none.
 */
export async function loginEnvironment(env: NodeJS.ProcessEnv, clock: Clock): Promise<NodeJS.ProcessEnv> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !/^(ELECTRON_|VSCODE_)/.test(name)));
  if (process.platform === 'win32') {
    return own;
  }
  const found = await shellPath(env['SHELL'] || ownShell() || '/bin/sh', own, clock).catch(() => undefined);
  const folders = [...(found ?? '').split(path.delimiter), ...(own['PATH'] ?? '').split(path.delimiter)].filter((folder) => folder !== '');
  return { ...own, PATH: [...new Set(folders)].join(path.delimiter) };
}

/** Of a user whom the system does not know, as in many containers, Node tells nothing and throws. */
function ownShell(): string | null {
  try {
    return userInfo().shell;
  } catch {
    return null;
  }
}

/** What `env` prints after the mark is the shell's environment; what the profile prints comes before it. */
const mark = '_shell_environment_';

function shellPath(shell: string, env: NodeJS.ProcessEnv, clock: Clock): Promise<string | undefined> {
  return new Promise((resolve) => {
    const flags = /^(t?csh)$/.test(path.basename(shell)) ? '-ic' : '-ilc';
    const child = startProgram(shell, [flags, `echo ${mark}; /usr/bin/env`], env);
    const output: Buffer[] = [];
    const end = () => {
      timer.dispose();
      endProgram(child);
      const text = Buffer.concat(output).toString('utf8');
      const at = text.indexOf(`${mark}\n`);
      resolve(at < 0 ? undefined : /^PATH=(.*)$/m.exec(text.slice(at))?.[1]);
    };
    const timer = clock.after(timeoutMs, end);
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.resume();
    child.once('error', end).once('close', end);
  });
}
