import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { root } from '../../../scripts/paths';
import { readyValidators } from '../../../scripts/readyValidators';
import type * as schemaSource from '../../../src/language/schemaSource';
import type * as languageService from '../../../src/language/service';
import type { LanguageNumbers } from '../languageProcess';
import type { Goal, Measurement } from '../measure';
import { median } from '../measure';

const processes = 5;

type Language = typeof languageService & typeof schemaSource;

/** A file of 500 machines and one of one, in the service as it is bundled, beside yaml-language-server with the same text and structure: each in fresh processes, in turns. */
export async function run(): Promise<readonly Measurement[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  try {
    const bundle = await bundled(folder);
    const hasPeer = existsSync(path.join(root, 'node_modules/yaml-language-server'));
    const ours: LanguageNumbers[] = [];
    const theirs: LanguageNumbers[] = [];
    for (let n = 0; n < processes; n++) {
      ours.push(await measured('ours', bundle));
      theirs.push(...(hasPeer ? [await measured('theirs')] : []));
    }
    const row = (name: string, field: keyof LanguageNumbers, limit: number): Measurement => ({
      name, value: median(ours.map((each) => each[field])), unit: 'ms', goal: { on: 'ratio', op: '<=', limit },
      ...(hasPeer && { reference: { name: 'yaml-language-server', value: median(theirs.map((each) => each[field])) } }),
    });
    const limit = (most: number): Goal => ({ on: 'value', op: '<=', limit: most });
    return [
      row('500 machines in one file: keystroke to findings', 'keystrokeMs', 0.05),
      row('500 machines in one file: completion', 'completionMs', 0.05),
      row('500 machines in one file: cold open, 10,000 objects known', 'coldMs', 0.75),
      { name: '500 machines in one file: heap', value: median(ours.map((each) => each.heapBytes)) / 1024 / 1024, unit: 'MB', goal: limit(60), ...(hasPeer && { reference: { name: 'yaml-language-server', value: median(theirs.map((each) => each.heapBytes)) / 1024 / 1024 } }) },
      row('One machine: keystroke to findings', 'smallKeystrokeMs', 1),
      row('One machine: completion', 'smallCompletionMs', 1),
      { name: 'One machine: first use of the language service', value: firstUse(bundle), unit: 'ms', goal: limit(150) },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(...args: readonly string[]): Promise<LanguageNumbers> {
  const compile = path.join(import.meta.dirname, '../compile.mjs');
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', compile, '--expose-gc', path.join(import.meta.dirname, '../languageProcess.ts'), ...args]);
  return JSON.parse(stdout) as LanguageNumbers;
}

async function bundled(folder: string): Promise<string> {
  const outfile = path.join(folder, 'language.cjs');
  const contents = `export * from './src/language/service'; export * from './src/language/schemaSource';`;
  await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, minify: true, platform: 'node', target: 'node24', format: 'cjs', plugins: [readyValidators] });
  return outfile;
}

/** Schemas and rules included, and the reading of the bundle. */
function firstUse(bundle: string): number {
  const startMs = performance.now();
  const { createLanguageService, bundledSchemas } = createRequire(import.meta.url)(bundle) as Language;
  const schemas = bundledSchemas('1.10', (file) => {
    const full = path.join(root, 'schemas', file);
    return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
  });
  const text = readFileSync(path.join(root, 'test/host/workspace/machine.yaml'), 'utf8');
  createLanguageService({ schemas }).diagnostics(TextDocument.create('file:///machine.yaml', 'yaml', 1, text));
  return performance.now() - startMs;
}
