import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { t } from '@vscode/l10n';
import { ClusterError } from './errors';
import type { Dispatcher } from './undici';

type Headers = Dispatcher.ResponseData['headers'];

/** The whole body, decompressed off the main thread. */
export async function readBody(answer: Dispatcher.ResponseData): Promise<Buffer> {
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  return first(answer.headers['content-encoding']) === 'gzip' ? promisify(gunzip)(bytes) : bytes;
}

/** JSON as a value, anything else as text; `undefined` when there is nothing. Throws a `ClusterError` for JSON that is none. */
export function decode<T>(bytes: Buffer, contentType: string | string[] | undefined): T {
  const text = bytes.toString('utf8');
  if (text === '') {
    return undefined as T;
  }
  try {
    return (/\bjson\b/.test(first(contentType) ?? '') ? JSON.parse(text) : text) as T;
  } catch {
    // The parser's message quotes the text, which may be secret.
    throw new ClusterError('server', t('The server answered with something that is no valid JSON.'), { hint: t('Try again; if it goes on, a proxy on the way may be the cause.') });
  }
}

/** `Retry-After`, in seconds or as a date; `undefined` when there is none or it is neither. */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const text = first(headers['retry-after']);
  if (text === undefined) {
    return undefined;
  }
  const atMs = /^\d+$/.test(text) ? nowMs + Number(text) * 1000 : Date.parse(text);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}

/** The texts of `Warning: 299 - "…"` headers. */
export function warningsOf(headers: Headers): string[] {
  const all = [headers['warning'] ?? []].flat().join(', ');
  return [...all.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? '').replace(/\\(.)/g, '$1'));
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
