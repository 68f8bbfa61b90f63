import { connectStdio } from './connect';
import { runProgram } from './run';

/**
 * `dvp-tunnel connect …` is a `ProxyCommand` of ssh: standard input and output are the connection to a port of a machine.
 * `dvp-tunnel run …` runs a program in a terminal and keeps what it said on the screen when it fails.
 */
const [mode, ...args] = process.argv.slice(2);

// What this program starts is no editor.
delete process.env['ELECTRON_RUN_AS_NODE'];

const work = mode === 'run' ? runProgram(args) : mode === 'connect' ? connectStdio(args) : Promise.reject(new Error('Use "connect" or "run"'));
void work.catch((error: unknown) => {
  process.stderr.write(`dvp: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
}).then((code) => process.exit(code));
