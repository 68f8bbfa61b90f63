import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const root = path.resolve(import.meta.dirname, '../../..');

/** Runs a module in a fresh process; what it prints. */
async function run(code: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { cwd: root });
  return stdout.trim();
}

const places = '[1, 2].map((n) => globalThis[Symbol.for(`undici.globalDispatcher.${n}`)])';

test('F39: loading the client leaves the global dispatcher untouched where there was none', async () => {
  assert.equal(await run(`
    await import('./src/cluster/contexts.ts');
    const { Pool } = await import('./src/cluster/undici.ts');
    console.log(typeof Pool, JSON.stringify(${places}.map((value) => typeof value)));
  `), 'function ["undefined","undefined"]');
});

test('F39: and where there was one', async () => {
  assert.equal(await run(`
    const own = { dispatch() {} };
    for (const n of [1, 2]) Object.defineProperty(globalThis, Symbol.for('undici.globalDispatcher.' + n), { value: own, writable: true, enumerable: false, configurable: false });
    await import('./src/cluster/contexts.ts');
    await import('./src/cluster/undici.ts');
    console.log(JSON.stringify(${places}.map((value) => value === own)));
  `), '[true,true]');
});

test('F39: the runtime\'s own fetch works afterwards', async () => {
  assert.equal(await run(`
    await import('./src/cluster/undici.ts');
    console.log((await fetch('data:text/plain,fine').then((answer) => answer.text())));
  `), 'fine');
});

test('the client is not loaded with its types or with the kubeconfig', async () => {
  assert.equal(await run(`
    const { loadKubeConfig } = await import('./src/cluster/kubeConfig.ts');
    await loadKubeConfig([]);
    const loaded = (await import('node:module')).default._cache ?? {};
    console.log(Object.keys(loaded).filter((file) => /node_modules.(undici|@kubernetes|ws|socks)/.test(file)).length);
  `), '0');
});
