import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse, parseAllDocuments } from 'yaml';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { valueAt } from '../../../src/domain/values';
import { decodeValue, judge, type Verdict } from '../../../src/language/apiServer';
import { parseManifest } from '../../../src/language/manifest';
import { platformAdmission } from '../../../src/language/platform';
import type { JsonObject } from '../../../src/language/prune';
import type { Facts, ModuleGeneration } from '../../../src/language/rule';
import { factsOf, kindSchemas, root } from './kinds';

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

function answer({ manifest, operation, before, given, server }: Case, setup: readonly KubeObject[], module: ModuleGeneration, kinds: ReturnType<typeof kindSchemas>): Verdict {
  const kind = kinds.get(kindOf(manifest));
  assert.ok(kind);
  const version = /^apiVersion:\s*["']?[^/\s]+\/([^"'\s]+)/m.exec(manifest)?.[1] ?? '';
  const schema = kind.versions.find(({ name }) => name === version);
  const stored = before === undefined || !schema ? undefined : storedAs(before, kind, schema);
  const objects = [...setup, ...(given === undefined ? [] : documents(given))].map((object) => (server === 'nodefault' && object.kind === 'StorageClass' ? { ...object, metadata: { name: object.metadata.name } } : object));
  // Later objects are younger: of two default classes the youngest counts.
  const aged = objects.map((object, index) => ({ ...object, metadata: { creationTimestamp: new Date(index * 1000).toISOString(), ...object.metadata } }));
  const facts: Facts = factsOf(aged, { edition: 'CE', sdn: server === 'sdn', usb: false, addressRanges: ['10.66.10.0/24', '10.66.20.0/24'] });
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
