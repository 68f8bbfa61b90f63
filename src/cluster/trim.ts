import { isRecord, type KubeObject } from '../domain/kubeObject';

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object without `managedFields` and kubectl's copy of the manifest, which are large and shown nowhere, and a Secret without its values. */
export function trimmed(object: KubeObject): KubeObject {
  const kept = withoutBallast(object);
  return kept.kind === 'Secret' && kept.apiVersion === 'v1' ? withoutValues(kept) : kept;
}

/** Which keys a Secret has is all that anybody here needs; what is not kept can end up nowhere. */
function withoutValues(secret: KubeObject): KubeObject {
  const { data } = secret;
  return isRecord(data) ? { ...secret, data: Object.fromEntries(Object.keys(data).map((key) => [key, ''])) } : secret;
}

function withoutBallast(object: KubeObject): KubeObject {
  const { metadata } = object as { metadata?: KubeObject['metadata'] & { managedFields?: unknown } };
  if (!metadata || (metadata.managedFields === undefined && metadata.annotations?.[lastApplied] === undefined)) {
    return object;
  }
  const kept = without(metadata, 'managedFields');
  const annotations = kept.annotations?.[lastApplied] === undefined ? kept.annotations : without(kept.annotations, lastApplied);
  return { ...object, metadata: annotations === kept.annotations ? kept : { ...kept, ...(annotations && { annotations }) } };
}

/** A copy without one field. `delete` would make the copy a slow and large object. */
function without<T extends object>(value: T, field: string): T {
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) {
    if (name !== field) {
      copy[name] = part;
    }
  }
  return copy as T;
}
