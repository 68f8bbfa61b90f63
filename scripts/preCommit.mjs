#!/usr/bin/env node
// What pre-commit runs in its own clone of this repository: makes `dvp-check` the first time, then is it.
// pre-commit would install a Node package without what building it needs. Plain JavaScript for any Node >= 20.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
const program = path.join(root, 'dist/dvp-check.cjs');
if (!existsSync(program)) {
  const { status } = spawnSync('npm', ['ci', '--no-progress'], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error('"npm ci" failed, so dvp-check could not be made.');
    process.exit(2);
  }
}
process.exit(spawnSync(process.execPath, [program, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 2);
