import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../../scripts/paths';

/** An embedded cluster in a process of its own, so that it can be killed as a user would kill it. */
export interface ClusterProcess {
  readonly port: number;
  /** Ends it without a chance to say goodbye. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Starts it anew at the same port, as it was in the beginning. */
  startAgain(): Promise<void>;
}

export interface ClusterProcessOptions {
  /** File to write; an earlier cluster's is overwritten. */
  readonly kubeconfig: string;
  readonly port?: number;
  /** Further arguments of `npm run cluster`. */
  readonly args?: readonly string[];
}

/** Starts `npm run cluster` and waits until it is ready. */
export async function startClusterProcess(options: ClusterProcessOptions): Promise<ClusterProcess> {
  let running = await launch(options);
  const { port } = running;
  return {
    port, kill: () => running.kill(), stop: () => running.stop(),
    startAgain: async () => {
      await running.kill();
      running = await launch({ ...options, port });
    },
  };
}

async function launch({ kubeconfig, port = 0, args = [] }: ClusterProcessOptions): Promise<Omit<ClusterProcess, 'startAgain'>> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/cluster/main.ts', '--tied', '--port', String(port), '--write-kubeconfig', kubeconfig, ...args], {
    cwd: root, stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = new Promise<void>((resolve) => { child.once('exit', () => resolve()); });
  const ready = new Promise<number>((resolve, reject) => {
    const read = (data: Buffer) => {
      output += data.toString();
      const url = /https:\/\/127\.0\.0\.1:(\d+)/.exec(output)?.[1];
      if (url && output.includes(`Kubeconfig: ${path.resolve(kubeconfig)}`)) {
        resolve(Number(url));
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    void exited.then(() => { reject(new Error(`The cluster ended: ${output.slice(-2000)}`)); });
  });
  const endWith = async (ask: () => void) => {
    if (child.exitCode === null && child.signalCode === null) {
      ask();
      await exited;
    }
  };
  try {
    return { port: await ready, kill: () => endWith(() => child.kill('SIGKILL')), stop: () => endWith(() => child.stdin.end()) };
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
}
