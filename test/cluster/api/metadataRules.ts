import { randomInt } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject, objectOr, type ApiObject, type JsonObject, type ManagedFields, type Resource } from './model';
import { conflict, invalid } from './status';
import type { DeleteOptions, Target } from './writer';

// What the server itself says about metadata, whatever a request wants.

const nameCharacters = 'bcdfghjklmnpqrstvwxz2456789';

/** The name of a new object, made from `generateName` where none is given. @throws ApiError 422 */
export function nameOf(resource: Resource, object: ApiObject): string {
  const prefix = object.metadata['generateName'];
  if (object.metadata.name) {
    return object.metadata.name;
  }
  if (typeof prefix !== 'string' || prefix === '') {
    throw invalid(resource, '', [{ reason: 'FieldValueRequired', message: 'Required value: name or generateName is required', field: 'metadata.name' }]);
  }
  return prefix + Array.from({ length: 5 }, () => nameCharacters[randomInt(nameCharacters.length)]).join('');
}

/** Puts back what a request cannot change: the server's metadata, and `status` or all but it, depending on the subresource. */
export function keepOwn({ resource, subresource }: Target, current: ApiObject, next: ApiObject): ApiObject {
  const metadata: ApiObject['metadata'] = { ...dropEmpty(next.metadata) };
  for (const field of ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion', 'generateName']) {
    if (current.metadata[field] === undefined) {
      delete metadata[field];
    } else {
      metadata[field] = current.metadata[field];
    }
  }
  if (!Array.isArray(metadata.managedFields)) {
    metadata.managedFields = current.metadata.managedFields ?? ([] satisfies ManagedFields[]);
  }
  const added = (metadata.finalizers ?? []).filter((finalizer) => !current.metadata.finalizers?.includes(finalizer));
  if (current.metadata.deletionTimestamp !== undefined && added.length > 0) {
    throw invalid(resource, current.metadata.name, [{
      reason: 'FieldValueForbidden', field: 'metadata.finalizers',
      message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`,
    }]);
  }
  if (!resource.hasStatus) {
    return { ...next, metadata };
  }
  const [from, status] = subresource === 'status' ? [current, next['status']] : [next, current['status']];
  const kept = subresource === 'status' && resource.schema ? { ...current.metadata, managedFields: metadata.managedFields } : metadata;
  const result: ApiObject = { ...from, metadata: kept, status };
  if (status === undefined) {
    delete result['status'];
  }
  return result;
}

/** Kubernetes' own kinds that count generations; kinds of a CRD always do. */
const withGeneration = new Set(['pods', 'deployments', 'customresourcedefinitions', 'validatingwebhookconfigurations', 'mutatingwebhookconfigurations']);

/** Whether `metadata.generation` is kept. */
export const countsGenerations = (resource: Resource) => resource.schema !== undefined || withGeneration.has(resource.plural);

/** What a generation counts the changes of. */
export function withoutMeta({ metadata: _metadata, status: _status, ...rest }: ApiObject): JsonObject {
  return rest;
}

/** Whether nothing but the time of the last owner differs. */
export function isUnchanged(current: ApiObject, next: ApiObject): boolean {
  const plain = (object: ApiObject) => ({ ...object, metadata: { ...object.metadata, managedFields: undefined } });
  const owners = (object: ApiObject) => (object.metadata.managedFields ?? []).map((entry) => ({ ...entry, time: undefined }));
  return isDeepStrictEqual(plain(current), plain(next)) && isDeepStrictEqual(owners(current), owners(next));
}

/** Without the members that are as good as absent: nulls and empty maps and lists. */
export function dropEmpty<T extends JsonObject>(metadata: T): T {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== null && !(isObject(value) && Object.keys(value).length === 0) && !(Array.isArray(value) && value.length === 0))) as T;
}

/** @throws ApiError 409 */
export function checkPreconditions(resource: Resource, current: ApiObject, { uid, resourceVersion }: DeleteOptions): void {
  // Named by the kind here, where other conflicts are named by the resource.
  const named = { ...resource, plural: resource.kind };
  const fail = (what: string, wanted: string, found: string, happened: string) => conflict(named, current.metadata.name,
    `the ${what} in the precondition (${wanted}) does not match the ${what} in record (${found}). The object might have been ${happened}`);
  if (uid !== undefined && uid !== current.metadata.uid) {
    throw fail('UID', uid, current.metadata.uid ?? '', 'deleted and then recreated');
  }
  if (resourceVersion !== undefined && resourceVersion !== current.metadata.resourceVersion) {
    throw fail('ResourceVersion', resourceVersion, current.metadata.resourceVersion ?? '', 'modified');
  }
}

/** Seconds until a deleted object goes. Only pods that run on a node get time to end; whoever plays the kubelet then removes them. */
export function graceOf(resource: Resource, object: ApiObject, options: DeleteOptions): number {
  const spec = objectOr(object['spec']);
  if (resource.group !== '' || resource.plural !== 'pods' || typeof spec['nodeName'] !== 'string' || spec['nodeName'] === '') {
    return 0;
  }
  return options.gracePeriodSeconds ?? (typeof spec['terminationGracePeriodSeconds'] === 'number' ? spec['terminationGracePeriodSeconds'] : 30);
}
