import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import type { ClusterView } from '../../../src/domain/clusterView';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { valueAt } from '../../../src/domain/values';
import { decodeValue, judge, type Verdict } from '../../../src/language/apiServer';
import { Diagnoses } from '../../../src/language/diagnose';
import type { Diagnosis } from '../../../src/language/kernel';
import { parseManifest } from '../../../src/language/manifest';
import { platformAdmission } from '../../../src/language/platform';
import type { JsonObject } from '../../../src/language/prune';
import type { Facts, ModuleGeneration, ModuleSettings } from '../../../src/language/rule';
import { bundledSchemas } from '../../../src/language/schemaSource';
import { WorkspaceIndex } from '../../../src/language/workspaceIndex';
import { factsOf, kindSchemas as platformKinds, root } from './kinds';
import { readSchema } from './support';

const folder = join(root, '../shared/reference/recorded/admission');

interface Case {
  readonly id: string;
  readonly rule: string;
  readonly operation: 'create' | 'update';
  readonly server?: 'nodefault' | 'sdn';
  readonly before?: string;
  readonly given?: string;
  readonly manifest: string;
  readonly verdict: { readonly allowed: boolean; readonly code: number; readonly message?: string; readonly warnings?: readonly string[]; readonly defaulted?: Readonly<Record<string, unknown>> };
}

for (const module of ['1.10', '0.17'] as const) {
  const suffix = module === '1.10' ? '' : '-0.17';
  test(`the platform's recorded answers of module ${module}`, { skip: existsSync(folder) ? false : 'the recordings are not here' }, () => {
    const cases = parse(readFileSync(join(folder, `cases${suffix}.yaml`), 'utf8')) as Case[];
    const setup = documents(readFileSync(join(folder, `setup${suffix}.yaml`), 'utf8'));
    const kinds = kindSchemas(module);
    const asked = cases.filter(({ manifest }) => kinds.has(kindOf(manifest)));
    const differences = asked.flatMap((each) => {
      const difference = compare(each, answer(each, setup, module, kinds));
      return difference ? [`${each.id} (${each.rule}): ${difference}`] : [];
    });
    assert.ok(asked.length > 500, 'too few cases');
    assert.deepEqual(differences, [], `${differences.length} of ${asked.length} answers differ`);
  });
}

/** What the schema requires and the platform's own webhook fills in: there the schema's word stands. */
const filledIn = ['vm-13-no-class-default', 'vm-14-empty-text', 'vm-yaml-no-memory', 'vm-yaml-empty-memory', 'vm-yaml-null-memory', 'vm-yaml-memory-number-float'];

