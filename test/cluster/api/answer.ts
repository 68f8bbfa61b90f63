import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JsonObject } from './model';
import { ApiError, internalError } from './status';

/** What one request may still say about itself before it is answered. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Texts of `Warning` headers. */
  readonly warnings: Set<string>;
}

export function sendJson(exchange: Exchange, code: number, body: JsonObject | Buffer | readonly Buffer[], contentType = 'application/json', headers: Record<string, string> = {}): void {
  const chunks = Buffer.isBuffer(body) ? [body] : Array.isArray(body) ? (body as readonly Buffer[]) : [Buffer.from(`${JSON.stringify(body)}\n`)];
  const { response } = exchange;
  writeHead(exchange, code, { 'content-type': contentType, 'content-length': String(chunks.reduce((sum, chunk) => sum + chunk.length, 0)), ...headers });
  response.cork();
  chunks.forEach((chunk) => response.write(chunk));
  response.end();
  response.uncork();
}

export function sendText(exchange: Exchange, code: number, text: string): void {
  writeHead(exchange, code, { 'content-type': 'text/plain; charset=utf-8' });
  exchange.response.end(text);
}

export function sendError(exchange: Exchange, error: unknown): void {
  const known = error instanceof ApiError ? error : internalError(error instanceof Error ? (error.stack ?? error.message) : String(error));
  if (exchange.response.headersSent) {
    exchange.response.destroy();
  } else {
    sendJson(exchange, known.code, known.status(), 'application/json', { ...known.headers });
  }
}

export function writeHead(exchange: Exchange, code: number, headers: Record<string, string>): void {
  if (exchange.warnings.size > 0) {
    exchange.response.setHeader('warning', [...exchange.warnings].map((text) => `299 - ${JSON.stringify(text)}`));
  }
  exchange.response.writeHead(code, { 'cache-control': 'no-cache, private', ...headers });
}
