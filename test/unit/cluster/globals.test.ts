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

test('neither the client library nor undici is loaded before the first connection, and of the library one module then', async () => {
  const kubeconfig = { contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }], clusters: [{ name: 'c', cluster: { server: 'http://127.0.0.1:1' } }], users: [{ name: 'u', user: { token: 't' } }] };
  assert.deepEqual(JSON.parse(await run(`
    import { registerHooks } from 'node:module';
    import { mkdtemp, writeFile } from 'node:fs/promises';
    const loaded = [];
    registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
    const seen = () => [...new Set(loaded.flatMap((url) => /node_modules.((?:@kubernetes.client-node.*|undici|ws|socks)(?=[/\\\\]|$)[^?]*)/.exec(url)?.[1].replace(/^(undici|ws|socks).*/, '$1') ?? []))].sort();
    const { Contexts } = await import('./src/cluster/contexts.ts');
    const folder = await mkdtemp((await import('node:os')).tmpdir() + '/dvp-');
    await writeFile(folder + '/config', ${JSON.stringify(JSON.stringify(kubeconfig))});
    const contexts = new Contexts({ sources: () => [{ files: [folder + '/config'] }], userAgent: 'test', log: () => undefined });
    await contexts.reload();
    const before = seen();
    const session = contexts.session('c');
    await new Promise((resolve) => session.onDidChangeState(() => session.view.connection.phase === 'failed' && resolve()));
    contexts.dispose();
    await (await import('node:fs/promises')).rm(folder, { recursive: true });
    console.log(JSON.stringify([before, seen(), session.view.connection.problem.reason]));
  `)), [[], ['@kubernetes/client-node/dist/config_types.js', 'undici'], 'unreachable']);
});
