import { spawn } from 'node:child_process';
import path from 'node:path';

/** A program that cannot outlive us, even when we are killed. */
export interface Guarded {
  /** Rejects when the program ends by itself. */
  readonly failed: Promise<never>;
  /** Resolves when the program is gone, whoever ended it. */
  readonly ended: Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts `program`; what it prints goes to `logFile`. `folder` is removed when it has ended. */
export function startGuarded(program: string, args: readonly string[], options: { logFile: string; folder?: string }): Guarded {
  const guard = spawn(process.execPath, [path.join(import.meta.dirname, 'guard.mjs'), options.logFile, options.folder ?? '-', program, ...args], {
    // A group of its own, so that Ctrl+C reaches only us and we decide the order.
    stdio: ['pipe', 'ignore', 'ignore'], detached: true,
  });
  let isStopping = false;
  const ended = new Promise<number | null>((resolve) => guard.once('exit', resolve).once('error', () => resolve(127)));
  const failed = ended.then((code): never => {
    throw new Error(isStopping ? `${path.basename(program)} was stopped` : `${path.basename(program)} ended with code ${code ?? 1}; see "${options.logFile}".`);
  });
  failed.catch(() => undefined);
  return {
    failed,
    ended,
    stop: async () => {
      isStopping = true;
      guard.stdin.end();
      await ended;
    },
  };
}
