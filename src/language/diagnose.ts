import { groupOf } from '../domain/kinds/index';
import type { Path } from '../domain/values';
import { platformGroup } from '../domain/kind';
import type { Check, Severity, Subject } from './check';
import { documentChecks, surroundingChecks } from './checks/index';
import { decodeObject } from './apiServer';
import type { Surroundings } from './facts';
import { RecordedFacts } from './facts';
import type { Identity } from './identity';
import { hasFormat } from './formats';
import { identityOf, isCompanion, isOurs, isPlatformKind, isTemplate } from './identity';
import type { Diagnosis } from './kernel';
import { askApiServer } from './kernel';
import type { Manifest } from './manifest';
import { tokenAt } from './places';
import type { PlatformFinding } from './platform';
import { platformFindings } from './platform';
import { platformFixes } from './platformFixes';
import type { JsonObject } from './prune';
import { isObject } from './prune';
import { fillInMachine } from './rules/machineDefaults';
import { schemaAt } from './schemaPath';
import type { SchemaSource } from './schemaSource';
import { valueOf } from './values';

/** What is said about a document whatever surrounds it, and whether the API server would take it as a new object. */
interface Alone {
  readonly found: readonly Diagnosis[];
  readonly isAccepted: boolean;
}

/** Everything there is to say about single documents, remembered until the document or what was known around it changes. */
export class Diagnoses {
  readonly #schemas: SchemaSource;
  readonly #alone = new WeakMap<Manifest, Alone>();
  readonly #around = new WeakMap<Manifest, { readonly facts: RecordedFacts; readonly found: readonly Diagnosis[] }>();

  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  /** Empty for documents that are none of ours and for templates. */
  of(manifest: Manifest, surroundings: Surroundings): readonly Diagnosis[] {
    const identity = isOurs(manifest) && !isTemplate(manifest) ? identityOf(manifest) : undefined;
    if (!identity) {
      return [];
    }
    const known = this.#alone.get(manifest);
    const { alone, object } = known ? { alone: known } : this.#inItself(manifest, identity, surroundings);
    const around = this.#around.get(manifest);
    return [...alone.found, ...(around?.facts.isSame(surroundings) ? around.found : this.#lookAround(manifest, identity, surroundings, alone, object))];
  }

  #inItself(manifest: Manifest, identity: Identity, surroundings: Surroundings): { readonly alone: Alone; readonly object?: JsonObject } {
    const subject = this.#subject(manifest, identity, new RecordedFacts({ ...surroundings, view: undefined }, manifest), undefined);
    const { found: refused, ...rest } = askApiServer(subject);
    const found = [...(isCompanion(identity) || identity.id === 'Secret' ? refused.filter((each) => !isNothing(subject, each)) : refused), ...run(documentChecks, subject)];
    const alone = { found, isAccepted: refused.length === 0 };
    this.#alone.set(manifest, alone);
    return { alone, ...rest };
  }

  /** `object`: what the API server would store, where that is at hand. */
  #lookAround(manifest: Manifest, identity: Identity, surroundings: Surroundings, alone: Alone, object?: JsonObject): readonly Diagnosis[] {
    const facts = new RecordedFacts(surroundings, manifest);
    const subject = this.#subject(manifest, identity, facts, surroundings.namespace);
    const found = [...transitions(subject, facts), ...withoutGuesses(platform(subject, facts, alone.isAccepted, object), alone.found), ...run(surroundingChecks, subject)];
    const result = withoutRepetitions(found);
    this.#around.set(manifest, { facts, found: result });
    return result;
  }

  #subject(manifest: Manifest, identity: Identity, facts: RecordedFacts, namespace: string | undefined): Subject {
    const schema = this.#schemas.kind(isPlatformKind(identity) ? platformGroup : groupOf(identity.apiVersion), identity.kind);
    const versionName = identity.apiVersion.slice(identity.apiVersion.indexOf('/') + 1);
    const version = schema?.group === groupOf(identity.apiVersion) ? schema.versions.find(({ name, served }) => served && name === versionName) : undefined;
    const object = isObject(manifest.value) ? manifest.value : {};
    return { manifest, object, identity, namespace: identity.namespace ?? namespace, schema, version, schemas: this.#schemas, facts };
  }
}

/** Kubernetes reads its own kinds more leniently than others: nothing where a value is expected is nothing, and bytes may be none or stand on several lines. */
function isNothing({ object, version }: Subject, { path, code }: Diagnosis): boolean {
  const value = valueOf(object, path);
  const schema = schemaAt(version?.schema, path);
  const isNeeded = typeof path.at(-1) === 'number' || (schemaAt(version?.schema, path.slice(0, -1))?.required?.includes(String(path.at(-1))) ?? false);
  const isBytes = typeof value === 'string' && schema?.format === 'byte' && (value === '' || hasFormat('byte', value.replace(/[\r\n]/g, '')));
  return path.length > 0 && code === 'schema/invalid' && !isNeeded && (value === null || isBytes);
}

function* run(checks: readonly Check[], subject: Subject): Iterable<Diagnosis> {
  if (subject.manifest.syntax) {
    return;
  }
  for (const { code, severity, check } of checks) {
    for (const remark of check(subject)) {
      yield { ...remark, code, severity, range: remark.range ?? tokenAt(subject.manifest, remark.path, remark.part) };
    }
  }
}

