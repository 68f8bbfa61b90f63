import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments, stringify } from 'yaml';
import { groupOf } from '../../../src/domain/kinds/index';
import { stringAt } from '../../../src/domain/values';
import { judge, type Verdict } from '../../../src/language/apiServer';
import { Diagnoses } from '../../../src/language/diagnose';
import { parseManifest, type ManifestFormat } from '../../../src/language/manifest';
import type { JsonObject } from '../../../src/language/prune';
import type { ModuleGeneration } from '../../../src/language/rule';
import { bundledSchemas } from '../../../src/language/schemaSource';
import { fieldOf, type KindSchema } from '../../../src/language/structural';
import { WorkspaceIndex } from '../../../src/language/workspaceIndex';
import { kindSchemas, root } from '../../unit/language/kinds';
import { readSchema } from '../../unit/language/support';
import { invent, mutate, seeded } from './mutations';
import { respell, respellJson } from './spellings';

/** A manifest to ask an API server about, in a dry run with strict field validation. */
export interface Question {
  readonly kind: KindSchema;
  readonly version: string;
  readonly text: string;
  /** YAML when absent. */
  readonly format?: ManifestFormat;
}

/** What an API server says, as far as it has an order: the code, and the fields that it names. */
export interface Answer {
  readonly code: number;
  readonly fields: readonly string[];
}

/** The valid manifests of a module. */
export function validObjects(module: ModuleGeneration | 'companions'): readonly JsonObject[] {
  const text = readFileSync(join(root, 'test/fixtures/language', `valid-${module}.yaml`), 'utf8');
  return parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
}

/** `count` mutants of the valid manifests, always the same for the same seed. */
export function mutants(module: ModuleGeneration, seed: number, count: number): readonly Question[] {
  const kinds = kindSchemas(module);
  const objects = validObjects(module);
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const object = objects[Math.floor(random() * objects.length)];
    if (!object) {
      throw new Error('There are no valid manifests');
    }
    const question = questionOf(object, kinds);
    return { ...question, text: mutate(object, question.kind, random) };
  });
}

/** Mutants of the Services and the like that stand beside machines, which still say what they are. */
export function companionMutants(seed: number, count: number): readonly Question[] {
  const schemas = bundledSchemas('1.10', readSchema);
  const objects = validObjects('companions');
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const object = objects[Math.floor(random() * objects.length)] ?? {};
    const [apiVersion, name] = [stringAt(object, 'apiVersion') ?? '', stringAt(object, 'kind') ?? ''];
    const kind = schemas.kind(groupOf(apiVersion), name);
    if (!kind) {
      throw new Error(`No schema for "${name}"`);
    }
    const text = mutate(object, kind, random);
    const isStill = [`apiVersion: ${apiVersion}\n`, `kind: ${name}\n`, ...(name === 'Secret' ? [`type: ${stringAt(object, 'type') ?? ''}\n`] : [])].every((line) => text.includes(line));
    return { kind, version: apiVersion.replace(/.*\//, ''), text: isStill ? text : JSON.stringify(object) };
  });
}

/** Manifests of every kind with whatever its schema allows, and a little more. */
export function invented(module: ModuleGeneration, seed: number, count: number): readonly Question[] {
  const kinds = [...kindSchemas(module).values()];
  const random = seeded(seed);
  return Array.from({ length: count }, (_, index) => {
    const kind = kinds[index % kinds.length];
    if (!kind) {
      throw new Error('There are no schemas');
    }
    const text = invent(kind, random);
    const [, version = ''] = /virtualization\.deckhouse\.io\/(v\w+)/.exec(text) ?? [];
    return { kind, version, text };
  });
}

/** Valid manifests as people write them, each with one value spelt oddly. */
export function respelt(module: ModuleGeneration, seed: number, count: number): readonly Question[] {
  const kinds = kindSchemas(module);
  const objects = validObjects(module);
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const object = objects[Math.floor(random() * objects.length)] ?? {};
    return { ...questionOf(object, kinds), text: respell(stringify(object, { lineWidth: 0 }), random) };
  });
}

