import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Admission } from '../../../../src/language/apiServer';
import { readSettings } from '../../../../src/language/clusterSettings';
import { platformAdmission } from '../../../../src/language/platform';
import type { Facts, ModuleSettings } from '../../../../src/language/rule';
import { webhooks } from '../../../../src/language/rules';
import type { Schema } from '../../../../src/language/structural';
import { knownKind } from '../../../../src/domain/kinds/index';
import type { KindId } from '../../../../src/domain/kind';
import { platformGroup } from '../../../../src/domain/kind';
import { isRecord } from '../../../../src/domain/kubeObject';
import type { Clock } from '../../../../src/base/timing';
import type { Known } from '../known';
import { playedClaim } from '../storage';
import type { Module } from '../resources';

type JsonObject = Parameters<NonNullable<Admission['validate']>>[0];

/** One webhook of the platform as the API server is told of it. */
export interface Hook {
  readonly name: string;
  readonly kind: string;
  readonly group: string;
  readonly plural: string;
  readonly version: string;
  readonly operations: readonly ('CREATE' | 'UPDATE')[];
  /** Absent: it only looks. */
  readonly mutates?: true;
}

/** The webhooks of a module: one per kind, of classes one per version. The rules behind them are those of `src/language`. */
export function hooksOf(module: Module): readonly Hook[] {
  return Object.entries(webhooks[module]).flatMap(([kind, { name }]): readonly Hook[] => {
    const { plural, group } = knownKind(kind) ?? {};
    if (plural === undefined || group === undefined) {
      return [];
    }
    const hook = { name, kind, group, plural, version: 'v1alpha2', operations: ['CREATE', 'UPDATE'] } as const;
    if (kind === 'ModuleConfig') {
      return [{ ...hook, version: 'v1alpha1', operations: ['UPDATE'] }];
    }
    if (kind === 'VirtualMachineClass' && module === '1.10') {
      return ['v1alpha2', 'v1alpha3'].map((version) => ({ ...hook, name: name.replace('vmclass.', `vmclass-${version}.`), version }));
    }
    return [{ ...hook, ...(kind === 'VirtualMachine' && module === '1.10' ? { mutates: true } : {}) }];
  });
}

/** What rules may know: what the platform half watches, by bare names of kinds. Of other kinds nothing is known. */
export function factsOf(known: Known, watched: ReadonlyMap<string, unknown>, clock: Clock, settings: ModuleSettings = {}): Facts {
  return {
    get: (kind, name, namespace) => (watched.has(bare(kind)) ? known.get(bare(kind), name, namespace) ?? (kind === 'PersistentVolumeClaim' ? playedClaim(name, namespace, known) : undefined) ?? null : undefined),
    list: (kind, namespace) => (watched.has(bare(kind)) ? [...known.all(bare(kind))].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace) : undefined),
    get settings() {
      const configured = readSettings(known.get('ModuleConfig', 'virtualization'), known.get('ModuleConfig', 'sdn'));
      return { edition: 'CE', sdn: false, usb: false, addressRanges: ['10.66.0.0/16'], defaultDiskClass: '', defaultImageClass: '', nowMs: clock.now(), ...configured, ...settings } as const;
    },
  };
}

/** `Network` of `Network.network.deckhouse.io`. */
function bare(kind: KindId): string {
  return kind.split('.')[0] ?? kind;
}

/** Answers admission reviews of a module. */
export class Reviewer {
  readonly #module: Module;
  readonly #facts: Facts;
  readonly #schemas: ReadonlyMap<string, Schema>;

  private constructor(module: Module, facts: Facts, schemas: ReadonlyMap<string, Schema>) {
    this.#module = module;
    this.#facts = facts;
    this.#schemas = schemas;
  }

  static async create(module: Module, facts: Facts): Promise<Reviewer> {
    const schemas = new Map<string, Schema>();
    for (const { kind, group, plural } of hooksOf(module)) {
      const file = path.join(import.meta.dirname, '../../../../schemas', group === platformGroup ? module : 'companions', `${plural}.json`);
      const { versions } = JSON.parse(await readFile(file, 'utf8')) as { versions: readonly { schema: Schema }[] };
      schemas.set(kind, versions[0]?.schema ?? {});
    }
    return new Reviewer(module, facts, schemas);
  }

  /** The `AdmissionReview` that answers `body`. */
  answer(kind: string, isMutating: boolean, body: unknown): object {
    const request = isRecord(body) && isRecord(body['request']) ? body['request'] : {};
    const answer = (response: object) => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: request['uid'], ...response } });
    const admission = platformAdmission(this.#module, kind, this.#schemas.get(kind) ?? {}, this.#facts);
    if (!admission || !isRecord(request['object'])) {
      return answer({ allowed: true });
    }
    const object = structuredClone(request['object']) as JsonObject;
    const before = isRecord(request['oldObject']) ? (request['oldObject'] as JsonObject) : undefined;
    if (isMutating) {
      const denial = admission.mutate?.(object, before);
      return answer(denial ? denied(denial) : { allowed: true, ...patchOf(request['object'] as JsonObject, object) });
    }
    const { denial, warnings } = admission.validate?.(object, before) ?? { denial: undefined, warnings: [] };
    return answer(denial ? denied(denial) : { allowed: true, warnings });
  }
}

const reasons: Readonly<Record<number, string>> = { 400: 'BadRequest', 403: 'Forbidden', 404: 'NotFound' };

function denied({ code, message }: { readonly code: number; readonly message: string }): object {
  return { allowed: false, status: { code, message, reason: reasons[code] } };
}

function patchOf(before: JsonObject, after: JsonObject): object {
  const changed = ['metadata', 'spec'].filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const patch = changed.map((field) => ({ op: field in before ? 'replace' : 'add', path: `/${field}`, value: after[field] }));
  return patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
}
