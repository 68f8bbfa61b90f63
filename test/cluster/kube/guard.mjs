// Runs a program and ends it when our standard input closes, which happens however our parent ends.
//   node guard.mjs LOGFILE FOLDER-TO-REMOVE-AT-THE-END|- PROGRAM ARGUMENT…
import { spawn } from 'node:child_process';
import { openSync, rmSync } from 'node:fs';

const [log, folder, program, ...args] = process.argv.slice(2);
const output = openSync(log, 'a');
const child = spawn(program, args, { stdio: ['ignore', output, output] });

const stop = () => {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), 5000).unref();
};
process.stdin.resume().once('end', stop).once('error', stop);
process.once('SIGTERM', stop);
const end = (code) => {
  if (folder !== '-') {
    rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
  process.exit(code);
};
child.once('error', () => end(127)).once('exit', (code) => end(code ?? 1));
