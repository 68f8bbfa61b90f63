import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { root } from '../../scripts/paths';

/** An embedded cluster in a process of its own, so that it can be killed as a user would kill it. */
export interface ClusterProcess {
  readonly port: number;
  /** Ends it without a chance to say goodbye. */
  kill(): Promise<void>;
  /** Ends it in order. */
  stop(): Promise<void>;
}

export interface ClusterProcessOptions {
  /** File to write; an earlier cluster's is overwritten. */
  readonly kubeconfig: string;
  readonly api?: 'own' | 'real';
  readonly port?: number;
  /** Further arguments of `npm run cluster`. */
  readonly args?: readonly string[];
}

/** Starts `npm run cluster` and waits until it is ready. */
export async function startClusterProcess({ kubeconfig, api = 'own', port = 0, args = [] }: ClusterProcessOptions): Promise<ClusterProcess> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/cluster/main.ts', '--tied', '--api', api, '--port', String(port), '--write-kubeconfig', kubeconfig, ...args], {
    cwd: root, stdio: ['pipe', 'pipe', 'pipe'],
  });
  let output = '';
  const exited = once(child, 'exit');
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
