import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import { isRecord } from '../domain/kubeObject';
import { ClusterError, networkError, timeoutProblem } from './errors';
import { shownProxy } from './proxy';

/** The way to a server. */
export interface Route {
  readonly server: URL;
  readonly proxy?: URL | undefined;
  /** `tls-server-name`: asked for and verified instead of the server's own name. */
  readonly serverName?: string | undefined;
  readonly isInsecure?: boolean;
}

/** Certificates of one connection; `ca` absent: whom the system trusts. */
export type Certificates = Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>;

/**
 * Opens one connection, through the proxy if there is one, and secured if the server's address says so. REST and WebSockets alike
 * come through here. Throws `ClusterError`; `signal` also carries the time limit.
 */
export async function openSocket(route: Route, certificates: Certificates, signal: AbortSignal): Promise<Socket> {
  const { server, proxy } = route;
  const port = portOf(server);
  const host = bare(server.hostname);
  const raw = proxy ? await throughProxy(proxy, host, port, signal) : await tcp(host, port, server.origin, signal);
  if (server.protocol !== 'https:') {
    return raw;
  }
  const name = route.serverName ?? host;
  return secure(raw, name, { ...certificates, rejectUnauthorized: route.isInsecure !== true, ALPNProtocols: ['http/1.1'] }, server.origin, signal);
}

/** As Go's default dialer: probes after this much silence, so that dead peers are noticed below HTTP as well. */
const keepAliveMs = 30_000;

function tcp(host: string, port: number, target: string, signal: AbortSignal): Promise<Socket> {
  const socket = connectTcp({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs });
  return opened(socket, 'connect', target, signal);
}

function secure(raw: Socket, name: string, options: Certificates & { rejectUnauthorized: boolean; ALPNProtocols?: string[] }, target: string, signal: AbortSignal): Promise<Socket> {
  try {
    // An IP address must not be sent as a server name, but it is what the certificate is checked for.
    const socket = connectTls({ socket: raw, host: name, ...(isIP(name) === 0 && { servername: name }), ...options });
    return opened(socket, 'secureConnect', target, signal);
  } catch (error) {
    // Certificates and keys that are none.
    raw.destroy();
    return Promise.reject(new ClusterError('configuration', t('The certificates for "{0}" in the kubeconfig cannot be used.', target), { hint: t('Check the certificate, the key and the authority of this context.'), cause: codeOnly(error) }));
  }
}

/** Waits for `event`, and destroys the socket if an error or the signal comes first. */
function opened<T extends Socket>(socket: T, event: 'connect' | 'secureConnect', target: string, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off(event, onOpen).off('error', onError).off('close', onClose);
    };
    const fail = (error: Error) => {
      end();
      // Whatever it says after this is no news.
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const onOpen = () => {
      end();
      resolve(socket);
    };
    const onError = (error: Error) => fail(networkError(error, target));
    const onClose = () => fail(networkError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), target));
    const onAbort = () => fail(abortError(signal, target));
    if (signal.aborted) {
      fail(abortError(signal, target));
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once(event, onOpen).once('error', onError).once('close', onClose);
  });
}

async function throughProxy(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const target = shownProxy(proxy);
  try {
    return proxy.protocol.startsWith('socks') ? await throughSocks(proxy, host, port, signal) : await throughConnect(proxy, host, port, signal);
  } catch (error) {
    if (signal.aborted) {
      throw abortError(signal, target);
    }
    const { reason, message } = networkError(error, target);
    throw error instanceof ClusterError && error.reason === 'proxy' ? error
      : new ClusterError('proxy', t('The proxy cannot be used: {0}', error instanceof ClusterError ? error.message : message), { hint: proxyHint(), cause: reason });
  }
}

/** `CONNECT` by hand: in an editor's process `node:http` is changed to follow the editor's own proxy settings. */
async function throughConnect(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const name = bare(proxy.hostname);
  const raw = await tcp(name, portOf(proxy), shownProxy(proxy), signal);
  const socket = proxy.protocol === 'https:' ? await secure(raw, name, { rejectUnauthorized: true }, shownProxy(proxy), signal) : raw;
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const user = proxy.username === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(`${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${user}\r\n`);
  const line = await headOf(socket, shownProxy(proxy), signal);
  const code = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1] ?? 0);
  if (code < 200 || code > 299) {
    socket.destroy();
    throw new ClusterError('proxy', code === 407 ? t('The proxy "{0}" wants a user name and a password.', shownProxy(proxy))
      : code === 0 ? t('"{0}" is no HTTP proxy.', shownProxy(proxy)) : t('The proxy "{0}" refused to connect to "{1}" (HTTP {2}).', shownProxy(proxy), authority, code), { hint: proxyHint() });
  }
  return socket;
}

/** The first line of the answer to `CONNECT`; what follows the head stays in the socket. */
function headOf(socket: Socket, target: string, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    let head = Buffer.alloc(0);
    const end = () => {
      signal.removeEventListener('abort', onAbort);
      socket.off('data', onData).off('error', onError).off('close', onClose);
      socket.pause();
    };
    const fail = (error: Error) => {
      end();
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const onData = (chunk: Buffer) => {
      head = Buffer.concat([head, chunk]);
      const at = head.indexOf('\r\n\r\n');
      // 16 KiB is what Node allows for a head.
      if (at >= 0 || head.length > 16_384) {
        end();
        if (at >= 0 && head.length > at + 4) {
          socket.unshift(head.subarray(at + 4));
        }
        resolve(head.toString('latin1').split('\r\n')[0] ?? '');
      }
    };
    const onError = (error: Error) => fail(networkError(error, target));
    const onClose = () => fail(networkError(Object.assign(new Error('closed'), { code: 'ECONNRESET' }), target));
    const onAbort = () => fail(abortError(signal, target));
    signal.addEventListener('abort', onAbort, { once: true });
    socket.on('data', onData).once('error', onError).once('close', onClose);
  });
}

async function throughSocks(proxy: URL, host: string, port: number, signal: AbortSignal): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const raw = await tcp(bare(proxy.hostname), Number(proxy.port || 1080), shownProxy(proxy), signal);
  const onAbort = () => raw.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const { socket } = await SocksClient.createConnection({
      command: 'connect', destination: { host, port }, existing_socket: raw,
      proxy: { host: bare(proxy.hostname), port: Number(proxy.port || 1080), type: 5, ...(proxy.username !== '' && { userId: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) }) },
    });
    return socket;
  } catch (error) {
    raw.destroy();
    throw new ClusterError('proxy', t('The proxy "{0}" refused to connect to "{1}".', shownProxy(proxy), `${host}:${port}`), { hint: proxyHint(), cause: codeOnly(error) });
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function abortError(signal: AbortSignal, target: string): Error {
  const reason: unknown = signal.reason;
  if (reason === connectTimeout) {
    const { message, hint } = timeoutProblem(target);
    return new ClusterError('timeout', message, { hint });
  }
  return reason instanceof Error ? reason : new Error('Aborted', { cause: reason });
}

/** The reason of a signal that ran out of time rather than being cancelled. */
export const connectTimeout = new Error('Time is up');

function proxyHint(): string {
  return t('Check "proxy-url" in the kubeconfig, or HTTPS_PROXY and NO_PROXY.');
}

/** OpenSSL's and others' errors without texts that may quote what they were given. */
function codeOnly(error: unknown): string | undefined {
  return isRecord(error) && typeof error['code'] === 'string' ? error['code'] : undefined;
}

function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
