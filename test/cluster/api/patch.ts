import { jsonPatch } from './jsonPatch';
import { mergePatch } from './mergePatch';
import type { ApiObject } from './model';
import { isTrue, type RequestInfo } from './request';
import { badRequest, unsupportedMediaType } from './status';
import { decodeBody } from './validation';
import type { Caller, Edit, Target } from './writer';

/** What a PUT or PATCH wants to become of an object. @throws ApiError 400, 415 */
export function editOf(_target: Target, { method, query }: RequestInfo, contentType: string, body: Buffer, _caller: Caller): Edit {
  const type = contentType.split(';')[0]!.trim();
  if (method === 'PUT') {
    const { object } = decodeBody(body, type);
    return { next: () => structuredClone(object) as ApiObject };
  }
  if (isTrue(query.get('force')) && !type.startsWith('application/apply-patch')) {
    throw badRequest('force may only be set for apply');
  }
  switch (type) {
    case 'application/json-patch+json': {
      const patch: unknown = JSON.parse(body.toString());
      return { next: (current) => jsonPatch(current, patch) as ApiObject };
    }
    case 'application/merge-patch+json': case 'application/strategic-merge-patch+json': {
      const patch = decodeBody(body, 'application/json').object;
      return { next: (current) => mergePatch(current, patch) as ApiObject };
    }
    default: throw unsupportedMediaType(['application/json-patch+json', 'application/merge-patch+json', 'application/apply-patch+yaml']);
  }
}
