import { spawn } from 'node:child_process';

// Runs a program for as long as its own standard input is open: that ends with whoever has started this, in order or not. Loaded by Node
// alone, without anything of the project, because it stands before every start of the program.

/** How long the program may take to end in order; less than whoever ends this waits. */
const politeMs = 2000;

const isWindows = process.platform === 'win32';
const [program = '', ...args] = process.argv.slice(2);
const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'], detached: !isWindows });

const send = (signal: NodeJS.Signals) => {
  try {
    // All of its group; on Windows there is none.
    process.kill(isWindows ? child.pid ?? 0 : -(child.pid ?? 0), signal);
  } catch {
    // Nothing of it is left.
  }
};
const end = () => {
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), politeMs);
};

process.stdin.resume().once('end', end);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, end);
}
child.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
child.once('exit', (code) => {
  send('SIGKILL');
  process.exit(code ?? 1);
});