for (const module of ['1.10', '0.17'] as const) {
  const suffix = module === '1.10' ? '' : '-0.17';
  test(`findings are errors where the platform denied, and only there, in module ${module}`, { skip: existsSync(folder) ? false : 'the recordings are not here' }, () => {
    const cases = parse(readFileSync(join(folder, `cases${suffix}.yaml`), 'utf8')) as Case[];
    const setup = documents(readFileSync(join(folder, `setup${suffix}.yaml`), 'utf8'));
    const kinds = kindSchemas(module);
    const diagnoses = new Diagnoses(bundledSchemas(module, readSchema));
    const differences = cases.filter(({ manifest }) => kinds.has(kindOf(manifest))).flatMap((each): readonly string[] => {
      const { id, verdict: { allowed, message = '', warnings = [] } } = each;
      const found = findingsOf(each, setup, kinds, diagnoses);
      const told = found.map(({ severity, code, message: words }) => `${severity} ${code}: ${words}`).join('; ');
      const isRefused = found.some(({ severity, code }) => severity === 'error' && /^(?:yaml|schema|cel|platform|deprecated)\//.test(code));
      if (module === '1.10' && filledIn.includes(id)) {
        return isRefused && /platform/.test(told) ? [] : [`${id}: nothing about what is stored: ${told}`];
      }
      const isWarned = warnings.every((text) => /is deprecated; use|finalizer/.test(text)) || found.some(({ severity }) => severity !== 'error');
      return isRefused === !allowed && (!allowed || isWarned) ? [] : [`${id}: ${allowed ? `allowed ${warnings.join(', ')}` : message}; found: ${told}`];
    });
    assert.deepEqual(differences, [], `${differences.length} differ`);
  });
}

/** The platform's kinds, and its module's settings where answers about them were recorded. */
function kindSchemas(module: ModuleGeneration): ReturnType<typeof platformKinds> {
  const settings = bundledSchemas(module, readSchema).kind('deckhouse.io', 'ModuleConfig');
  return new Map([...platformKinds(module), ...(module === '1.10' && settings ? [['ModuleConfig', settings] as const] : [])]);
}

function findingsOf({ manifest, before, given, server }: Case, setup: readonly KubeObject[], kinds: ReturnType<typeof kindSchemas>, diagnoses: Diagnoses): readonly Diagnosis[] {
  const kind = kinds.get(kindOf(manifest));
  const version = kind?.versions.find(({ name }) => manifest.includes(`/${name}`));
  const stored = before === undefined || !kind || !version ? [] : [storedAs(before, kind, version) as unknown as KubeObject];
  const isStored = (object: KubeObject) => stored.some(({ kind: its, metadata }) => its === object.kind && metadata.name === object.metadata.name && metadata.namespace === object.metadata.namespace);
  const settings = settingsOf(server);
  const facts = factsOf([...around(setup, given, server).filter((object) => !isStored(object)), ...stored], settings);
  const view = { get: facts.get.bind(facts), list: facts.list.bind(facts), state: () => ({ phase: 'live' }) } as unknown as ClusterView;
  return diagnoses.of(parseManifest(manifest), { view, workspace: new WorkspaceIndex(), namespace: 'adm', settings });
}

/** What exists while a case is asked. Later objects are younger: of two default classes the youngest counts. */
function around(setup: readonly KubeObject[], given: string | undefined, server: Case['server']): readonly KubeObject[] {
  return [...setup, ...(given === undefined ? [] : documents(given))]
    .map((object) => (server === 'nodefault' && object.kind === 'StorageClass' ? { ...object, metadata: { name: object.metadata.name } } : object))
    .map((object, index) => ({ ...object, metadata: { creationTimestamp: new Date(index * 1000).toISOString(), ...object.metadata } }));
}

function settingsOf(server: Case['server']): ModuleSettings {
  return { edition: 'CE', sdn: server === 'sdn', usb: false, addressRanges: ['10.66.10.0/24', '10.66.20.0/24'], podRange: '10.111.0.0/16', serviceRange: '10.222.0.0/16', defaultDiskClass: '', defaultImageClass: '' };
}

function answer({ manifest, operation, before, given, server }: Case, setup: readonly KubeObject[], module: ModuleGeneration, kinds: ReturnType<typeof kindSchemas>): Verdict {
  const kind = kinds.get(kindOf(manifest));
  assert.ok(kind);
  const version = /^apiVersion:\s*["']?[^/\s]+\/([^"'\s]+)/m.exec(manifest)?.[1] ?? '';
  const schema = kind.versions.find(({ name }) => name === version);
  const stored = before === undefined || !schema ? undefined : storedAs(before, kind, schema);
  const facts: Facts = factsOf(around(setup, given, server), settingsOf(server));
  const admission = schema && platformAdmission(module, kind.names.kind, schema.schema, facts);
  return judge({ manifest: parseManifest(manifest), kind, version, operation, ...(stored && { before: stored }), ...(admission && { admission }) });
}

function storedAs(text: string, kind: Parameters<typeof decodeValue>[1], version: Parameters<typeof decodeValue>[2]): JsonObject {
  const value = parse(text) as JsonObject;
  const { status } = value;
  const { object } = decodeValue(value, kind, version);
  assert.ok(object);
  return status === undefined ? object : { ...object, status };
}

function compare({ verdict }: Case, { allowed, code, message, warnings, object }: Verdict): string | undefined {
  const isSyntax = /yaml: line \d+: found/.test(verdict.message ?? '');
  const wanted = { allowed: verdict.allowed, code: verdict.code, message: isSyntax ? '' : inOrder(verdict.message), warnings: verdict.warnings ?? [] };
  const got = { allowed, code, message: isSyntax ? '' : inOrder(message), warnings };
  if (JSON.stringify(wanted) !== JSON.stringify(got)) {
    return `expected ${JSON.stringify(wanted)}, got ${JSON.stringify(got)}`;
  }
  for (const [path, value] of Object.entries(verdict.defaulted ?? {})) {
    const stored = valueAt(object, path.replaceAll(/\[(\d+)\]/g, '.$1')) ?? atIndex(object, path);
    if (stored !== value) {
      return `${path} should be stored as ${JSON.stringify(value)}, not ${JSON.stringify(stored)}`;
    }
  }
  return undefined;
}

/** Several causes come in no fixed order. */
function inOrder(message = ''): string {
  return message.trim().replace(/ is invalid: \[([\s\S]*)\]$/, (_, list: string) => ` is invalid: ${list.split(/, (?=spec|metadata|status|<nil>)/).sort().join(' | ')}`);
}

function atIndex(object: unknown, path: string): unknown {
  return path.split(/[.[\]]+/).filter((step) => step !== '').reduce<unknown>((value, step) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[step] : undefined), object);
}

function kindOf(manifest: string): string {
  return /^kind:\s*["']?(\w+)/m.exec(manifest)?.[1] ?? '';
}

function documents(text: string): KubeObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as KubeObject | null).filter((object) => object !== null);
}
