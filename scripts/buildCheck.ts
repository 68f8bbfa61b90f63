import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { isStartedDirectly, root } from './paths';
import { readyValidators } from './readyValidators';

/** One file that needs nothing but Node. */
const checkFile = path.join(root, 'dist/dvp-check.cjs');

/** Bundles `dvp-check` with all schemas in it. */
export async function buildCheck(outfile = checkFile): Promise<void> {
  // Node 20, which may be all that a pre-commit hook has, cannot search folders by pattern yet.
  const files = ['1.10', '0.17', 'companions'].flatMap((folder) => readdirSync(path.join(root, 'schemas', folder)).map((name) => `${folder}/${name}`)).filter((file) => file.endsWith('.json'));
  const schemas = Object.fromEntries([...files, 'cloud-init.json'].sort().map((file) => [
    file,
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
