import { globSync } from 'node:fs';
import path from 'node:path';
import { findBrowser } from './browser';
import { packageExtension } from './package';
import { root, vsixFile } from './paths';
import { ensureHost } from './vscodeHost';

/** A program that tests something and appends lines to the file that `DVP_TEST_RESULTS` names; without such lines its exit code is its one result. */
export interface Command {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface Part {
  readonly name: string;
  /** After this long it hangs; on two slow cores it takes less than half of it. */
  readonly limitMinutes: number;
  /** Prepares and says what to run with Node, or why it cannot be run here. */
  prepare(resultsFile: string): Promise<Command | { readonly skip: string }>;
}

/** Everything that `npm test` runs, cheapest first. */
export const parts: readonly Part[] = [
  { name: 'types', limitMinutes: 5, prepare: () => program('typescript/bin/tsc', '-p', '.') },
  { name: 'webview-types', limitMinutes: 5, prepare: () => program('typescript/bin/tsc', '--build', 'webviews', 'test/unit/webviews') },
  { name: 'lint', limitMinutes: 8, prepare: () => program('eslint/bin/eslint.js', '--max-warnings', '0', '.') },
  // One process: they are pure, and starting one for each file would take longer than the tests.
  { name: 'unit', limitMinutes: 5, prepare: (file) => nodeTests('unit', file, '--test-isolation=none', '--test-timeout=60000') },
  { name: 'contract', limitMinutes: 12, prepare: (file) => nodeTests('contract', file, '--test-concurrency=2', '--test-timeout=180000') },
  { name: 'host', limitMinutes: 8, prepare: () => (process.env.DVP_TEST_VSCODE ? hostTests() : inWorkbench(hostTests)) },
  {
    name: 'ui', limitMinutes: 25,
    prepare: (file) => inWorkbench(async () => {
      await packageExtension();
      return nodeTests('ui', file, '--test-concurrency=1', '--test-timeout=300000');
    }),
  },
];

function program(...args: readonly string[]): Promise<Command> {
  const [file = '', ...rest] = args;
  return Promise.resolve({ args: [path.join(root, 'node_modules', file), ...rest] });
}

function nodeTests(folder: string, resultsFile: string, ...options: readonly string[]): Promise<Command> {
  const files = globSync(`test/${folder}/**/*.test.ts`, { cwd: root }).sort();
  if (files.length === 0) {
    throw new Error(`There are no tests in "test/${folder}".`);
  }
  const reporter = path.join(root, 'scripts/testReporter.ts');
  return Promise.resolve({ args: ['--import', 'tsx', '--test', ...options, `--test-reporter=${reporter}`, `--test-reporter-destination=${resultsFile}`, ...files] });
}

function hostTests(): Promise<Command> {
  return Promise.resolve({ args: ['--import', 'tsx', 'test/host/main.ts'] });
}

async function inWorkbench(prepare: () => Promise<Command>): Promise<Command | { readonly skip: string }> {
  const browser = await findBrowser();
  if (!browser) {
    return { skip: 'There is no Chrome or Chromium here and none can be brought. Install one, or point CHROMIUM to it.' };
  }
  try {
    await ensureHost((message) => { console.log(message); });
  } catch (error) {
    return { skip: error instanceof Error ? error.message : String(error) };
  }
  const command = await prepare();
  return { ...command, env: { ...command.env, CHROMIUM: browser, DVP_TEST_VSIX: vsixFile } };
}
