import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { endTree, invocation } from '../src/cluster/program';

const isWindows = process.platform === 'win32';

/** Runs a program to its end and returns what it wrote to standard output. Throws with the end of what it wrote when it fails or takes longer than `timeoutMs`. */
export async function run(program: string, args: readonly string[], options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly timeoutMs?: number } = {}): Promise<string> {
  const child = start(program, args, { cwd: options.cwd, env: options.env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  let all = '';
  child.stdout?.on('data', (data: Buffer) => { output += data.toString(); all += data.toString(); });
  child.stderr?.on('data', (data: Buffer) => { all += data.toString(); });
  const code = await exitOf(child, options.timeoutMs ?? 600_000);
  if (code !== 0) {
    throw new Error(`"${program} ${args.join(' ')}" ${code === undefined ? 'took too long' : `ended with code ${code}`}: ${all.trim().slice(-2000)}`);
  }
  return output;
}

/** Starts a program as the leader of its own process group, so that it and all its children can be ended together. */
export function start(program: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  const { program: file, line, isVerbatim } = invocation(program, args);
  return spawn(file, line, { ...options, detached: !isWindows, windowsVerbatimArguments: isVerbatim });
}

/** Waits for the end of a program started by `start`; after `timeoutMs` ends its group and returns undefined. */
export function exitOf(child: ChildProcess, timeoutMs: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => { void end(child).then(() => { resolve(undefined); }); }, timeoutMs);
    child.once('error', (error) => { clearTimeout(timer); reject(error); });
    child.once('close', (code) => { clearTimeout(timer); resolve(code ?? 1); });
  });
}

/** Ends a program, and its group when it was started by `start`: politely where there is a way, and after three seconds by force. Resolves when it is gone. */
export async function end(child: ChildProcess): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
    } else {
      child.once('exit', () => { resolve(); });
    }
  });
  const force = () => {
    if (child.pid !== undefined) {
      endTree(child.pid);
    }
    child.kill('SIGKILL');
  };
  // Windows knows no polite way, and finds what a program has started only while that runs.
  if (isWindows) {
    force();
  } else {
    child.kill('SIGTERM');
  }
  const timer = setTimeout(force, 3000);
  await gone;
  clearTimeout(timer);
  force();
}
