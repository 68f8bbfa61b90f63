import { jsonPath } from './jsonPath';
import { isObject, objectOr, textOf, type ApiObject, type JsonObject, type Resource } from './model';
import type { Edit } from './writer';

/** The `Scale` of an object, as its CRD says where to find it. */
export function scaleOf({ scale }: Resource, object: ApiObject): ApiObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const count = (path: string) => Number(jsonPath(path)(object)[0] ?? 0);
  const selector = scale?.labelSelectorPath === undefined ? '' : textOf(jsonPath(scale.labelSelectorPath)(object)[0]);
  return {
    kind: 'Scale', apiVersion: 'autoscaling/v1',
    metadata: { name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(creationTimestamp === undefined ? {} : { creationTimestamp }) },
    spec: { replicas: count(scale?.specReplicasPath ?? '') },
    status: { replicas: count(scale?.statusReplicasPath ?? ''), ...(selector === '' ? {} : { selector }) },
  };
}

/** An edit of the `Scale` as one of the object. */
export function throughScale(resource: Resource, edit: Edit): Edit {
  return {
    next: (current) => {
      const scale = edit.next(scaleOf(resource, current!));
      const next = structuredClone(current!);
      const { resourceVersion } = scale.metadata;
      next.metadata = { ...next.metadata, ...(resourceVersion === undefined ? {} : { resourceVersion }) };
      put(next, resource.scale?.specReplicasPath ?? '', objectOr(scale['spec'])['replicas']);
      return next;
    },
  };
}

/** CRDs allow only plain paths for replicas: `.spec.replicas`. */
function put(object: JsonObject, path: string, value: unknown): void {
  const steps = path.split('.').filter((step) => step !== '');
  const last = steps.pop();
  let parent = object;
  for (const step of steps) {
    const child = parent[step];
    parent = isObject(child) ? child : (parent[step] = {});
  }
  if (last !== undefined) {
    parent[last] = value;
  }
}