/** Valid manifests as JSON, each with one value spelt oddly. */
export function respeltJson(module: ModuleGeneration, seed: number, count: number): readonly Question[] {
  const kinds = kindSchemas(module);
  const objects = validObjects(module);
  const random = seeded(seed);
  return Array.from({ length: count }, () => {
    const question = questionOf(objects[Math.floor(random() * objects.length)] ?? {}, kinds);
    return { ...question, text: respellJson(question.text, random), format: 'json' };
  });
}

/** The findings of the bundled schemas. */
export function diagnosesOf(module: ModuleGeneration): Diagnoses {
  return new Diagnoses(bundledSchemas(module, readSchema));
}

/** The object itself as a question. @throws Error when there is no schema for its kind */
export function questionOf(object: JsonObject, kinds: ReadonlyMap<string, KindSchema>): Question {
  const kind = kinds.get(stringAt(object, 'kind') ?? '');
  if (!kind) {
    throw new Error(`No schema for "${stringAt(object, 'kind') ?? ''}"`);
  }
  return { kind, version: stringAt(object, 'apiVersion')?.split('/')[1] ?? '', text: JSON.stringify(object) };
}

/** Answers of a real API server, kept for places where there is none; `texts` tells whether the mutants are still the same. */
export interface KeptAnswers {
  readonly seed: number;
  readonly texts: string;
  /** The code and the fields, separated by blanks. */
  readonly answers: readonly string[];
}

export function keptAnswersFile(module: ModuleGeneration): string {
  return join(root, 'test/fixtures/language', `answers-${module}.json`);
}

export function digest(questions: readonly Question[]): string {
  return createHash('sha256').update(questions.map(({ text }) => text).join('\0')).digest('hex');
}

export function printed({ code, fields }: Answer): string {
  return [code, ...fields].join(' ');
}

/** What the findings of a manifest of this text say to it: the fields of all that the API server refuses; empty where it is accepted. */
export function found(diagnoses: Diagnoses, text: string, format?: ManifestFormat): readonly string[] {
  const surroundings = { view: undefined, workspace: new WorkspaceIndex(), namespace: undefined, settings: {} };
  const errors = diagnoses.of(parseManifest(text, format), surroundings).filter(({ severity, code }) => severity === 'error' && /^(?:yaml|schema|cel)\//.test(code));
  return [...new Set(errors.map(({ field, path }) => field ?? fieldOf(path)))];
}

/** How findings and an answer differ: a verdict, or a place that the API server does not name; `undefined` when they agree. */
export function difference(findings: readonly string[], { code, fields }: Answer): string | undefined {
  const isRefused = code >= 300;
  if (isRefused !== findings.length > 0) {
    return isRefused ? 'refused there, without a finding here' : `accepted there, not here: ${findings.join(', ')}`;
  }
  // What the server names no field for has a place all the same; repeated keys it names by their line.
  const named = fields.filter((field) => field !== '<nil>');
  const strangers = findings.filter((field) => named.length === fields.length && fields.length > 0 && field !== '' && !fields.includes(field.replace(/".*/, '')));
  return strangers.length === 0 ? undefined : `${strangers.join(', ')} is not among ${fields.join(', ')}`;
}

/** Our own answer. */
export function ours({ kind, version, text, format }: Question): Answer {
  return toAnswer(judge({ manifest: parseManifest(text, format), kind, version, operation: 'create' }));
}

export function toAnswer(verdict: Verdict): Answer {
  return { code: verdict.code, fields: fieldsOf(verdict.code, verdict.message ?? '', verdict.causes.map(({ field }) => field)) };
}

/** The fields of the causes, or the unknown fields that a message lists. A name that is no field: of a generated name nobody knows both. */
export function fieldsOf(code: number, message: string, causes: readonly string[]): readonly string[] {
  const unknown = code === 400 ? [...message.matchAll(/unknown field "([^"]*)"/g)].map(([, field = '']) => field) : [];
  return [...new Set([...causes, ...unknown])].sort();
}
