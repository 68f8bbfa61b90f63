import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { test } from 'node:test';
import { root } from '../../../scripts/paths';
import { until } from '../../until';

/** Deaf to what asks it to end, and with a child that is so, too; says both numbers. */
const stubborn = `
  process.on('SIGTERM', () => undefined);
  const isFirst = process.argv[1] === 'first';
  isFirst && require('node:child_process').spawn(process.execPath, ['-e', process.env.STUBBORN, 'second'], { stdio: ['ignore', 'inherit', 'inherit'] });
  console.log(process.pid);
  setInterval(() => undefined, 1000);`;

/** Starts it tied, and waits until somebody ends it. */
const starter = `
  require('node:child_process').spawn(process.execPath, [process.argv[1], process.execPath, '-e', process.env.STUBBORN, 'first'], { stdio: ['pipe', 'inherit', 'inherit'] });
  setInterval(() => undefined, 1000);`;

test('nothing of a tied program outlives whoever has started it, however that ends', { skip: process.platform === 'win32' && 'Windows has no process groups.' }, async () => {
  const child = spawn(process.execPath, ['-e', starter, path.join(root, 'scripts/tied.ts')], { env: { ...process.env, STUBBORN: stubborn }, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (data: Buffer) => { said += data.toString(); });
  const pids = await until(() => {
    const found = said.split('\n').slice(0, -1).map(Number);
    return found.length === 2 && found;
  }, () => `two processes; it said "${said}"`);
  try {
    assert.ok(pids.every(isThere));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await until(() => !pids.some(isThere), 'both are gone');
  } finally {
    pids.filter(isThere).forEach((pid) => process.kill(pid, 'SIGKILL'));
  }
});

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
