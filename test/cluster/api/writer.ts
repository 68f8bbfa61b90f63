import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../../../src/base/timing';
import type { Finding } from '../../../src/language/apiServer';
import type { User } from './access';
import type { Admission } from './admission';
import { fillIn } from './builtinDefaults';
import type { Conversion } from './conversion';
import { checkPreconditions, countsGenerations, dropEmpty, graceOf, isUnchanged, keepOwn, nameOf, withoutMeta } from './metadataRules';
import { groupVersionOf, isObject, nowOf, qualifiedName, timeOf, type ApiObject, type Resource } from './model';
import { recordUpdate } from './ownership';
import { storageKey } from './registry';
import { alreadyExists, ApiError, badRequest, conflict, invalid, modified, notFound } from './status';
import { decode, type Storage, type Stored } from './storage';
import { decodeFields, tidy, validate } from './validation';

/** What is written. `name` is empty for a creation. */
export interface Target { readonly resource: Resource; readonly namespace: string; readonly name: string; readonly subresource: string }

export interface Caller {
  readonly user: User;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: string;
  /** Keys that the request's text has twice. */
  readonly duplicates: readonly Finding[];
  /** Sends a `Warning` header with the answer. */
  readonly warn: (text: string) => void;
}

/** What becomes of an object: the next state, without changing `current`, which is undefined when there is none. */
export interface Edit {
  readonly next: (current: ApiObject | undefined) => ApiObject;
  /** Set by apply, which keeps its own account of who owns what. */
  readonly owned?: boolean;
  readonly duplicates?: readonly Finding[];
  /** A PUT: for kinds of a CRD it must name the version it replaces. */
  readonly isReplacement?: boolean;
  /** Whether a missing object is created. */
  readonly creates?: boolean;
}

export interface DeleteOptions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly gracePeriodSeconds?: number | undefined;
}

/** How often an edit is tried again when somebody else wrote in between. */
const attempts = 50;

/** Everything that changes objects, in the order of steps of the real server. */
export class Writer {
  readonly #storage: Storage;
  readonly #conversion: Conversion;
  readonly #admission: Admission;
  readonly #clock: Clock;

  constructor(parts: { storage: Storage; conversion: Conversion; admission: Admission; clock: Clock }) {
    this.#storage = parts.storage;
    this.#conversion = parts.conversion;
    this.#admission = parts.admission;
    this.#clock = parts.clock;
  }

