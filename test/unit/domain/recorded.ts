import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../../shared/reference');

/** Text of a file of the platform's recordings; `undefined` where they are not beside the repository. */
export function recordedFile(path: string): string | undefined {
  const file = join(folder, 'recorded', path);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Objects that stand for many others; `undefined` as above. */
export function typicalObjects(): string | undefined {
  const file = join(folder, 'typical-objects.yaml');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Names of the recordings, in order; empty as above. */
export function recordings(): readonly string[] {
  const path = join(folder, 'recorded/behaviour/recordings');
  return existsSync(path) ? readdirSync(path).filter((name) => name.endsWith('.jsonl')).sort() : [];
}