/** The stored object, in the version of the manifest; `undefined` when there is none or it is not known. */
function storedObject({ identity, namespace }: Subject, facts: RecordedFacts): JsonObject | undefined {
  const stored = identity.name === undefined ? undefined : facts.live(identity.id, identity.name, namespace);
  return stored?.apiVersion === identity.apiVersion ? stored as unknown as JsonObject : undefined;
}

/** What the API server refuses only because of what is stored already. */
function transitions(subject: Subject, facts: RecordedFacts): readonly Diagnosis[] {
  const before = storedObject(subject, facts);
  if (!before || subject.manifest.syntax) {
    return [];
  }
  const alone = new Set(askApiServer(subject).found.map(({ code, message }) => `${code} ${message}`));
  return askApiServer(subject, before).found.filter(({ code, message }) => !alone.has(`${code} ${message}`));
}

/** What the platform's admission says to the object as the API server would hand it over. Only asked about objects that get that far. `isAccepted`: the API server would take it as a new object. */
function platform(subject: Subject, facts: RecordedFacts, isAccepted: boolean, decoded?: JsonObject): readonly Diagnosis[] {
  const { manifest, schema, version, identity, schemas } = subject;
  if (!schema || !version || !(schema.group === platformGroup || identity.id === 'ModuleConfig') || manifest.syntax) {
    return [];
  }
  const object = decoded ?? decodeObject(manifest, schema, version).object;
  if (!object || (object['spec'] !== undefined && !isObject(object['spec']))) {
    return [];
  }
  if (isObject(object['metadata']) && object['metadata']['namespace'] === undefined && subject.namespace !== undefined) {
    object['metadata']['namespace'] = subject.namespace;
  }
  const before = storedObject(subject, facts);
  const fillsIn = identity.id === 'VirtualMachine' && schemas.module === '1.10' && (before ? askApiServer(subject, before).found.length === 0 : isAccepted);
  const refusal = fillsIn ? fillInMachine({ object, before, facts }, version.schema) : undefined;
  if (refusal && 'deny' in refusal) {
    return [{ code: 'platform/default-values', severity: 'error', message: refusal.deny, path: refusal.path, range: tokenAt(manifest, refusal.path), ...withFixes({ code: 'platform/default-values', path: refusal.path }, subject) }];
  }
  // Settings are looked at only when they change: what would be refused then is told, and refused where they are known to exist.
  const isFirst = identity.id === 'ModuleConfig' && !before;
  return platformFindings(schemas.module, identity.kind, { object, before: isFirst ? object : before, facts })
    .map((finding): Diagnosis => ({ ...finding, ...(isFirst && { severity: 'warning' }), range: tokenAt(manifest, finding.path), ...withFixes(finding, subject) }));
}

function withFixes({ code, path }: Pick<PlatformFinding, 'code' | 'path'>, subject: Subject): Pick<Diagnosis, 'fixes'> {
  const fixes = platformFixes(code, subject, path);
  return fixes.length > 0 ? { fixes: () => fixes } : {};
}

/** The platform is not asked about what the API server has refused: what it would say of such a part, or of what holds it, nobody knows. */
function withoutGuesses(found: readonly Diagnosis[], alone: readonly Diagnosis[]): readonly Diagnosis[] {
  const refused = alone.filter(({ code, severity }) => severity === 'error' && /^(?:yaml|schema|cel)\//.test(code)).map(({ path }) => path);
  return refused.length === 0 ? found : found.filter(({ path }) => !refused.some((other) => isWithin(path, other) || isWithin(other, path)));
}

function isWithin(path: Path, outer: Path): boolean {
  return outer.every((step, index) => path[index] === step);
}

/** A missing object is told once: by the check that offers other names, unless the platform refuses the manifest because of it. */
function withoutRepetitions(found: readonly Diagnosis[]): readonly Diagnosis[] {
  const at = (wanted: Path) => (other: Diagnosis) => other.path.join('/') === wanted.join('/');
  const missing = found.filter(({ code }) => code === 'reference/missing-object');
  const ofPlatform = found.filter(({ code }) => code === 'platform/missing-class' || code === 'platform/default-values' || code === 'platform/module-image-class');
  return found.flatMap((each): readonly Diagnosis[] => {
    const other = ofPlatform.includes(each) ? missing.find(at(each.path)) : undefined;
    if (other) {
      return each.severity === 'error' ? [{ ...each, ...(other.fixes && { fixes: other.fixes }) }] : [];
    }
    return missing.includes(each) && ofPlatform.some((refused) => refused.severity === 'error' && at(each.path)(refused)) ? [] : [each];
  });
}

/** How loud a finding is. `severities` is the setting: a code goes before its group, `off` silences. */
export function severityOf(code: string, usual: Severity, severities: Readonly<Record<string, string>>): Severity | 'off' {
  const wanted = severities[code] ?? severities[code.slice(0, code.indexOf('/'))];
  return wanted === 'off' || wanted === 'error' || wanted === 'warning' || wanted === 'information' || wanted === 'hint' ? wanted : usual;
}
