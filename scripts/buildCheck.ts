import { chmodSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { isStartedDirectly, root } from './paths';
import { readyValidators } from './readyValidators';

/** One file that needs nothing but Node. */
const checkFile = path.join(root, 'dist/dvp-check.cjs');

/** Bundles `dvp-check` with all schemas in it. */
export async function buildCheck(outfile = checkFile): Promise<void> {
  const schemas = Object.fromEntries(globSync('{1.10,0.17,companions}/*.json', { cwd: path.join(root, 'schemas') }).concat('cloud-init.json').sort().map((file) => [
    file.split(path.sep).join('/'),
    JSON.stringify(JSON.parse(readFileSync(path.join(root, 'schemas', file), 'utf8'))),
  ]));
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  await build({
    absWorkingDir: root,
    entryPoints: ['src/cli/main.ts'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    // A CommonJS file asks for Node's modules when it needs them: offline, those of an old Node are enough.
    format: 'cjs',
    plugins: [readyValidators],
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'warning',
    define: { builtInSchemas: JSON.stringify(schemas), builtInVersion: JSON.stringify(version), 'import.meta.dirname': '__dirname' },
    banner: { js: '#!/usr/bin/env node' },
  });
  chmodSync(outfile, 0o755);
}

if (isStartedDirectly(import.meta.filename)) {
  await buildCheck();
}
