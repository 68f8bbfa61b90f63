import { t } from '@vscode/l10n';
import type { Path } from '../domain/values';
import type { Finding } from './apiServer';
import { decodeObject, judge, validateObject } from './apiServer';
import type { Severity, Subject } from './check';
import type { Fix } from './edits';
import { removeField, renameKey, setScalar } from './edits';
import type { Range } from './manifest';
import type { JsonObject } from './prune';
import { isObject } from './prune';
import type { Json } from './scalars';
import { choicesOf, manifestSchema, schemaAt } from './schemaPath';
import { nearest } from './similar';
import { storedInstead } from './storedInstead';
import type { Cause, Schema } from './structural';
import { syntaxWords } from './syntaxWords';
import { tokenAt } from './places';
import { valueOf } from './values';

/** One diagnostic, with its range inside its document. */
export interface Diagnosis {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly range: Range;
  readonly path: Path;
  /** As the API server names the place, where that is not the path. */
  readonly field?: string;
  readonly isDeprecated?: boolean;
  readonly fixes?: () => readonly Fix[];
}

export interface Answer {
  readonly found: readonly Diagnosis[];
  /** What would be stored, for the caller to keep and change; absent where it is refused. */
  readonly object?: JsonObject;
}

/** What the API server itself refuses, all of it at once: fields that it does not know do not hide what else is wrong. `before` is the stored object. */
export function askApiServer(subject: Subject, before?: JsonObject): Answer {
  const { manifest, schema, version } = subject;
  if (manifest.syntax) {
    return { found: [{ code: 'yaml/syntax', severity: 'error', ...syntaxWords(manifest, manifest.syntax), range: manifest.syntax.range, path: [] }] };
  }
  if (!schema || !version) {
    return { found: [] };
  }
  const verdict = judge({ manifest, kind: schema, version: version.name, operation: before ? 'update' : 'create', ...(before && { before }) });
  const found = verdict.findings.map((finding, index) => diagnose(subject, finding, verdict.causes[index], verdict.causes));
  const isStrict = verdict.findings.length > 0 && verdict.findings.every(({ code }) => code === 'yaml/duplicate-key' || code === 'schema/unknown-field');
  const warnings = verdict.allowed ? ruleWarnings(subject, verdict.warnings) : [];
  return {
    found: [...found.filter((each) => each !== undefined), ...(isStrict ? behindStrict(subject, verdict.findings, before) : []), ...warnings],
    ...(verdict.object && { object: verdict.object }),
  };
}

/** What the server would say next, once the unknown fields are gone. A required field that is probably one of the misspelt ones is not missed. */
function behindStrict(subject: Subject, strict: readonly Finding[], before: JsonObject | undefined): readonly Diagnosis[] {
  const { manifest, schema, version } = subject;
  if (!schema || !version) {
    return [];
  }
  const { object } = decodeObject(manifest, schema, version);
  if (!object) {
    return [];
  }
  if (version.subresources?.status) {
    delete object['status'];
  }
  const { causes } = validateObject(object, schema, version, before, manifest.floats);
  const misspelt = new Set(strict.map(({ path }) => JSON.stringify(path.slice(0, -1))));
  const next = causes
    .filter((cause) => !('isRule' in cause) && !(cause.reason === 'FieldValueRequired' && misspelt.has(JSON.stringify(cause.path.slice(0, -1)))))
    .map((cause) => diagnose(subject, { code: 'isRule' in cause ? 'cel/rule' : cause.field.startsWith('metadata') ? 'schema/metadata' : 'schema/invalid', message: cause.message, path: cause.path }, cause, causes));
  return next.flatMap((each): readonly Diagnosis[] => (each ? [{ ...each, severity: 'warning' }] : []));
}

function diagnose(subject: Subject, finding: Finding, cause: Cause | undefined, causes: readonly Cause[]): Diagnosis | undefined {
  const { manifest } = subject;
  const isNameless = cause?.field === '<nil>' && finding.code !== 'cel/rule';
  if (isNameless && (cause.path.length === 0 || causes.some((other) => isTold(cause, other, causes)))) {
    return undefined;
  }
  const isUnknown = finding.code === 'schema/unknown-field';
  const range = finding.range ?? tokenAt(manifest, finding.path, isUnknown ? 'key' : 'value');
  const words = isNameless ? alternativeOf(subject, finding) : wording(subject, finding, cause);
  const note = finding.code === 'schema/invalid' ? storedInstead(subject, finding.path) : undefined;
  const message = note === undefined ? words.message : `${words.message}${/[.?]$/.test(words.message) ? '' : '.'} ${note}`;
  return { code: finding.code, severity: 'error', range, path: finding.path, ...(cause && !isNameless && { field: cause.field }), ...words, message };
}

/** That none of several forms fits needs no word where a field in it is named, and one word is enough. */
function isTold(cause: Cause, other: Cause, causes: readonly Cause[]): boolean {
  const isInside = cause.path.every((step, index) => other.path[index] === step);
  return isInside && (other.field !== '<nil>' || (other.path.length === cause.path.length && causes.indexOf(other) < causes.indexOf(cause)));
}

