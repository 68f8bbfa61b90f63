import { globSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { build as bundle } from 'esbuild';
import type { BuildOptions, Metafile } from 'esbuild';
import { buildCheck } from './buildCheck';
import { buildTunnel } from './buildTunnel';
import { isStartedDirectly, root } from './paths';
import { readyValidators } from './readyValidators';

/** What `activate()` may load before anything else is asked for; the goal of the bench. */
const activationBudgetBytes = 300_000;

export interface BuildResult {
  /** Bytes of the entry point and of every chunk that it imports at once. */
  readonly activationBytes: number;
  /** Folders of the packages whose code is in the bundles, relative to the repository, sorted. */
  readonly packages: readonly string[];
}

/** Bundles the extension, the webviews and the command line programs into `dist/`. Throws when activation would load more than its budget. */
export async function build({ minify }: { readonly minify: boolean }): Promise<BuildResult> {
  await rm(path.join(root, 'dist'), { recursive: true, force: true });
  const extension = await bundle(extensionOptions(minify));
  const webviews = await bundle(webviewOptions(minify));
  await buildCheck();
  await buildTunnel();
  const activationBytes = bytesLoadedBy(extension.metafile, 'dist/extension.js');
  if (minify && activationBytes > activationBudgetBytes) {
    throw new Error(`Activation would load ${activationBytes} bytes; the budget is ${activationBudgetBytes}. Import what is not needed at once with "await import()".`);
  }
  // No file of ajv is in the bundles, but the validators are code that it wrote.
  return { activationBytes, packages: [...packagesIn([extension.metafile, webviews.metafile]), 'node_modules/ajv'].sort() };
}

/**
 * Bundles what runs inside the extension host into one CommonJS file: its loader takes `extensionTestsPath` with `require`.
 * `contents`: the entry point, a module with an exported `run`; by default all suites.
 */
export async function buildHostTests(outfile: string, contents = hostTestsEntry()): Promise<void> {
  await bundle({
    ...common(false),
    stdin: { contents, resolveDir: root, sourcefile: 'hostTests.ts', loader: 'ts' },
    outfile,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
  });
}

function hostTestsEntry(): string {
  const suites = globSync('test/host/suite/**/*.test.ts', { cwd: root }).sort().map((file) => file.split(path.sep).join('/'));
  return [
    `import { runSuites } from './test/host/runSuites';`,
    `export const run = () => runSuites([${suites.map((file) => `() => require('./${file}')`).join(', ')}]);`,
  ].join('\n');
}

function extensionOptions(minify: boolean) {
  return {
    ...common(minify),
    entryPoints: ['src/extension.ts'],
    outdir: 'dist',
    platform: 'node',
    target: 'node24',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    external: ['vscode'],
    plugins: [readyValidators],
    // CommonJS dependencies call `require` for Node's own modules, which an ES module does not have.
    banner: { js: `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);` },
  } as const satisfies BuildOptions;
}

function webviewOptions(minify: boolean) {
  return {
    ...common(minify),
    entryPoints: [...globSync('webviews/*/main.ts', { cwd: root }), 'webviews/console/webgl.ts'].sort(),
    outdir: 'dist/webviews',
    outbase: 'webviews',
    platform: 'browser',
    target: 'chrome128',
    format: 'esm',
    loader: { '.ttf': 'file', '.svg': 'dataurl' },
  } as const satisfies BuildOptions;
}

function common(minify: boolean) {
  return {
    absWorkingDir: root,
    bundle: true,
    metafile: true,
    minify,
    sourcemap: minify ? false : 'linked',
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
  } as const satisfies BuildOptions;
}

function bytesLoadedBy(metafile: Metafile, entry: string): number {
  const seen = new Set<string>();
  const visit = (file: string): number => {
    const output = metafile.outputs[file];
    if (!output || seen.has(file)) {
      return 0;
    }
    seen.add(file);
    const imported = output.imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
    return output.bytes + imported.reduce((sum, next) => sum + visit(next.path), 0);
  };
  return visit(entry);
}

function packagesIn(metafiles: readonly Metafile[]): readonly string[] {
  const found = new Set<string>();
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];
        if (folder && bytesInOutput > 0) {
          found.add(folder);
        }
      }
    }
  }
  return [...found].sort();
}

if (isStartedDirectly(import.meta.filename)) {
  const { activationBytes } = await build({ minify: process.argv.includes('--minify') });
  console.log(`Built dist/. Activation loads ${Math.ceil(activationBytes / 1000)} KB.`);
}
