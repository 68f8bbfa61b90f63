import { request } from 'node:https';
import { objectOr, type JsonObject, textOf } from './model';

/** Posts a review to a webhook and gives back what it answers. Rejects when that does not work within the time. */
export type WebhookCaller = (clientConfig: JsonObject, body: JsonObject, timeoutMs: number) => Promise<JsonObject>;

/** Where a Service of a webhook or an aggregated API is reached. */
export interface Endpoint { readonly host: string; readonly port: number; readonly serverName: string }

/** Finds the endpoint of a Service; undefined when there is none. */
export type ServiceResolver = (namespace: string, name: string, port: number) => Endpoint | undefined;

export function webhookCaller(resolve: ServiceResolver): WebhookCaller {
  return async (clientConfig, body, timeoutMs) => {
    const { endpoint, path } = targetOf(clientConfig, resolve);
    const caBundle = typeof clientConfig['caBundle'] === 'string' ? Buffer.from(clientConfig['caBundle'], 'base64') : undefined;
    const answer = await post(endpoint, path, caBundle, JSON.stringify(body), timeoutMs);
    if (answer.code !== 200) {
      throw new Error(`the server answered ${answer.code}: ${answer.text}`);
    }
    return objectOr(JSON.parse(answer.text));
  };
}

function post(endpoint: Endpoint, path: string, ca: Buffer | undefined, body: string, timeoutMs: number): Promise<{ code: number; text: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request({
      host: endpoint.host, port: endpoint.port, servername: endpoint.serverName, path, method: 'POST', ca,
      headers: { 'content-type': 'application/json', accept: 'application/json' }, signal: AbortSignal.timeout(timeoutMs),
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject)
        .on('end', () => resolve({ code: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }));
    });
    outgoing.on('error', reject).end(body);
  });
}

function targetOf(clientConfig: JsonObject, resolve: ServiceResolver): { endpoint: Endpoint; path: string } {
  if (typeof clientConfig['url'] === 'string') {
    const url = new URL(clientConfig['url']);
    return { endpoint: { host: url.hostname, port: Number(url.port || 443), serverName: isAddress(url.hostname) ? '' : url.hostname }, path: url.pathname + url.search };
  }
  const service = objectOr(clientConfig['service']);
  const [namespace, name] = [textOf(service['namespace']), textOf(service['name'])];
  const endpoint = resolve(namespace, name, typeof service['port'] === 'number' ? service['port'] : 443);
  if (!endpoint) {
    throw new Error(`service "${namespace}/${name}" has no endpoint`);
  }
  return { endpoint, path: typeof service['path'] === 'string' ? service['path'] : '/' };
}

/** An IP address cannot be sent as a TLS server name. */
const isAddress = (host: string) => /^[\d.]+$|:/.test(host);