/** Which of the possible forms is meant, and what it has and has not. */
function alternativeOf({ object, version, manifest }: Subject, { path, message }: Finding): Pick<Diagnosis, 'message' | 'fixes'> {
  const forms = schemaAt(version && manifestSchema(version), path)?.oneOf ?? [];
  const value = valueOf(object, path);
  const selector = forms.map(({ properties = {} }) => Object.entries(properties).flatMap(([name, schema]) => (schema.enum ?? []).map((allowed) => ({ name, allowed }))));
  const meant = isObject(value) ? selector.findIndex((conditions) => conditions.some(({ name, allowed }) => value[name] === allowed)) : -1;
  const [condition] = selector[meant] ?? [];
  if (!isObject(value) || !condition) {
    return { message };
  }
  const wanted = forms[meant]?.required ?? [];
  const strangers = [...new Set(forms.flatMap(({ required = [] }) => required))].filter((name) => !wanted.includes(name) && Object.hasOwn(value, name));
  const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`).join(', ');
  const chosen = `${condition.name}: ${shown(condition.allowed)}`;
  return strangers.length === 0 ? { message: t('With "{0}" the field {1} is needed.', chosen, quoted(wanted)) } : {
    message: t('{0} does not go with "{1}".', quoted(strangers), chosen),
    fixes: () => strangers.map((name) => ({ title: t('Remove "{0}"', name), changes: [removeField(manifest, [...path, name])] })),
  };
}

function wording(subject: Subject, finding: Finding, cause: Cause | undefined): Pick<Diagnosis, 'message' | 'fixes'> {
  const { manifest, version } = subject;
  const { path } = finding;
  const name = String(path.at(-1) ?? '');
  const root = version && manifestSchema(version);
  if (finding.code === 'schema/unknown-field') {
    return unknownField(subject, path, schemaAt(root, path.slice(0, -1)));
  }
  if (finding.code === 'yaml/duplicate-key') {
    return { message: t('The field "{0}" is here twice.', /key "(.*)" already/.exec(finding.message)?.[1] ?? name) };
  }
  const value = valueOf(subject.object, path);
  if (cause?.reason === 'FieldValueRequired' && cause.message === 'Required value') {
    return { message: path.length > 1 ? t('"{0}" is missing in "{1}".', name, parentName(path)) : t('"{0}" is missing.', name) };
  }
  const schema = schemaAt(root, path);
  if (cause?.reason === 'FieldValueNotSupported' && schema?.enum) {
    const choices = choicesOf(schema) ?? [];
    const meant = typeof value === 'string' ? nearest(value, choices) : undefined;
    const message = meant === undefined ? t('"{0}" is not possible here. Possible are: {1}.', shown(value), choices.join(', '))
      : t('"{0}" is not possible here. Did you mean "{1}"?', shown(value), meant);
    const ordered = meant === undefined ? choices : [meant, ...choices.filter((choice) => choice !== meant)];
    return { message, fixes: () => ordered.slice(0, 4).map((choice) => ({ title: t('Change to "{0}"', choice), changes: [setScalar(manifest, path, choice)] })) };
  }
  return { message: finding.message, ...typeFix(subject, path, value, schema) };
}

function unknownField({ manifest }: Subject, path: Path, parent: Schema | undefined): Pick<Diagnosis, 'message' | 'fixes'> {
  const name = String(path.at(-1));
  const written = siblingsOf(manifest.value, path);
  const known = Object.keys(parent?.properties ?? {});
  const meant = nearest(name, known.filter((each) => !written.includes(each)));
  const remove: () => Fix = () => ({ title: t('Remove "{0}"', name), changes: [removeField(manifest, path)] });
  if (meant === undefined) {
    return { message: path.length > 1 ? t('"{0}" is no field of "{1}".', name, parentName(path)) : t('"{0}" is no field of a manifest.', name), fixes: () => [remove()] };
  }
  return {
    message: t('There is no field "{0}". Did you mean "{1}"?', name, meant),
    fixes: () => [{ title: t('Change to "{0}"', meant), changes: [renameKey(manifest, path, meant)] }, remove()],
  };
}

/** A text where a number or a truth value belongs, or the other way round: quotes come or go. */
function typeFix({ manifest }: Subject, path: Path, value: Json | undefined, schema: Schema | undefined): Pick<Diagnosis, 'fixes'> {
  const range = tokenAt(manifest, path);
  const written = manifest.text.slice(range.start, range.end);
  const bare = typeof value === 'string' && /^["']/.test(written) ? value : undefined;
  const isBare = bare !== undefined && (((schema?.type === 'integer' || schema?.type === 'number') && /^-?\d+$/.test(bare)) || (schema?.type === 'boolean' && /^(true|false)$/.test(bare)));
  if (isBare) {
    return { fixes: () => [{ title: t('Remove the quotes'), changes: [{ range, text: bare }] }] };
  }
  if (schema?.type === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return { fixes: () => [{ title: t('Put it in quotes'), changes: [{ range, text: JSON.stringify(written) }] }] };
  }
  return {};
}

/** Rules that an unchanged part breaks are only warned about; everything else that the server warns about is told by checks of our own. */
function ruleWarnings(subject: Subject, warnings: readonly string[]): readonly Diagnosis[] {
  return warnings.filter((text) => text.startsWith('spec')).map((message) => ({ code: 'cel/rule', severity: 'warning', message, path: ['spec'], range: tokenAt(subject.manifest, ['spec']) }));
}

function siblingsOf(root: Json | undefined, path: Path): readonly string[] {
  const parent = valueOf(root, path.slice(0, -1));
  return isObject(parent) ? Object.keys(parent) : [];
}

function parentName(path: Path): string {
  return String(path.slice(0, -1).findLast((step) => typeof step === 'string') ?? '');
}

function shown(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}
