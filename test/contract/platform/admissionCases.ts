import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import type { ApiObject, JsonObject } from '../../cluster/api/model';
import type { Module } from '../../cluster/crds';

/** What a server says to a dry run. `message` is there when it says no. */
export interface Verdict {
  readonly allowed: boolean;
  readonly code: number;
  readonly message?: string;
  readonly warnings?: readonly string[];
  /** What a machine's stored form has that its text did not, by path; of the fields that a webhook fills in. */
  readonly defaulted?: Readonly<Record<string, unknown>>;
}

/** One recorded question: the objects that exist, the request, the real platform's answer. */
export interface AdmissionCase {
  readonly id: string;
  readonly rule: string;
  readonly operation: 'create' | 'update' | 'delete';
  /** The variant of the cluster; absent: the usual one. */
  readonly server?: 'sdn' | 'nodefault';
  readonly given?: string;
  readonly before?: string;
  /** Present where ages count, in whole seconds. */
  readonly settle?: number;
  readonly manifest: string;
  readonly verdict: Verdict;
}

const folder = path.join(import.meta.dirname, '../../../../shared/reference/recorded/admission');

export const whyNoCases = existsSync(folder) ? undefined : 'the recorded cases are not here';

/** The cases about the kinds of a module, and the objects that exist while they are asked. */
export function admissionCases(module: Module): { readonly cases: readonly AdmissionCase[]; readonly setup: readonly ApiObject[] } {
  const suffix = module === '1.10' ? '' : '-0.17';
  const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  // Nobody asks for priority classes.
  return { cases: parse(read(`cases${suffix}.yaml`)) as AdmissionCase[], setup: documents(read(`setup${suffix}.yaml`)).filter(({ kind }) => kind !== 'PriorityClass') };
}

export function documents(text: string | undefined): ApiObject[] {
  return text === undefined ? [] : parseAllDocuments(text, loose).map((document) => document.toJS() as ApiObject | null).filter((object) => object !== null);
}

export interface Identity { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }

/** Who a text is about, even where it is no valid YAML. */
export function identityOf(text: string): Identity {
  const top = (key: string) => new RegExp(`^${key}:\\s*["']?([^"'\\s#]+)`, 'm').exec(text)?.[1];
  const metadata = /^metadata:\s*\n((?:[ \t]+.*\n|\s*\n)*)/m.exec(text)?.[1] ?? '';
  const inner = (key: string) => new RegExp(`^  ${key}:\\s*["']?([^"'\\s#]+)`, 'm').exec(metadata)?.[1];
  return { apiVersion: top('apiVersion') ?? '', kind: top('kind') ?? '', namespace: inner('namespace') ?? 'adm', name: inner('name') ?? '' };
}

/** The verdict in an answer. Warnings come as one header each, or joined into one. */
export function verdictOf(module: Module, manifest: string, answer: { code: number; text: string; json: JsonObject; headers: NodeJS.Dict<string | string[]> }): Verdict {
  const allowed = answer.code < 300;
  const header = Buffer.from([answer.headers['warning'] ?? []].flat().join(', '), 'latin1').toString();
  const warnings = [...header.matchAll(/299 \S+ "((?:[^"\\]|\\[\s\S])*)"/g)].map(([, text = '']) => text.replaceAll(/\\(.)/g, '$1'));
  const defaulted = allowed && module === '1.10' && identityOf(manifest).kind === 'VirtualMachine' ? filledIn(manifest, answer.json) : {};
  return {
    allowed, code: answer.code,
    ...(allowed ? {} : { message: typeof answer.json['message'] === 'string' ? answer.json['message'] : answer.text }),
    ...(warnings.length > 0 ? { warnings } : {}),
    ...(Object.keys(defaulted).length > 0 ? { defaulted } : {}),
  };
}

/** A verdict in a form that is the same for the same answer: several causes come in no fixed order. */
export function comparable({ message, ...verdict }: Verdict): object {
  const causes = / is invalid: \[([\s\S]*)\]$/.exec(message ?? '');
  const inOrder = causes?.[1] === undefined ? message : `${message?.slice(0, causes.index) ?? ''} is invalid: ${causes[1].split(/, (?=spec|metadata|status|<nil>)/).sort().join(' | ')}`;
  const { allowed, code, warnings = [], defaulted = {} } = verdict;
  return { allowed, code, message: inOrder ?? '', warnings, defaulted: Object.fromEntries(Object.entries(defaulted).sort()) };
}

interface Machine { readonly spec?: { virtualMachineClassName?: string; cpu?: { coreFraction?: string }; networks?: readonly { id?: number }[] } | null }

function filledIn(manifest: string, answer: JsonObject): Record<string, unknown> {
  const sent = (documents(manifest)[0] as Machine | undefined)?.spec ?? {};
  const stored = (answer as Machine).spec ?? {};
  return {
    ...(sent.virtualMachineClassName ? {} : { 'spec.virtualMachineClassName': stored.virtualMachineClassName }),
    ...(sent.cpu?.coreFraction ? {} : { 'spec.cpu.coreFraction': stored.cpu?.coreFraction }),
    ...Object.fromEntries((stored.networks ?? []).flatMap(({ id }, index) => (id === undefined || sent.networks?.[index]?.id !== undefined ? [] : [[`spec.networks[${index}].id`, id]]))),
  };
}

const loose = { strict: false, uniqueKeys: false, merge: true, logLevel: 'silent' } as const;
