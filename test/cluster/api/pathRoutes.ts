import { sendJson, sendText, writeHead, type Exchange } from './answer';
import type { Discovery } from './discovery';
import type { JsonObject } from './model';
import type { OpenApi } from './openapi';
import type { RequestInfo } from './request';

/** What `/version` says: the Kubernetes that this server behaves like. */
const version = {
  major: '1', minor: '34', gitVersion: 'v1.34.4', gitCommit: '', gitTreeState: 'clean', buildDate: '2026-01-01T00:00:00Z', goVersion: '', compiler: '', platform: 'embedded',
};

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Answers a path that names no resource: health, version, discovery, OpenAPI. */
export async function answerPath(parts: { discovery: Discovery; openApi: OpenApi }, exchange: Exchange, { path, query }: RequestInfo): Promise<void> {
  const { discovery, openApi } = parts;
  const [root = '', group = '', ofVersion = ''] = path.split('/').slice(1);
  if (path === '/version' || path === '/version/') {
    return sendJson(exchange, 200, version);
  }
  if (['/healthz', '/livez', '/readyz'].includes(path)) {
    return sendText(exchange, 200, 'ok');
  }
  if (path.startsWith('/openapi/v3')) {
    return answerOpenApi(openApi, exchange, path.slice('/openapi/v3/'.length), query.get('hash'));
  }
  if ((path === '/api' || path === '/apis') && wantsAggregated(exchange)) {
    return sendJson(exchange, 200, await discovery.aggregated(path === '/api'), aggregatedType);
  }
  const document = legacyDocument(discovery, root, group, ofVersion);
  return document ? sendJson(exchange, 200, document) : sendText(exchange, 404, '404 page not found\n');
}

/** Whether the first form that the client accepts is the aggregated one. */
function wantsAggregated(exchange: Exchange): boolean {
  const first = (exchange.request.headers.accept ?? '').split(',')[0] ?? '';
  return ['as=APIGroupDiscoveryList', 'v=v2', 'g=apidiscovery.k8s.io'].every((parameter) => first.split(';').map((part) => part.trim()).includes(parameter));
}

function legacyDocument(discovery: Discovery, root: string, group: string, version: string): JsonObject | undefined {
  if (root === 'api') {
    return group === '' ? discovery.coreVersions() : discovery.resourceList('', group);
  }
  if (root !== 'apis') {
    return undefined;
  }
  return group === '' ? discovery.groupList() : version === '' ? discovery.group(group) : discovery.resourceList(group, version);
}

function answerOpenApi(openApi: OpenApi, exchange: Exchange, path: string, hash: string | null): void {
  if (path === '') {
    return sendJson(exchange, 200, openApi.index());
  }
  const document = openApi.document(path);
  if (!document) {
    return sendText(exchange, 404, '404 page not found\n');
  }
  const etag = `"${document.hash}"`;
  if (hash !== null && hash !== document.hash) {
    writeHead(exchange, 301, { location: `/openapi/v3/${path}?hash=${document.hash}` });
    return void exchange.response.end();
  }
  if (exchange.request.headers['if-none-match'] === etag) {
    writeHead(exchange, 304, { etag });
    return void exchange.response.end();
  }
  return sendJson(exchange, 200, Buffer.from(document.text), 'application/json', { etag, ...(hash === null ? {} : { 'cache-control': 'public, immutable' }) });
}
