// Measures one language service in a process of its own: `ours BUNDLE` or `theirs`. Prints the milliseconds and bytes as JSON.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Position } from 'vscode-languageserver-types';
import { root } from '../../scripts/paths';
import { Store } from '../../src/cluster/store';
import type { KubeObject } from '../../src/domain/kubeObject';
import type * as schemaSource from '../../src/language/schemaSource';
import type * as languageService from '../../src/language/service';
import { manifest } from './manifest';
import { heapBytes, median } from './measure';

/** What a process prints. */
export interface LanguageNumbers {
  /** From the text to its findings, in a process that has read nothing yet. */
  readonly coldMs: number;
  readonly heapBytes: number;
  readonly keystrokeMs: number;
  readonly completionMs: number;
  readonly smallKeystrokeMs: number;
  readonly smallCompletionMs: number;
}

interface Service {
  diagnostics(document: TextDocument): unknown;
  completion(document: TextDocument, position: Position): unknown;
}

const require = createRequire(import.meta.url);
const machines = 500;
/** In the store beside the file. */
const objects = 10_000;
const [which, bundle = ''] = process.argv.slice(2);
const runs = which === 'ours' ? 21 : 5;
const smallRuns = 101;
const userData = `  provisioning:
    type: UserData
    userData: |
      #cloud-config
      packages:
        - qemu-guest-agent
`;
const text = Array.from({ length: machines }, (_, index) => manifest(index, userData)).join('---\n');
const create = which === 'ours' ? ours() : await theirs();
const before = heapBytes();
const startMs = performance.now();
const service = create();
const document = (content: string, version: number, name = 'machines') => TextDocument.create(`file:///${name}.yaml`, 'yaml', version, content);
await service.diagnostics(document(text, 1));
const coldMs = performance.now() - startMs;
const heap = heapBytes() - before;
const large = await typed(text, 'web-250', runs, 'machines');
// The first of them are not warm.
const small = await typed(manifest(0, userData), 'web-0', smallRuns, 'machine');
const numbers: LanguageNumbers = { coldMs, heapBytes: heap, keystrokeMs: large.keystrokeMs, completionMs: large.completionMs, smallKeystrokeMs: small.keystrokeMs, smallCompletionMs: small.completionMs };
console.log(JSON.stringify(numbers));
process.exit();

async function typed(content: string, name: string, times: number, uri: string): Promise<{ keystrokeMs: number; completionMs: number }> {
  const keystrokes: number[] = [];
  const completions: number[] = [];
  for (let n = 0; n < times; n++) {
    // Whoever types is offered something first; what is found is told a little later, of the next version here, so that neither profits from the other.
    const [first, next] = [0, 1].map((shift) => document(content.replace(`name: ${name}\n`, `name: ${name}${'x'.repeat(((2 * n + shift) % 6) + 1)}\n`), 2 * n + shift + 2, uri)) as [TextDocument, TextDocument];
    const place = first.positionAt(first.getText().indexOf('runPolicy: ', first.getText().indexOf(`${name}x`)) + 'runPolicy: '.length);
    completions.push(await timed(() => service.completion(first, place)));
    keystrokes.push(await timed(() => service.diagnostics(next)));
  }
  return { keystrokeMs: median(keystrokes), completionMs: median(completions) };
}

async function timed(action: () => unknown): Promise<number> {
  const beginMs = performance.now();
  await action();
  return performance.now() - beginMs;
}

function ours(): () => Service {
  const { createLanguageService, bundledSchemas } = require(bundle) as typeof languageService & typeof schemaSource;
  const view = { connection: { phase: 'live' }, kinds: [], ...viewOf(store()) } as const;
  return () => createLanguageService({
    schemas: bundledSchemas('1.10', (file) => {
      const full = path.join(root, 'schemas', file);
      return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
    }),
    cluster: () => ({ id: 'bench', name: 'bench', namespace: 'shop', view }),
  });
}

function viewOf(from: Store) {
  return {
    state: from.state.bind(from), list: from.list.bind(from), get: from.get.bind(from), referring: from.referring.bind(from), noticed: from.noticed.bind(from),
  };
}

/** Half of the objects are machines, half disks, so that every reference is looked up and found. */
function store(): Store {
  const made = new Store((error) => { throw error instanceof Error ? error : new Error(String(error)); });
  const object = (kind: string, name: string, rest: object, namespaced = true): KubeObject => ({
    apiVersion: 'virtualization.deckhouse.io/v1alpha2', kind, metadata: { name, ...(namespaced && { namespace: 'shop' }), uid: `${kind}-${name}`, resourceVersion: '1' }, ...rest,
  });
  const list = (kind: string, listed: readonly KubeObject[]) => {
    made.follow(kind, ['']);
    made.apply(kind, '', { type: 'listed', objects: listed });
  };
  const half = Array.from({ length: objects / 2 }, (_, index) => index);
  list('VirtualMachine', half.map((index) => object('VirtualMachine', `other-${index}`, { spec: { blockDeviceRefs: [{ kind: 'VirtualDisk', name: `other-${index}-root` }] }, status: { phase: 'Running' } })));
  list('VirtualDisk', half.map((index) => object('VirtualDisk', `web-${index}-root`, { status: { phase: 'Ready', capacity: '10Gi' } })));
  list('VirtualMachineClass', [object('VirtualMachineClass', 'generic', { spec: { cpu: { type: 'Host' } }, status: { phase: 'Ready' } }, false)]);
  list('Namespace', [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
  return made;
}

interface Peer {
  configure(settings: object): void;
  doValidation(document: TextDocument, isKubernetes: boolean): Promise<unknown>;
  doComplete(document: TextDocument, position: Position, isKubernetes: boolean): Promise<unknown>;
}

/** yaml-language-server as an editor would set it up for these files, with the structure of a machine as its schema. */
async function theirs(): Promise<() => Service> {
  const name = 'yaml-language-server';
  const { getLanguageService } = await import(name) as { readonly getLanguageService: (options: object) => Peer };
  const kind = JSON.parse(readFileSync(path.join(root, 'schemas/1.10/virtualmachines.json'), 'utf8')) as { versions: readonly { schema: { properties: Record<string, object> } }[] };
  const { properties = {}, ...rest } = kind.versions[0]?.schema ?? {};
  // Fields of metadata are everybody's.
  const schema = { ...rest, properties: { ...properties, metadata: { ...properties['metadata'], additionalProperties: true } } };
  return () => {
    const service = getLanguageService({ schemaRequestService: () => Promise.reject(new Error('Nothing is fetched.')), workspaceContext: { resolveRelativePath: (relative: string) => relative } });
    service.configure({ validate: true, completion: true, disableAdditionalProperties: true, schemas: [{ uri: 'file:///machine.json', fileMatch: ['*.yaml'], schema }] });
    return { diagnostics: (asked) => service.doValidation(asked, false), completion: (asked, place) => service.doComplete(asked, place, false) };
  };
}
