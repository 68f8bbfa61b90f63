import type { KubeObject } from '../domain/kubeObject';
import { isRecord } from '../domain/kubeObject';
import type { OperationRequest } from '../domain/operations';
import type { KubeApi, Resource } from './api';
import { ClusterError } from './errors';

/** Failures after which nobody knows whether the server has done it. */
const lostAnswers: readonly string[] = ['unreachable', 'timeout', 'proxy'];

/**
 * Carries out what a user asked for; answers with the object that was written. A create whose answer is lost is sent once more:
 * its name is ours, so `AlreadyExists` with the same spec means that the first one arrived. Throws `ClusterError`.
 */
export async function operate(api: KubeApi, resource: Resource, request: OperationRequest, signal: AbortSignal): Promise<KubeObject | undefined> {
  const { object } = request;
  const { name, namespace, uid } = object.metadata;
  switch (request.verb) {
    case 'create':
      return create(api, resource, object, signal);
    case 'patch':
      return api.patch(resource, { name, namespace }, request.patch, { type: 'merge', signal });
    case 'delete':
      await api.delete(resource, { name, namespace }, { uid, signal });
      return undefined;
  }
}

async function create(api: KubeApi, resource: Resource, object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
  try {
    return await api.create(resource, object, { signal });
  } catch (error) {
    if (!(error instanceof ClusterError) || !lostAnswers.includes(error.reason) || signal.aborted) {
      throw error;
    }
  }
  try {
    return await api.create(resource, object, { signal });
  } catch (error) {
    if (!(error instanceof ClusterError) || error.reason !== 'alreadyExists') {
      throw error;
    }
    const there = await api.get(resource, object.metadata.name, object.metadata.namespace, { signal });
    if (!includes(there.spec, object.spec)) {
      throw error;
    }
    return there;
  }
}

/** Whether everything that was asked for is there; defaults may have been added to it. */
function includes(there: unknown, asked: unknown): boolean {
  if (isRecord(asked)) {
    return isRecord(there) && Object.entries(asked).every(([field, value]) => value === undefined || includes(there[field], value));
  }
  if (Array.isArray(asked)) {
    return Array.isArray(there) && there.length === asked.length && asked.every((value, index) => includes(there[index], value));
  }
  return there === asked;
}
