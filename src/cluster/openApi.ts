import { platformGroup } from '../domain/kind';
import type { KubeApi } from './api';

/** A cluster's own description of the platform's kinds. */
export interface OpenApi {
  /** One document of OpenAPI v3 for each version. */
  readonly documents: readonly object[];
  /** Changes whenever a document does: the addresses carry hashes. */
  readonly identity: string;
}

interface Index {
  readonly paths?: Readonly<Record<string, { readonly serverRelativeURL?: string }>>;
}

/**
 * The documents of the platform's group. Costs one small question while nothing has changed since `known`, and then answers `known`.
 * `undefined` when the cluster describes nothing of the group. @throws ClusterError
 */
export async function fetchOpenApi(api: KubeApi, known: OpenApi | undefined, signal?: AbortSignal): Promise<OpenApi | undefined> {
  const options = signal ? { signal } : {};
  const { paths = {} } = parsed<Index>(await api.request('GET', '/openapi/v3', options));
  const urls = Object.entries(paths).flatMap(([path, { serverRelativeURL }]) => (path.startsWith(`apis/${platformGroup}/`) && serverRelativeURL !== undefined ? [serverRelativeURL] : []));
  const identity = urls.join(' ');
  if (urls.length === 0 || identity === known?.identity) {
    return urls.length === 0 ? undefined : known;
  }
  const documents = await Promise.all(urls.map(async (url) => {
    // With a hash that is no longer the right one the server answers with another address only.
    const { pathname } = new URL(url, 'https://cluster');
    return parsed<object>(await api.request('GET', pathname, options));
  }));
  return { documents, identity };
}

/** API servers send the index as plain text. */
function parsed<T>(answer: unknown): T {
  return (typeof answer === 'string' ? JSON.parse(answer) : answer) as T;
}
