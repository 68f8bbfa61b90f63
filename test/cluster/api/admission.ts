import { randomUUID } from 'node:crypto';
import type { Conversion } from './conversion';
import { jsonPatch } from './jsonPatch';
import { objectOr, objectsOf, stringsOf, textOf, type ApiObject, type JsonObject, type Resource } from './model';
import type { Registry } from './registry';
import { matchesLabelSelector } from './selectors';
import { ApiError, internalError } from './status';
import { decode, derived, type Storage } from './storage';
import type { WebhookCaller } from './webhookCall';
import type { Caller, Target } from './writer';

/** A change as admission sees it. */
export interface Attributes {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly target: Target;
  /** The new state; undefined for a deletion. */
  readonly object: ApiObject | undefined;
  readonly old: ApiObject | undefined;
  readonly caller: Caller;
}

interface Parts { readonly storage: Storage; readonly registry: Registry; readonly conversion: Conversion; readonly call: WebhookCaller }

const group = 'admissionregistration.k8s.io';

/** Asks the registered webhooks, as the real server does. */
export class Admission {
  readonly #parts: Parts;
  readonly #mutating: () => readonly JsonObject[];
  readonly #validating: () => readonly JsonObject[];

  constructor(parts: Parts) {
    this.#parts = parts;
    const webhooks = (plural: string) => derived(parts.storage, [`${group}/${plural}`], () =>
      parts.storage.snapshot(`${group}/${plural}`).items.flatMap((stored) => objectsOf(decode(stored)['webhooks'])));
    this.#mutating = webhooks('mutatingwebhookconfigurations');
    this.#validating = webhooks('validatingwebhookconfigurations');
  }

  /** The object as the mutating webhooks leave it: the same one when none changed it. @throws ApiError */
  async mutate(attributes: Attributes): Promise<ApiObject> {
    let object = attributes.object!;
    for (const webhook of this.#mutating()) {
      const version = this.#versionFor(webhook, attributes);
      if (version === undefined) {
        continue;
      }
      const { response, sent } = await this.#ask(webhook, version, { ...attributes, object });
      if (typeof response['patch'] === 'string') {
        const patched = jsonPatch(structuredClone(sent), JSON.parse(Buffer.from(response['patch'], 'base64').toString())) as ApiObject;
        object = await this.#parts.conversion.toVersion(attributes.target.resource, patched, attributes.target.resource.version);
      }
    }
    return object;
  }

  /** @throws ApiError when a webhook denies, or fails and must not */
  async validate(attributes: Attributes): Promise<void> {
    await Promise.all(this.#validating().map(async (webhook) => {
      const version = this.#versionFor(webhook, attributes);
      if (version !== undefined) {
        await this.#ask(webhook, version, attributes);
      }
    }));
  }

  /** The version a webhook wants the object in; undefined when it does not want this change. */
  #versionFor(webhook: JsonObject, { operation, target, object, old }: Attributes): string | undefined {
    const { resource, subresource, namespace } = target;
    if (resource.group === group || !this.#selects(webhook, namespace, resource, object ?? old)) {
      return undefined;
    }
    const matches = (version: string) => objectsOf(webhook['rules']).some((rule) => matchesRule(rule, operation, resource, version, subresource));
    if (matches(resource.version)) {
      return resource.version;
    }
    return webhook['matchPolicy'] === 'Exact' ? undefined : this.#parts.registry.versionsOf(resource).find(matches);
  }

  #selects(webhook: JsonObject, namespace: string, resource: Resource, object: ApiObject | undefined): boolean {
    const stored = resource.namespaced ? this.#parts.storage.get('/namespaces', `/${namespace}`) : undefined;
    return (stored === undefined || matchesLabelSelector(objectOr(webhook['namespaceSelector']), stored.labels))
      && matchesLabelSelector(objectOr(webhook['objectSelector']), object?.metadata.labels ?? {});
  }

  async #ask(webhook: JsonObject, version: string, attributes: Attributes): Promise<{ response: JsonObject; sent: ApiObject | undefined }> {
    const name = textOf(webhook['name']);
    const { target: { resource }, caller } = attributes;
    if (caller.dryRun && !['None', 'NoneOnDryRun'].includes(textOf(webhook['sideEffects']))) {
      throw new ApiError(400, 'BadRequest', `admission webhook "${name}" does not support dry run`);
    }
    const convert = async (object: ApiObject | undefined) => object && await this.#parts.conversion.toVersion(resource, object, version);
    const [sent, old] = [await convert(attributes.object), await convert(attributes.old)];
    const seconds = typeof webhook['timeoutSeconds'] === 'number' ? webhook['timeoutSeconds'] : 10;
    let response: JsonObject;
    try {
      const review = await this.#parts.call(objectOr(webhook['clientConfig']), reviewOf(attributes, version, sent, old), seconds * 1000);
      response = objectOr(review['response']);
    } catch (error) {
      if (webhook['failurePolicy'] === 'Ignore') {
        return { response: { allowed: true }, sent };
      }
      throw internalError(`failed calling webhook "${name}": failed to call webhook: ${error instanceof Error ? error.message : String(error)}`);
    }
    stringsOf(response['warnings']).forEach((warning) => caller.warn(warning));
    if (response['allowed'] !== true) {
      throw denial(name, objectOr(response['status']));
    }
    return { response, sent };
  }
}

