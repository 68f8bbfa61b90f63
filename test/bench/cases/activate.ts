import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build, buildHostTests } from '../../../scripts/build';
import { root } from '../../../scripts/paths';
import { ensureHost } from '../../../scripts/vscodeHost';
import { median } from '../measure';
import type { Measurement } from '../measure';

/** `activate()` of the minified bundle in a real extension host without a kubeconfig, and what it has to load for that. */
export async function run(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  const results = path.join(folder, 'times.json');
  const tests = path.join(folder, 'inHost.cjs');
  try {
    await ensureHost((message) => console.error(`  ${message}`));
    const { activationBytes } = await build({ minify: true });
    await buildHostTests(tests, `export { run } from './test/bench/inHost';`);
    await runTests({
      vscodeExecutablePath: path.join(root, 'test/host/code.mjs'), extensionDevelopmentPath: root, extensionTestsPath: tests,
      extensionTestsEnv: { DVP_BENCH_ACTIVATION: results, KUBECONFIG: path.join(folder, 'none') }, launchArgs: [folder],
    });
    const times = JSON.parse(await readFile(results, 'utf8')) as number[];
    return [
      { name: 'activate()', value: median(times), unit: 'ms', goal: { on: 'value', op: '<=', limit: 30 } },
      { name: 'activate(): code loaded', value: activationBytes / 1000, unit: 'KB', goal: { on: 'value', op: '<=', limit: 300 } },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
