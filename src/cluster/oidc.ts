import type { Clock } from '../base/timing';
import { t } from '@vscode/l10n';
import type { CredentialSource } from './credentials';
import { ClusterError } from './errors';
import { textOf } from './kubeConfigFile';

type Entry = Readonly<Record<string, unknown>>;

/** A token this close to its end is no longer used. */
const expirySkewMs = 10_000;

/** The id token of an `oidc` provider entry, while it holds. */
export function oidcToken(config: Entry, source: CredentialSource, clock: Clock, _signal: AbortSignal): Promise<{ token: string; expiresAtMs: number }> {
  const token = textOf(config, 'id-token');
  const expiresAtMs = token === undefined ? 0 : expiryOf(token) - expirySkewMs;
  return token !== undefined && expiresAtMs > clock.now() ? Promise.resolve({ token, expiresAtMs })
    : Promise.reject(new ClusterError('credentials', t('The sign-in of user "{0}" has expired.', source.user), { hint: t('Sign in again with the tool that made this kubeconfig.') }));
}

/** `exp` of a JSON web token in epoch milliseconds; 0 when it cannot be read. */
export function expiryOf(token: string): number {
  try {
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as { exp?: unknown };
    return typeof exp === 'number' ? exp * 1000 : 0;
  } catch {
    return 0;
  }
}
