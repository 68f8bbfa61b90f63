import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, usage } from './arguments';
import { check, type Checked } from './check';

/** Beside the built file, or at the root when run from the sources. */
const schemas = ['../schemas', '../../schemas'].map((folder) => join(import.meta.dirname, folder)).find((folder) => existsSync(folder)) ?? '';

process.exitCode = main(process.argv.slice(2));

/** 0: no errors; 1: findings of severity error; 2: something could not be checked. */
function main(argv: readonly string[]): number {
  let checked: Checked;
  let format: 'text' | 'json';
  try {
    const read = readArguments(argv);
    format = read.format;
    checked = check(read, schemas);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    return 2;
  }
  const { lines, unreadable } = checked;
  unreadable.forEach((reason) => console.error(reason));
  if (format === 'json') {
    console.log(JSON.stringify(lines, undefined, 2));
  } else {
    lines.forEach(({ file, line, column, severity, code, message }) => console.log(`${file}:${line}:${column}: ${severity}: ${message} [${code}]`));
  }
  return unreadable.length > 0 ? 2 : lines.some(({ severity }) => severity === 'error') ? 1 : 0;
}
