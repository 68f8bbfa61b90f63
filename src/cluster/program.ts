import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, constants, stat } from 'node:fs/promises';
import path from 'node:path';

/** The file that a command means, searched in the `PATH` of `env`; `undefined` when there is none. Relative folders are not searched. */
export async function findProgram(command: string, env: NodeJS.ProcessEnv, platform = process.platform, isProgram = isExecutable): Promise<string | undefined> {
  const isWindows = platform === 'win32';
  const paths = isWindows ? path.win32 : path.posix;
  const folders = paths.isAbsolute(command) ? [''] : (variable('PATH', env, isWindows) ?? '').split(paths.delimiter).filter((folder) => paths.isAbsolute(folder));
  for (const folder of folders) {
    for (const ending of isWindows ? windowsEndings(command, env) : ['']) {
      const file = paths.join(folder, command + ending);
      if (await isProgram(file)) {
        return file;
      }
    }
  }
  return undefined;
}

/** Starts a program without a terminal, as the head of a process group, so that it can be ended with all it started. No shell reads its arguments. */
export function startProgram(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const { program, line, isVerbatim } = invocation(file, args);
  return spawn(program, line, { env, stdio: ['ignore', 'pipe', 'pipe'], shell: false, windowsHide: true, windowsVerbatimArguments: isVerbatim, detached: process.platform !== 'win32' });
}

export interface Invocation {
  readonly program: string;
  readonly line: readonly string[];
  /** Windows is given the line as it is. */
  readonly isVerbatim: boolean;
}

/**
 * How a file is started with arguments that arrive as they are. Batch files of Windows, as package managers make them for their programs, are run by
 * `cmd.exe`, which would otherwise take quotes and percent signs for its own. @throws Error for an argument of several lines, which no batch file can get
 */
export function invocation(file: string, args: readonly string[], platform = process.platform): Invocation {
  if (platform !== 'win32' || !/\.(?:cmd|bat)$/i.test(file)) {
    return { program: file, line: args, isVerbatim: false };
  }
  if (args.some((arg) => /[\r\n\0]/.test(arg))) {
    throw new Error(`"${file}" is a batch file and cannot be given an argument of several lines.`);
  }
  // "%" is followed by the empty beginning of a variable that always exists, so that nothing between two of them is replaced.
  const quoted = (text: string) => `"${text.replaceAll('"', '""').replaceAll('%', '%%cd:~,%').replace(/\\+$/, '$&$&')}"`;
  return { program: 'cmd.exe', line: ['/d', '/e:on', '/v:off', '/s', '/c', `"${[`"${file}"`, ...args.map(quoted)].join(' ')}"`], isVerbatim: true };
}

/** Ends a program of `startProgram` and what it has started. */
export function endProgram(child: ChildProcess): void {
  child.stdout?.destroy();
  child.stderr?.destroy();
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    endTree(child.pid);
    child.kill('SIGKILL');
  }
}

/** Ends a process and what it has started: its group or, where there are none, whatever Windows finds below it. */
export function endTree(pid: number): void {
  if (process.platform === 'win32') {
    spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true }).on('error', () => undefined);
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It leads no group, or no process of the group is left.
  }
}

/** What a command may end with: nothing when it names its ending itself. Without one it is not a program there, but a script for another system. */
function windowsEndings(command: string, env: NodeJS.ProcessEnv): readonly string[] {
  const endings = (variable('PATHEXT', env, true) ?? '.EXE;.CMD;.BAT').split(';').filter((ending) => /^\.(?:exe|com|cmd|bat)$/i.test(ending));
  return endings.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase())) ? [''] : endings;
}

/** Names of variables have no case on Windows. */
function variable(name: string, env: NodeJS.ProcessEnv, isWindows: boolean): string | undefined {
  return isWindows ? env[Object.keys(env).find((each) => each.toUpperCase() === name) ?? name] : env[name];
}

async function isExecutable(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