function matchesRule(rule: JsonObject, operation: string, resource: Resource, version: string, subresource: string): boolean {
  const has = (field: string, ...wanted: string[]) => stringsOf(rule[field]).some((value) => wanted.includes(value));
  const { plural } = resource;
  const resources = subresource === '' ? [plural, '*', '*/*'] : [`${plural}/${subresource}`, `${plural}/*`, `*/${subresource}`, '*/*'];
  return has('operations', operation, '*') && has('apiGroups', resource.group, '*') && has('apiVersions', version, '*') && has('resources', ...resources)
    && (rule['scope'] === undefined || rule['scope'] === '*' || (rule['scope'] === 'Namespaced') === resource.namespaced);
}

function reviewOf({ operation, target, object: original, old: originalOld, caller }: Attributes, version: string, object: ApiObject | undefined, old: ApiObject | undefined): JsonObject {
  const { resource, namespace, subresource } = target;
  const kindOf = (of: string) => ({ group: resource.group, version: of, kind: resource.kind });
  const resourceOf = (of: string) => ({ group: resource.group, version: of, resource: resource.plural });
  return {
    kind: 'AdmissionReview', apiVersion: 'admission.k8s.io/v1',
    request: {
      uid: randomUUID(), kind: kindOf(version), resource: resourceOf(version), requestKind: kindOf(resource.version), requestResource: resourceOf(resource.version),
      ...(subresource === '' ? {} : { subResource: subresource, requestSubResource: subresource }),
      name: (original ?? originalOld)?.metadata.name, ...(resource.namespaced ? { namespace } : {}), operation,
      userInfo: { username: caller.user.name, groups: caller.user.groups },
      object: object ?? null, oldObject: old ?? null, dryRun: caller.dryRun,
      options: { kind: optionsKind[operation], apiVersion: 'meta.k8s.io/v1', ...(operation === 'DELETE' ? {} : { fieldManager: caller.fieldManager, fieldValidation: caller.fieldValidation }) },
    },
  };
}

const optionsKind = { CREATE: 'CreateOptions', UPDATE: 'UpdateOptions', DELETE: 'DeleteOptions' } as const;

function denial(webhook: string, status: JsonObject): ApiError {
  const deniedBy = `admission webhook "${webhook}" denied the request`;
  const text = textOf(status['message']) || textOf(status['reason']);
  const code = typeof status['code'] === 'number' && status['code'] >= 400 ? status['code'] : 400;
  return new ApiError(code, textOf(status['reason']), text === '' ? `${deniedBy} without explanation` : `${deniedBy}: ${text}`, status['details'] === undefined ? undefined : objectOr(status['details']));
}

