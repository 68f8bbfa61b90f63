import { parseArgs } from 'node:util';
import type { ModuleGeneration } from '../language/rule';

export interface Arguments {
  readonly module: ModuleGeneration;
  readonly format: 'text' | 'json';
  /** Files, folders, `-` for standard input. */
  readonly paths: readonly string[];
}

export const usage = 'Usage: dvp-check [--module 1.10|0.17] [--format text|json] FILES|DIRS|-';

/** @throws Error with one sentence for people */
export function readArguments(argv: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({ args: [...argv], options: { module: { type: 'string', default: '1.10' }, format: { type: 'string', default: 'text' } }, allowPositionals: true });
  const { module, format } = values;
  if (module !== '1.10' && module !== '0.17') {
    throw new Error(`There is no module "${module}": use 1.10 or 0.17.`);
  }
  if (format !== 'text' && format !== 'json') {
    throw new Error(`There is no format "${format}": use text or json.`);
  }
  if (positionals.length === 0) {
    throw new Error('Name at least one file or folder.');
  }
  return { module, format, paths: positionals };
}
