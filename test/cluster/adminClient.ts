import { Agent, request } from 'node:https';
import type { JsonObject } from './api/model';

/** What an API server answered. */
export interface Answer { readonly code: number; readonly headers: NodeJS.Dict<string | string[]>; readonly text: string; readonly json: JsonObject }

export interface Ask {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The least client there can be, for what sets a cluster up and for tests that look at answers as they are. */
export interface AdminClient {
  /** Answers of any code; rejects only when there is none. */
  ask(method: string, path: string, ask?: Ask): Promise<Answer>;
  /** The answer's object. @throws Error with the server's message when the code is no success */
  do(method: string, path: string, body?: unknown): Promise<JsonObject>;
  close(): void;
}

export interface ClientOptions {
  readonly url: string;
  readonly caPem: string;
  readonly token?: string;
  readonly certPem?: string;
  readonly keyPem?: string;
}

export function adminClient(options: ClientOptions): AdminClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: options.caPem, cert: options.certPem, key: options.keyPem });
  const ask = (method: string, path: string, { body, contentType = 'application/json', accept = 'application/json', headers = {} }: Ask = {}) => new Promise<Answer>((resolve, reject) => {
    const payload = body === undefined ? undefined : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    const outgoing = request(new URL(path, options.url), {
      method, agent, headers: {
        accept, ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(payload ? { 'content-type': contentType, 'content-length': payload.length } : {}), ...headers,
      },
    }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject).on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ code: response.statusCode ?? 0, headers: response.headers, text, json: parse(text) });
      });
    });
    outgoing.on('error', reject).end(payload);
  });
  return {
    ask,
    do: async (method, path, body) => {
      const { code, json, text } = await ask(method, path, body === undefined ? {} : { body, contentType: method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' });
      if (code >= 300) {
        throw new Error(`${method} ${path}: ${code} ${typeof json['message'] === 'string' ? json['message'] : text}`);
      }
      return json;
    },
    close: () => agent.destroy(),
  };
}

function parse(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return {};
  }
}
