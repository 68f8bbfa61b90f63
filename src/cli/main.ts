import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArguments, usage } from './arguments';
import { run } from './run';

/** All schemas by their place below `schemas/`; built in, so that the program is one file. Absent when run from the sources. */
declare const builtInSchemas: Readonly<Record<string, string>> | undefined;
declare const builtInVersion: string | undefined;

const version = typeof builtInVersion === 'undefined' ? '0.0.0' : builtInVersion;

function schemaText(file: string): string | undefined {
  if (typeof builtInSchemas !== 'undefined') {
    return builtInSchemas[file];
  }
  const source = join(import.meta.dirname, '../../schemas', file);
  return existsSync(source) ? readFileSync(source, 'utf8') : undefined;
}

/** Ends with what is asked for on standard output, complaints on the other one. */
async function main(argv: readonly string[]): Promise<number> {
  let read: ReturnType<typeof readArguments>;
  try {
    read = readArguments(argv);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  if (typeof read === 'string') {
    console.log(read === 'help' ? usage : version);
    return 0;
  }
  const { output, complaints, exitCode } = await run(read, { schemaText, version });
  complaints.forEach((complaint) => console.error(complaint));
  if (output !== '') {
    // A pipe takes only so much at once: the program ends by itself when all is written.
    process.stdout.write(`${output}\n`);
  }
  return exitCode;
}

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // Whoever reads may stop early, as `head` does.
  process.exit(error.code === 'EPIPE' ? process.exitCode : 2);
});
void main(process.argv.slice(2)).then((code) => { process.exitCode = code; });
