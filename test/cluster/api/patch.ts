import { jsonPatch } from './jsonPatch';
import { mergePatch } from './mergePatch';
import type { ApiObject, Resource } from './model';
import { applyConfiguration } from './ownership';
import { isTrue, type RequestInfo } from './request';
import { shapeOf } from './shape';
import { badRequest, invalid, unsupportedMediaType } from './status';
import { strategicPatch } from './strategicPatch';
import { decodeBody } from './validation';
import type { Edit, Target } from './writer';

/** What a PUT or PATCH wants to become of an object. @throws ApiError 400, 415, 422 */
export function editOf(target: Target, info: RequestInfo, contentType: string, body: Buffer, context: { fieldManager: string; now: string }): Edit {
  const type = contentType.split(';')[0]!.trim();
  if (info.method === 'PUT') {
    const { object, duplicates } = decodeBody(body, type, target.resource.kind);
    return { duplicates, isReplacement: true, next: () => structuredClone(object) as ApiObject };
  }
  if (type !== 'application/apply-patch+yaml' && isTrue(info.query.get('force'))) {
    throw invalid(patchOptions, '', [{ reason: 'FieldValueForbidden', field: 'force', message: 'Forbidden: may not be specified for non-apply patch' }]);
  }
  switch (type) {
    case 'application/json-patch+json': {
      const patch = parsePatch(body);
      return { next: (current) => jsonPatch(current, patch) as ApiObject };
    }
    case 'application/merge-patch+json': {
      const patch = parsePatch(body);
      return { next: (current) => mergePatch(current, patch) as ApiObject };
    }
    case 'application/strategic-merge-patch+json': {
      if (target.resource.schema) {
        throw unsupportedMediaType(acceptedTypes(target.resource));
      }
      const patch = parsePatch(body);
      return { next: (current) => strategicPatch(current, patch, shapeOf(target.resource)) as ApiObject };
    }
    case 'application/apply-patch+yaml': return applyOf(target, info, body, context);
    default: throw unsupportedMediaType(acceptedTypes(target.resource));
  }
}

const patchOptions = { group: 'meta.k8s.io', plural: '', kind: 'PatchOptions' };

function acceptedTypes(resource: Resource): readonly string[] {
  return ['application/json-patch+json', 'application/merge-patch+json', ...(resource.schema ? [] : ['application/strategic-merge-patch+json']), 'application/apply-patch+yaml'];
}

function applyOf({ resource, subresource, name }: Target, { query }: RequestInfo, body: Buffer, { fieldManager, now }: { fieldManager: string; now: string }): Edit {
  if (!query.get('fieldManager')) {
    throw invalid(patchOptions, '', [{ reason: 'FieldValueRequired', field: 'fieldManager', message: 'Required value: is required for apply patch' }]);
  }
  const { object, duplicates } = decodeBody(body, 'application/yaml', resource.kind);
  const config = object as ApiObject;
  config.metadata = { ...config.metadata, name: config.metadata?.name ?? name };
  return {
    owned: true, duplicates, creates: subresource === '',
    next: (current) => applyConfiguration(current, structuredClone(config), { resource, manager: fieldManager, subresource, now, force: isTrue(query.get('force')) }),
  };
}

function parsePatch(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch (error) {
    throw badRequest(`error decoding patch: ${error instanceof Error ? error.message : String(error)}`);
  }
}
