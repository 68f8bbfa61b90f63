import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

/** kubectl of `KUBEBUILDER_ASSETS` or else of PATH; undefined when there is none. */
export function findKubectl(): string | undefined {
  const folders = [process.env['KUBEBUILDER_ASSETS'] ?? '', ...(process.env['PATH'] ?? '').split(path.delimiter)];
  return folders.filter((folder) => folder !== '').map((folder) => path.join(folder, 'kubectl')).find((file) => existsSync(file));
}

export interface Run { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs kubectl with a kubeconfig and a cache folder of its own. */
export interface Kubectl {
  (args: readonly string[], input?: string): Promise<Run>;
  /** Starts a command that goes on, like `get -w`. */
  follow(args: readonly string[]): Following;
}

export interface Following {
  /** Resolves with the next line. */
  line(): Promise<string>;
  stop(): Promise<void>;
}

export function kubectlFor(program: string, kubeconfig: string, cacheFolder: string): Kubectl {
  const env = { ...process.env, KUBECONFIG: kubeconfig, KUBECACHEDIR: cacheFolder };
  const run = (args: readonly string[], input?: string) => new Promise<Run>((resolve) => {
    const child = execFile(program, args, { env, maxBuffer: 1 << 26, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, stdout, stderr });
    });
    child.stdin?.end(input ?? '');
  });
  return Object.assign(run, { follow: (args: readonly string[]) => follow(program, args, env) });
}

function follow(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Following {
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  let rest = '';
  child.stdout.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) {
      const taker = waiting.shift();
      if (taker) {
        taker(line);
      } else {
        lines.push(line);
      }
    }
  });
  return {
    line: () => new Promise((resolve) => {
      const line = lines.shift();
      if (line === undefined) {
        waiting.push(resolve);
      } else {
        resolve(line);
      }
    }),
    stop: () => new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    }),
  };
}
