import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { root } from '../../../scripts/paths';
import { readyValidators } from '../../../scripts/readyValidators';
import type * as schemaSource from '../../../src/language/schemaSource';
import type * as languageService from '../../../src/language/service';
import type { Measurement } from '../measure';
import { median } from '../measure';

const machines = 500;
const runs = 31;
/** A twentieth of what yaml-language-server 2 took for the same file on a machine with two cores: 138 ms and 94 ms. */
const keystrokeGoalMs = 6.9;
const completionGoalMs = 4.7;
/** Schemas and rules included. */
const firstUseGoalMs = 150;

type Language = typeof languageService & typeof schemaSource;

/** A file of 500 machines, in the service as it is bundled: from the first text to its findings, from one more character to the new ones, and one completion. */
export async function run(): Promise<readonly Measurement[]> {
  const language = await bundled();
  const text = Array.from({ length: machines }, (_, index) => manifest(index)).join('---\n');
  const startMs = performance.now();
  const fresh = createService(language);
  fresh.diagnostics(document(manifest(0), 1));
  const firstUseMs = performance.now() - startMs;
  const service = createService(language);
  service.diagnostics(document(text, 1));
  const keystrokes: number[] = [];
  const completions: number[] = [];
  for (let n = 0; n < runs; n++) {
    const changed = document(text.replace('name: web-250\n', `name: web-250${'x'.repeat((n % 5) + 1)}\n`), n + 2);
    const place = changed.positionAt(changed.getText().indexOf('runPolicy: ', changed.getText().indexOf('web-250')) + 'runPolicy: '.length);
    keystrokes.push(timed(() => service.diagnostics(changed)));
    completions.push(timed(() => service.completion(changed, place)));
  }
  return [
    { name: '500 machines in one file: keystroke to findings', value: median(keystrokes), unit: 'ms', goal: { on: 'value', op: '<=', limit: keystrokeGoalMs } },
    { name: '500 machines in one file: completion', value: median(completions), unit: 'ms', goal: { on: 'value', op: '<=', limit: completionGoalMs } },
    { name: 'One machine: first use of the language service', value: firstUseMs, unit: 'ms', goal: { on: 'value', op: '<=', limit: firstUseGoalMs } },
  ];
}

async function bundled(): Promise<Language> {
  const folder = await mkdtemp(path.join(tmpdir(), 'dvp-bench-'));
  try {
    const outfile = path.join(folder, 'language.cjs');
    const contents = `export * from './src/language/service'; export * from './src/language/schemaSource';`;
    await build({ stdin: { contents, resolveDir: root }, outfile, bundle: true, minify: true, platform: 'node', target: 'node24', format: 'cjs', plugins: [readyValidators] });
    return createRequire(import.meta.url)(outfile) as Language;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function createService({ createLanguageService, bundledSchemas }: Language): languageService.LanguageService {
  return createLanguageService({
    schemas: bundledSchemas('1.10', (file) => {
      const full = path.join(root, 'schemas', file);
      return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
    }),
  });
}

function timed(action: () => unknown): number {
  const startMs = performance.now();
  action();
  return performance.now() - startMs;
}

function document(text: string, version: number): TextDocument {
  return TextDocument.create('file:///machines.yaml', 'yaml', version, text);
}

function manifest(index: number): string {
  return `apiVersion: virtualization.deckhouse.io/v1alpha2
kind: VirtualMachine
metadata:
  name: web-${index}
  namespace: shop
spec:
  virtualMachineClassName: generic
  runPolicy: AlwaysOn
  cpu:
    cores: 2
    coreFraction: 50%
  memory:
    size: 4Gi
  provisioning:
    type: UserData
    userData: |
      #cloud-config
      packages:
        - qemu-guest-agent
  blockDeviceRefs:
    - kind: VirtualDisk
      name: web-${index}-root
`;
}
