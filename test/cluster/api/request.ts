import type { IncomingMessage } from 'node:http';
import { badRequest } from './status';

/** What a path of the API means, as Kubernetes' own request info does. */
export interface RequestInfo {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly method: string;
  /** `get`, `list`, `watch`, …, or the method in lower case where the path names no resource. */
  readonly verb: string;
  /** Present when the path names a resource. */
  readonly resource?: { readonly group: string; readonly version: string; readonly plural: string; readonly subresource: string; readonly namespace: string; readonly name: string };
}

export function requestInfo(method: string, url: string): RequestInfo {
  const parsed = new URL(url, 'https://localhost');
  const path = decodeURIComponent(parsed.pathname);
  const base = { path, query: parsed.searchParams, method };
  const parts = path.split('/').filter((part) => part !== '');
  const rest = parts[0] === 'api' ? parts.slice(2) : parts.slice(3);
  if ((parts[0] !== 'api' && parts[0] !== 'apis') || rest.length === 0) {
    return { ...base, verb: method.toLowerCase() };
  }
  const [group = '', version = ''] = parts[0] === 'api' ? ['', parts[1]] : [parts[1], parts[2]];
  // `/namespaces/x` and `/namespaces/x/status` are about the namespace itself.
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !namespaceSubresources.has(rest[2]!);
  const namespace = rest[0] === 'namespaces' ? (rest[1] ?? '') : '';
  const [plural = '', name = '', subresource = ''] = scoped ? rest.slice(2) : rest;
  return { ...base, verb: verbOf(method, name, parsed.searchParams), resource: { group, version, plural, subresource, namespace, name } };
}

const namespaceSubresources = new Set(['status', 'finalize']);

function verbOf(method: string, name: string, query: URLSearchParams): string {
  switch (method) {
    case 'GET': case 'HEAD':
      return isTrue(query.get('watch')) ? 'watch' : name === '' ? 'list' : 'get';
    case 'POST': return 'create';
    case 'PUT': return 'update';
    case 'PATCH': return 'patch';
    case 'DELETE': return name === '' ? 'deletecollection' : 'delete';
    default: return method.toLowerCase();
  }
}

export function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

/** Largest body accepted; kube-apiserver's limit. */
const bodyLimitBytes = 3 * 1024 * 1024;

export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimitBytes) {
      throw badRequest(`Request entity too large: limit is ${bodyLimitBytes}`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