  async create(target: Target, object: ApiObject, caller: Caller, owned = false): Promise<ApiObject> {
    const { resource } = target;
    this.#checkEnvelope(target, object);
    decodeFields(resource, object, caller.duplicates, caller.fieldValidation, caller.warn);
    this.#checkNamespace(target);
    const name = nameOf(resource, object);
    const now = nowOf(this.#clock);
    object.metadata = { ...dropEmpty(object.metadata), name, ...(resource.namespaced ? { namespace: target.namespace } : {}), uid: randomUUID(), creationTimestamp: now };
    for (const field of ['resourceVersion', 'selfLink', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation']) {
      delete object.metadata[field];
    }
    if (countsGenerations(resource)) {
      object.metadata.generation = 1;
    }
    if (resource.hasStatus && resource.schema) {
      delete object['status'];
    }
    const next = await this.#admit(target, undefined, object, caller, now, owned);
    if (this.#find({ ...target, name })) {
      throw alreadyExists(resource, name);
    }
    return this.#put(resource, next, caller);
  }

  /** Replaces or patches an object. @throws ApiError 404, 409, 422 */
  async edit(target: Target, edit: Edit, asked: Caller): Promise<{ object: ApiObject; created: boolean }> {
    const caller = { ...asked, duplicates: edit.duplicates ?? [] };
    for (let attempt = 1; ; attempt++) {
      const stored = this.#find(target);
      if (!stored) {
        if (!edit.creates) {
          throw notFound(target.resource, target.name);
        }
        return { object: await this.create(target, edit.next(undefined), caller, edit.owned), created: true };
      }
      const [current] = await this.#conversion.decode(target.resource, [stored]);
      const next = edit.next(structuredClone(current));
      if (edit.isReplacement && target.resource.schema && !next.metadata?.resourceVersion) {
        throw invalid({ ...target.resource, kind: target.resource.plural }, target.name, [{ reason: 'FieldValueInvalid', message: 'Invalid value: 0: must be specified for an update', field: 'metadata.resourceVersion' }]);
      }
      const result = await this.#tryEdit(target, stored, current!, next, edit.owned === true, caller);
      if (result) {
        return { object: result, created: false };
      }
      if (attempt >= attempts) {
        throw modified(target.resource, target.name);
      }
    }
  }

  async delete(target: Target, options: DeleteOptions, caller: Caller): Promise<{ object: ApiObject; gone: boolean }> {
    const { resource } = target;
    const stored = this.#find(target);
    if (!stored) {
      throw notFound(resource, target.name);
    }
    const [current] = await this.#conversion.decode(resource, [stored]);
    checkPreconditions(resource, current!, options);
    await this.#admission.validate({ operation: 'DELETE', target, object: undefined, old: current!, caller });
    const grace = graceOf(resource, current!, options);
    if (this.#find(target) !== stored) {
      // Somebody wrote while the webhooks were asked.
      return await this.delete(target, options, caller);
    }
    const last = decode(stored);
    // A namespace is removed when it is empty.
    const waits = (last.metadata.finalizers?.length ?? 0) > 0 || storageKey(resource) === '/namespaces';
    if (waits || grace > 0) {
      if (last.metadata.deletionTimestamp !== undefined) {
        return { object: current!, gone: false };
      }
      last.metadata.deletionTimestamp = timeOf(this.#clock.now() + grace * 1000);
      last.metadata['deletionGracePeriodSeconds'] = grace;
      fillIn(resource, last, undefined, nowOf(this.#clock));
      if (last.metadata.generation !== undefined) {
        last.metadata.generation++;
      }
      if (!caller.dryRun) {
        this.#storage.put(storageKey(resource), last);
      }
      return { object: last, gone: false };
    }
    if (!caller.dryRun) {
      this.#storage.remove(storageKey(resource), last);
    }
    return { object: current!, gone: true };
  }

  /** One try of an edit; undefined when somebody else wrote meanwhile. */
  async #tryEdit(target: Target, stored: Stored, current: ApiObject, next: ApiObject, owned: boolean, caller: Caller): Promise<ApiObject | undefined> {
    const { resource } = target;
    this.#checkEnvelope(target, next);
    if (next.metadata.resourceVersion !== undefined && next.metadata.resourceVersion !== current.metadata.resourceVersion) {
      throw modified(resource, target.name);
    }
    if (next.metadata.uid !== undefined && next.metadata.uid !== current.metadata.uid) {
      throw conflict(resource, target.name, `Precondition failed: UID in precondition: ${next.metadata.uid}, UID in object meta: ${current.metadata.uid ?? ''}`);
    }
    decodeFields(resource, next, caller.duplicates, caller.fieldValidation, caller.warn);
    const now = nowOf(this.#clock);
    const merged = keepOwn(target, current, next);
    const admitted = await this.#admit(target, current, merged, caller, now, owned);
    if (countsGenerations(resource) && !isDeepStrictEqual(withoutMeta(admitted), withoutMeta(current))) {
      admitted.metadata.generation = (current.metadata.generation ?? 0) + 1;
    }
    if (this.#storage.get(storageKey(resource), stored.key) !== stored) {
      return undefined;
    }
    if (isUnchanged(current, admitted)) {
      return current;
    }
    if (admitted.metadata.deletionTimestamp !== undefined && (admitted.metadata.finalizers?.length ?? 0) === 0 && !caller.dryRun
      && (current.metadata.finalizers?.length ?? 0) > 0) {
      this.#storage.remove(storageKey(resource), await this.#conversion.toStorage(resource, structuredClone(admitted)));
      return admitted;
    }
    return await this.#put(resource, admitted, caller);
  }

  /** Mutating webhooks, defaults, the schema, validating webhooks. */
  async #admit(target: Target, old: ApiObject | undefined, object: ApiObject, caller: Caller, now: string, owned: boolean): Promise<ApiObject> {
    const { resource } = target;
    const operation = old ? 'UPDATE' : 'CREATE';
    fillIn(resource, object, old, now);
    // Apply has accounted for the object as it was before the webhooks saw it.
    const accounted = owned ? structuredClone(object) : old;
    const mutated = await this.#admission.mutate({ operation, target, object, old, caller });
    tidy(resource, mutated);
    recordUpdate({ resource, old: accounted, next: mutated, manager: caller.fieldManager, subresource: target.subresource, now });
    const causes = validate(resource, mutated, old, caller.warn);
    if (causes.length > 0) {
      throw invalid(resource, mutated.metadata.name, causes);
    }
    await this.#admission.validate({ operation, target, object: mutated, old, caller });
    return mutated;
  }

  async #put(resource: Resource, object: ApiObject, caller: Caller): Promise<ApiObject> {
    const converted = await this.#conversion.toStorage(resource, structuredClone(object));
    if (!caller.dryRun) {
      this.#storage.put(storageKey(resource), converted);
      object.metadata.resourceVersion = converted.metadata.resourceVersion!;
    }
    return object;
  }

  #find({ resource, namespace, name }: Target): Stored | undefined {
    return this.#storage.get(storageKey(resource), `${resource.namespaced ? namespace : ''}/${name}`);
  }

  #checkEnvelope({ resource, namespace, name }: Target, object: ApiObject): void {
    if (object.apiVersion !== groupVersionOf(resource) || object.kind !== resource.kind) {
      throw badRequest(`the API version in the data (${object.apiVersion}, Kind=${object.kind}) does not match the expected API version (${groupVersionOf(resource)}, Kind=${resource.kind})`);
    }
    object.metadata = isObject(object.metadata) ? object.metadata : { name: '' };
    if (resource.namespaced && object.metadata.namespace !== undefined && object.metadata.namespace !== '' && object.metadata.namespace !== namespace) {
      throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
    }
    if (name !== '' && object.metadata.name !== name && object.metadata.name !== undefined) {
      throw badRequest(`the name of the object (${object.metadata.name}) does not match the name on the URL (${name})`);
    }
  }

  #checkNamespace({ resource, namespace }: Target): void {
    if (!resource.namespaced) {
      return;
    }
    const stored = this.#storage.get('/namespaces', `/${namespace}`);
    if (!stored) {
      throw notFound({ group: '', plural: 'namespaces', kind: 'Namespace' }, namespace);
    }
    if (decode(stored).metadata.deletionTimestamp !== undefined) {
      throw new ApiError(403, 'Forbidden', `${qualifiedName(resource)} is forbidden: unable to create new content in namespace ${namespace} because it is being terminated`);
    }
  }
}
