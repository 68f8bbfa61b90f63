// Runs `suite/` inside VS Code's extension host, with the embedded cluster at hand. `DVP_TEST_VSCODE=desktop` downloads
// and uses desktop VS Code, a path uses that executable; otherwise the web workbench does.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build, buildHostTests } from '../../scripts/build';
import { resultsFolder, root } from '../../scripts/paths';
import { startCluster } from '../cluster/start';

const vscode = process.env.DVP_TEST_VSCODE ?? 'web';
const tests = path.join(resultsFolder, 'host/suites.cjs');
const folder = await mkdtemp(path.join(tmpdir(), 'dvp-host-'));
await build({ minify: false });
await buildHostTests(tests);
const cluster = await startCluster({ api: 'own', module: '1.10' });
try {
  const workspace = path.join(folder, 'workspace');
  await cp(path.join(root, 'test/host/workspace'), workspace, { recursive: true });
  await runTests({
    ...executable(),
    extensionDevelopmentPath: root,
    extensionTestsPath: tests,
    extensionTestsEnv: { DVP_TEST_KUBECONFIG: cluster.kubeconfigs.admin, KUBECONFIG: cluster.kubeconfigs.admin },
    launchArgs: [workspace, `--user-data-dir=${path.join(folder, 'user')}`, `--extensions-dir=${path.join(folder, 'extensions')}`, '--disable-extensions'],
  });
} catch {
  // The results file says what failed.
  process.exitCode = 1;
} finally {
  await cluster.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function executable(): { readonly vscodeExecutablePath?: string; readonly version?: string } {
  if (vscode === 'desktop') {
    return process.env.DVP_TEST_VSCODE_VERSION ? { version: process.env.DVP_TEST_VSCODE_VERSION } : {};
  }
  return { vscodeExecutablePath: vscode === 'web' ? path.join(import.meta.dirname, 'code.mjs') : vscode };
}
