import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** The file that a command means, searched in the `PATH` of `env`; `undefined` when there is none. Relative folders are not searched. */
export async function findProgram(command: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const isWindows = process.platform === 'win32';
  const variable = isWindows ? Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH' : 'PATH';
  const folders = path.isAbsolute(command) ? [''] : (env[variable] ?? '').split(path.delimiter).filter((folder) => path.isAbsolute(folder));
  const endings = isWindows ? ['', ...(env['PATHEXT'] ?? '.EXE;.CMD;.BAT').split(';')] : [''];
  for (const folder of folders) {
    for (const ending of endings) {
      const file = path.join(folder, command + ending);
      if (await isExecutable(file)) {
        return file;
      }
    }
  }
  return undefined;
}

/** Starts a program without a shell and without a terminal, as the head of a process group, so that it can be ended with all it started. */
export function startProgram(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: false, windowsHide: true, detached: process.platform !== 'win32' });
}

/** Ends a program of `startProgram` and what it has started. */
export function endProgram(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
