import { open, rm } from 'node:fs/promises';
import { t } from '@vscode/l10n';
import { parseDocument } from 'yaml';
import type { Clock } from '../base/timing';
import { isRecord } from '../domain/kubeObject';
import { decode, readBody } from './answer';
import { readConfig, replaceConfig } from './configFile';
import type { CredentialSource } from './credentials';
import { asClusterError, ClusterError } from './errors';
import { readKubeConfigFile, textOf } from './kubeConfigFile';
import { proxyFor } from './proxy';
import { dataOrFile } from './referredFile';
import { openSocket } from './socket';

type Entry = Readonly<Record<string, unknown>>;

/** A token this close to its end is no longer used. */
const expirySkewMs = 10_000;

/**
 * The id token of an `oidc` provider entry, refreshed when it is about to expire or was `refused`. A new refresh token is written back into the
 * kubeconfig, as kubectl does: many providers accept the old one only once. Throws `ClusterError`.
 */
export async function oidcToken(source: CredentialSource, refused: string | undefined, clock: Clock, signal: AbortSignal): Promise<{ token: string; expiresAtMs: number }> {
  // Another program may have refreshed it meanwhile.
  const file = await readKubeConfigFile(source.file);
  const provider = file.users.get(source.user)?.['auth-provider'] ?? source.entry.authProvider as unknown;
  const config: Entry = isRecord(provider) && isRecord(provider['config']) ? provider['config'] : {};
  const token = textOf(config, 'id-token');
  const expiresAtMs = token === undefined ? 0 : expiryOf(token) - expirySkewMs;
  if (token !== undefined && token !== refused && expiresAtMs > clock.now()) {
    return { token, expiresAtMs };
  }
  const fresh = await refreshed(config, source, signal);
  await writeBack(source, fresh).catch(() => undefined);
  return { token: fresh['id-token'], expiresAtMs: expiryOf(fresh['id-token']) - expirySkewMs };
}

type Tokens = Readonly<{ 'id-token': string; 'refresh-token'?: string }>;

async function refreshed(config: Entry, source: CredentialSource, signal: AbortSignal): Promise<Tokens> {
  const again = (why: string, cause?: unknown) => new ClusterError('credentials', t('The sign-in of user "{0}" has expired: {1}', source.user, why), { hint: t('Sign in again with the tool that made this kubeconfig.'), cause });
  const issuer = textOf(config, 'idp-issuer-url');
  const client = textOf(config, 'client-id');
  const refresh = textOf(config, 'refresh-token');
  if (issuer === undefined || client === undefined || refresh === undefined || !URL.canParse(issuer)) {
    throw again(t('the kubeconfig has nothing to renew it with.'));
  }
  const ca = await dataOrFile({ field: 'idp-certificate-authority', data: textOf(config, 'idp-certificate-authority-data'), path: textOf(config, 'idp-certificate-authority') }, source.file, source.user);
  const secret = textOf(config, 'client-secret');
  const discovery = await ask(new URL(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`), { ca, env: source.env }, signal);
  const endpoint = isRecord(discovery) ? textOf(discovery, 'token_endpoint') : undefined;
  if (endpoint === undefined || !URL.canParse(endpoint)) {
    throw again(t('"{0}" does not say where to renew it.', new URL(issuer).host));
  }
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refresh, client_id: client, ...(secret !== undefined && { client_secret: secret }) });
  const answer = await ask(new URL(endpoint), { ca, env: source.env, form: form.toString() }, signal);
  const idToken = isRecord(answer) ? textOf(answer, 'id_token') : undefined;
  const refreshToken = isRecord(answer) ? textOf(answer, 'refresh_token') : undefined;
  if (idToken === undefined) {
    throw again(t('"{0}" did not renew it.', new URL(issuer).host));
  }
  return { 'id-token': idToken, ...(refreshToken !== undefined && { 'refresh-token': refreshToken }) };
}

/** One request to the provider. An answer without success is `undefined`; its text may hold secrets and is dropped. */
async function ask(url: URL, options: { ca: string | undefined; env: NodeJS.ProcessEnv; form?: string }, signal: AbortSignal): Promise<unknown> {
  const { Pool } = await import('./undici');
  const pool = new Pool(url.origin, {
    connect: (_options, callback) => {
      const route = { server: url, proxy: proxyFor(url, undefined, options.env) };
      openSocket(route, options.ca === undefined ? {} : { ca: options.ca }, signal).then((socket) => callback(null, socket), (error: unknown) => callback(error as Error, null));
    },
  });
  try {
    const answer = await pool.request({
      path: url.pathname + url.search, method: options.form === undefined ? 'GET' : 'POST', signal, body: options.form ?? null,
      headers: { accept: 'application/json', ...(options.form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }) },
    });
    const bytes = await readBody(answer);
    return answer.statusCode === 200 ? decode(bytes, 'application/json') : undefined;
  } catch (error) {
    throw signal.aborted ? signal.reason as Error : asClusterError(error, url.origin);
  } finally {
    pool.destroy().catch(() => undefined);
  }
}

/** Puts new tokens into the kubeconfig, everything else in it untouched. Gives way to another program that is writing. */
async function writeBack({ file, user }: CredentialSource, tokens: Tokens): Promise<void> {
  const lock = `${file}.lock`;
  await (await open(lock, 'wx')).close();
  try {
    const before = await readConfig(file);
    const document = parseDocument(before);
    const users: unknown = document.toJS();
    const index = isRecord(users) && Array.isArray(users['users']) ? users['users'].findIndex((entry: unknown) => isRecord(entry) && entry['name'] === user) : -1;
    if (index < 0 || document.errors.length > 0) {
      return;
    }
    for (const [field, value] of Object.entries(tokens)) {
      document.setIn(['users', index, 'user', 'auth-provider', 'config', field], value);
    }
    await replaceConfig(file, before, document.toString());
  } finally {
    await rm(lock, { force: true });
  }
}

/** `exp` of a JSON web token in epoch milliseconds; 0 when it cannot be read. */
function expiryOf(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : 0;
  } catch {
    return 0;
  }
}
