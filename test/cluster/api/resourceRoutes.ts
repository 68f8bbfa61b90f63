import type { Clock } from '../../../src/base/timing';
import type { User } from './access';
import { sendJson, type Exchange } from './answer';
import { encodeObject, type Conversion } from './conversion';
import { nowOf, objectOr, type ApiObject, type Resource } from './model';
import type { Pages } from './pages';
import { editOf } from './patch';
import { formOf, present, presentList, type IncludeObject, type Presentation } from './presentation';
import { storageKey } from './registry';
import { isTrue, readBody, type RequestInfo } from './request';
import { scaleOf, throughScale } from './scale';
import { selectorOf } from './selectors';
import { ApiError, badRequest, invalid, methodNotAllowed, notFound, notServed } from './status';
import type { Storage, Stored } from './storage';
import { decodeBody, type Body } from './validation';
import type { WatchHub } from './watchHub';
import { streamWatch } from './watchStream';
import type { Caller, DeleteOptions, Target, Writer } from './writer';

export interface Parts {
  readonly storage: Storage;
  readonly pages: Pages;
  readonly hub: WatchHub;
  readonly conversion: Conversion;
  readonly writer: Writer;
  readonly clock: Clock;
}

type ResourceRequest = NonNullable<RequestInfo['resource']>;

/** Answers a request about a resource that is served from storage. @throws ApiError */
export async function answerResource(parts: Parts, exchange: Exchange, info: RequestInfo, asked: ResourceRequest, resource: Resource, user: User): Promise<void> {
  if (resource.deprecationWarning !== undefined) {
    exchange.warnings.add(resource.deprecationWarning);
  }
  checkPath(resource, asked);
  const target: Target = { resource, namespace: asked.namespace, name: asked.name, subresource: asked.subresource };
  const as = presentationOf(parts, exchange, info);
  switch (info.verb) {
    case 'list': return await answerList(parts, exchange, info, target, as);
    case 'watch': return answerWatch(parts, exchange, info, target, as);
    case 'get': return target.subresource === 'scale' ? await answerScale(parts, exchange, target) : await answerObject(parts, exchange, target, 200, find(parts.storage, target), as);
    case 'create': {
      const caller = callerOf(exchange, info, user);
      const { object: sent, duplicates } = await readObject(exchange, target.resource.kind);
      const object = await parts.writer.create(target, sent as ApiObject, { ...caller, duplicates });
      return await answerWritten(parts, exchange, target, 201, object, as);
    }
    case 'update': case 'patch': {
      const caller = callerOf(exchange, info, user);
      const edit = editOf(target, info, exchange.request.headers['content-type'] ?? 'application/json', await readBody(exchange.request), { fieldManager: caller.fieldManager, now: nowOf(parts.clock) });
      if (target.subresource === 'scale') {
        const { object } = await parts.writer.edit({ ...target, subresource: '' }, throughScale(resource, edit), caller);
        return sendJson(exchange, 200, scaleOf(resource, object));
      }
      const { object, created } = await parts.writer.edit(target, edit, caller);
      return await answerWritten(parts, exchange, target, created ? 201 : 200, object, as);
    }
    case 'delete': return await answerDelete(parts, exchange, info, target, user, as);
    case 'deletecollection': return await answerDeleteCollection(parts, exchange, info, target, user, as);
    default: throw methodNotAllowed();
  }
}

function checkPath(resource: Resource, { namespace, name, subresource }: ResourceRequest): void {
  if ((!resource.namespaced && namespace !== '' && resource.plural !== 'namespaces') || (subresource !== '' && !(subresource === 'status' && resource.hasStatus) && !(subresource === 'scale' && resource.scale))
    || (resource.namespaced && namespace === '' && name !== '')) {
    throw notServed();
  }
}

