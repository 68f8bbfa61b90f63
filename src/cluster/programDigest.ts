import { createHash } from 'node:crypto';

/** Stands for a program and its arguments where they are remembered: arguments may hold what should not lie around in a file. */
export function programDigest(command: string, args: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify([command, ...args])).digest('hex');
}
