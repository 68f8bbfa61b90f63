import type { Admission } from '../../../../src/language/apiServer';
import type { Facts } from '../../../../src/language/rule';
import { isRecord } from '../../../../src/domain/kubeObject';
import type { Known } from '../known';
import type { Module } from '../resources';
import { operationAdmission } from './operations';

type JsonObject = Parameters<NonNullable<Admission['validate']>>[0];

/** What decides about the objects of one kind, given what is known of the cluster. */
export type AdmissionOf = (facts: Facts, module: Module) => Admission;

/**
 * The kinds whose creation and update are looked at, by the short name that the platform's webhooks have. The rules of a
 * kind are pure; a kind gets its rules by a line here.
 */
export const admissions: Readonly<Record<string, { readonly kind: string; readonly plural: string; readonly versions: readonly string[]; readonly of: AdmissionOf; readonly mutates?: true }>> = {
  vmop: { kind: 'VirtualMachineOperation', plural: 'virtualmachineoperations', versions: ['v1alpha2'], of: operationAdmission },
};

/** The name under which a denial is quoted. */
export const webhookName = (short: string) => `${short}.virtualization-controller.validate.d8-virtualization`;

/** What rules may know: what the platform half watches. Of other kinds nothing is known. */
export function factsOf(known: Known, watched: ReadonlyMap<string, unknown>): Facts {
  return {
    get: (kind, name, namespace) => (watched.has(kind) ? known.get(kind, name, namespace) ?? null : undefined),
    list: (kind, namespace) => (watched.has(kind) ? [...known.all(kind)].filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace) : undefined),
    settings: { edition: 'CE', sdn: false, usb: false, addressRanges: ['10.66.0.0/16'], nowMs: Date.now() },
  };
}

/** Answers an `AdmissionReview` about an object of the kind that `short` names. */
export function review(short: string, isMutating: boolean, body: unknown, facts: Facts, module: Module): object {
  const request = isRecord(body) && isRecord(body['request']) ? body['request'] : {};
  const answer = (response: object) => ({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response: { uid: request['uid'], ...response } });
  const admission = admissions[short]?.of(facts, module);
  if (!admission || !isRecord(request['object'])) {
    return answer({ allowed: true });
  }
  const object = structuredClone(request['object']) as JsonObject;
  const before = isRecord(request['oldObject']) ? (request['oldObject'] as JsonObject) : undefined;
  if (isMutating) {
    const denial = admission.mutate?.(object, before);
    return answer(denial ? denied(denial) : { allowed: true, ...patchOf(request['object'] as JsonObject, object) });
  }
  const verdict = admission.validate?.(object, before);
  return answer(verdict?.denial ? denied(verdict.denial) : { allowed: true, warnings: verdict?.warnings ?? [] });
}

function denied({ code, message }: { readonly code: number; readonly message: string }): object {
  return { allowed: false, status: { code, message, ...(code === 404 ? { reason: 'NotFound' } : code === 400 ? { reason: 'BadRequest' } : { reason: 'Forbidden' }) } };
}

function patchOf(before: JsonObject, after: JsonObject): object {
  const changed = ['metadata', 'spec'].filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  const patch = changed.map((field) => ({ op: field in before ? 'replace' : 'add', path: `/${field}`, value: after[field] }));
  return patch.length === 0 ? {} : { patchType: 'JSONPatch', patch: Buffer.from(JSON.stringify(patch)).toString('base64') };
}