async function answerList(parts: Parts, exchange: Exchange, { query }: RequestInfo, { resource, namespace, name }: Target, as: Presentation): Promise<void> {
  const wanted = query.get('resourceVersion') ?? '';
  if (/^\d+$/.test(wanted) && Number(wanted) > parts.storage.revision) {
    throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${parts.storage.revision}`, { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 });
  }
  const page = parts.pages.page(storageKey(resource), {
    namespace: resource.namespaced ? namespace : '', selector: selectorOf(resource, query.get('labelSelector'), fieldsOf(query, name)),
    limit: Number(query.get('limit') ?? 0), token: query.get('continue') ?? '',
  });
  const metadata = {
    resourceVersion: String(page.revision), ...(page.next === undefined ? {} : { continue: page.next }), ...(page.remaining === undefined ? {} : { remainingItemCount: page.remaining }),
  };
  sendJson(exchange, 200, await presentList(parts.conversion, resource, page.items, metadata, as));
}

const fieldsOf = (query: URLSearchParams, name: string) => [name === '' ? '' : `metadata.name=${name}`, query.get('fieldSelector') ?? ''].filter((part) => part !== '').join(',');

/** Between 30 and 60 minutes when the client does not say. */
const defaultTimeoutSeconds = 1800;

function answerWatch(parts: Parts, exchange: Exchange, { query }: RequestInfo, { resource, namespace, name }: Target, as: Presentation): void {
  const version = query.get('resourceVersion') ?? '';
  const initial = query.get('sendInitialEvents');
  checkInitialEvents(resource, query);
  streamWatch(parts, exchange, {
    resource, namespace: resource.namespaced ? namespace : '', as,
    selector: selectorOf(resource, query.get('labelSelector'), fieldsOf(query, name)),
    revision: initial === 'true' || (initial === null && (version === '' || version === '0')) ? undefined : Number(version === '' ? parts.storage.revision : version),
    announcesEnd: initial === 'true',
    bookmarks: isTrue(query.get('allowWatchBookmarks')),
    timeoutMs: 1000 * (Number(query.get('timeoutSeconds') ?? 0) || defaultTimeoutSeconds * (1 + Math.random())),
  });
}

function checkInitialEvents(resource: Resource, query: URLSearchParams): void {
  const match = query.get('resourceVersionMatch');
  const wantsInitial = query.has('sendInitialEvents');
  const options = { group: 'meta.k8s.io', plural: resource.plural, kind: 'ListOptions' };
  if (!wantsInitial && match !== null) {
    throw invalid(options, '', [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided' }]);
  }
  if (wantsInitial && match !== 'NotOlderThan') {
    throw invalid(options, '', [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan' }]);
  }
}

async function answerDelete(parts: Parts, exchange: Exchange, info: RequestInfo, target: Target, user: User, as: Presentation): Promise<void> {
  const { options, dryRun } = await deleteOptionsOf(exchange, info);
  const { object, gone } = await parts.writer.delete(target, options, { ...callerOf(exchange, info, user), dryRun });
  if (!gone) {
    return await answerWritten(parts, exchange, target, 200, object, as);
  }
  const { resource } = target;
  sendJson(exchange, 200, {
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success',
    details: { name: object.metadata.name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid: object.metadata.uid },
  });
}

async function answerDeleteCollection(parts: Parts, exchange: Exchange, info: RequestInfo, target: Target, user: User, as: Presentation): Promise<void> {
  const { resource, namespace } = target;
  const { options, dryRun } = await deleteOptionsOf(exchange, info);
  const { items, revision } = parts.pages.page(storageKey(resource), {
    namespace, selector: selectorOf(resource, info.query.get('labelSelector'), info.query.get('fieldSelector')), limit: 0, token: '',
  });
  for (const item of items) {
    const own = { ...target, name: item.name, namespace: item.namespace };
    await parts.writer.delete(own, options, { ...callerOf(exchange, info, user), dryRun }).catch((error: unknown) => {
      // Somebody else was faster.
      if (!(error instanceof ApiError && error.code === 404)) {
        throw error;
      }
    });
  }
  sendJson(exchange, 200, await presentList(parts.conversion, resource, items, { resourceVersion: String(revision) }, as));
}

async function deleteOptionsOf(exchange: Exchange, { query }: RequestInfo): Promise<{ options: DeleteOptions; dryRun: boolean }> {
  const text = await readBody(exchange.request);
  const body = text.length === 0 ? {} : decodeBody(text, exchange.request.headers['content-type'] ?? 'application/json', 'DeleteOptions').object;
  const preconditions = objectOr(body['preconditions']) as { uid?: string; resourceVersion?: string };
  const grace = query.has('gracePeriodSeconds') ? Number(query.get('gracePeriodSeconds')) : body['gracePeriodSeconds'];
  return {
    options: { uid: preconditions.uid, resourceVersion: preconditions.resourceVersion, gracePeriodSeconds: typeof grace === 'number' ? grace : undefined },
    dryRun: query.getAll('dryRun').includes('All') || (Array.isArray(body['dryRun']) && body['dryRun'].includes('All')),
  };
}

/** The object that a request carries. @throws ApiError 400 */
export async function readObject(exchange: Exchange, kind: string): Promise<Body> {
  return decodeBody(await readBody(exchange.request), exchange.request.headers['content-type'] ?? 'application/json', kind);
}

function find(storage: Storage, { resource, namespace, name }: Target): Stored {
  const stored = storage.get(storageKey(resource), `${resource.namespaced ? namespace : ''}/${name}`);
  if (!stored) {
    throw notFound(resource, name);
  }
  return stored;
}

async function answerObject(parts: Parts, exchange: Exchange, { resource }: Target, code: number, stored: Stored, as: Presentation): Promise<void> {
  sendJson(exchange, code, await present(parts.conversion, resource, stored, as));
}

async function answerScale(parts: Parts, exchange: Exchange, target: Target): Promise<void> {
  const [object] = await parts.conversion.decode(target.resource, [find(parts.storage, target)]);
  sendJson(exchange, 200, scaleOf(target.resource, object!));
}

/** Answers with an object that may not be stored, as after a dry run. */
async function answerWritten(parts: Parts, exchange: Exchange, target: Target, code: number, object: ApiObject, as: Presentation): Promise<void> {
  const { namespace = '', name, labels = {} } = object.metadata;
  const stored: Stored = { key: `${namespace}/${name}`, revision: 0, json: encodeObject(object), namespace, name, labels };
  await answerObject(parts, exchange, { ...target, resource: { ...target.resource, storageVersion: versionOf(object) } }, code, stored, as);
}

const versionOf = (object: ApiObject) => object.apiVersion.split('/').at(-1)!;

function presentationOf(parts: Parts, exchange: Exchange, { query }: RequestInfo): Presentation {
  const include = query.get('includeObject');
  return { form: formOf(exchange.request.headers.accept), includeObject: include === 'None' || include === 'Object' ? include satisfies IncludeObject : 'Metadata', nowMs: parts.clock.now() };
}

function callerOf(exchange: Exchange, { query }: RequestInfo, user: User): Caller {
  const dryRun = query.getAll('dryRun');
  if (dryRun.some((value) => value !== 'All' && value !== '')) {
    throw invalid({ group: 'meta.k8s.io', plural: '', kind: 'CreateOptions' }, '', [{ reason: 'FieldValueNotSupported', field: 'dryRun', message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"` }]);
  }
  const fieldValidation = query.get('fieldValidation') ?? 'Warn';
  if (!['Strict', 'Warn', 'Ignore'].includes(fieldValidation)) {
    throw badRequest(`fieldValidation "${fieldValidation}" is none of Ignore, Warn, Strict`);
  }
  return {
    user, dryRun: dryRun.includes('All'), fieldValidation, duplicates: [],
    fieldManager: query.get('fieldManager') || /^[^/\s]*/.exec(exchange.request.headers['user-agent'] ?? '')?.[0] || 'unknown',
    warn: (text) => void exchange.warnings.add(text),
  };
}

