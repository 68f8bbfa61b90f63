import { isIP } from 'node:net';
import { t } from '@vscode/l10n';
import { ClusterError } from './errors';

/**
 * The proxy for a server, chosen as Go's clients do: `proxy-url` of the cluster entry, else HTTPS_PROXY or HTTP_PROXY unless NO_PROXY
 * excludes the server. Throws a `ClusterError` for an address that is none.
 */
export function proxyFor(server: URL, proxyUrl: string | undefined, env: NodeJS.ProcessEnv): URL | undefined {
  if (proxyUrl !== undefined) {
    return parseProxy(proxyUrl, 'proxy-url');
  }
  if (isLoopback(server.hostname) || isExcluded(server, variable(env, 'NO_PROXY') ?? '')) {
    return undefined;
  }
  const name = server.protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const text = variable(env, name);
  return text === undefined ? undefined : parseProxy(text, name);
}

/** The proxy without its password, as it may be shown. */
export function shownProxy(proxy: URL): string {
  return `${proxy.protocol}//${proxy.host}`;
}

function parseProxy(text: string, origin: string): URL {
  const full = text.includes('://') ? text : `http://${text}`;
  const url = URL.canParse(full) ? new URL(full) : undefined;
  if (!url || !['http:', 'https:', 'socks5:', 'socks5h:'].includes(url.protocol) || url.hostname === '') {
    throw new ClusterError('configuration', t('The proxy address in "{0}" is not valid.', origin), { hint: t('It begins with "http://", "https://" or "socks5://".') });
  }
  return url;
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return env[name] || env[name.toLowerCase()] || undefined;
}

/** Go's rule: never a proxy for the machine itself, whatever the variables say. */
function isLoopback(hostname: string): boolean {
  const host = bare(hostname);
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

/** `golang.org/x/net/http/httpproxy`: `*`, IP, CIDR, `.domain` (only below), `domain` (and below), each with an optional port. */
function isExcluded(server: URL, noProxy: string): boolean {
  const host = bare(server.hostname).toLowerCase().replace(/\.$/, '');
  const port = server.port || (server.protocol === 'https:' ? '443' : '80');
  return noProxy.split(',').map((entry) => entry.trim().toLowerCase()).filter((entry) => entry !== '').some((entry) => {
    if (entry === '*') {
      return true;
    }
    if (entry.includes('/')) {
      return isInNetwork(host, entry);
    }
    const { name, port: wanted } = splitPort(entry);
    if (wanted !== undefined && wanted !== port) {
      return false;
    }
    if (isIP(name) > 0 || isIP(host) > 0) {
      return name === host;
    }
    const suffix = name.startsWith('*.') ? name.slice(1) : name;
    return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
  });
}

function splitPort(entry: string): { name: string; port: string | undefined } {
  const match = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry);
  return match ? { name: bare(match[1] ?? ''), port: match[2] } : { name: bare(entry), port: undefined };
}

function isInNetwork(host: string, network: string): boolean {
  const [base = '', length = ''] = network.split('/');
  const family = isIP(host);
  if (family === 0 || isIP(base) !== family) {
    return false;
  }
  const bits = family === 4 ? 32n : 128n;
  const prefix = /^\d+$/.test(length) ? BigInt(length) : -1n;
  return prefix >= 0n && prefix <= bits && number(host) >> (bits - prefix) === number(base) >> (bits - prefix);
}

/** An IP address as a number. */
function number(address: string): bigint {
  if (isIP(address) === 4) {
    return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  }
  const mapped = address.replace(/(\d+\.\d+\.\d+\.\d+)$/, (v4) => { const n = number(v4); return `${(n >> 16n).toString(16)}:${(n & 0xffffn).toString(16)}`; });
  const [head = '', tail] = mapped.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const groups = [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
  return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
