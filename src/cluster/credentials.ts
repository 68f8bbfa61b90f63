import path from 'node:path';
import { t } from '@vscode/l10n';
import type { Clock } from '../base/timing';
import { isRecord } from '../domain/kubeObject';
import type { UserEntry } from './entries';
import { ClusterError } from './errors';
import type { ExecPlugins, ExecSpec } from './execPlugin';
import { execSpecOf } from './execPlugin';
import { textOf } from './kubeConfigFile';
import { dataOrFile, readText } from './referredFile';
import { oidcToken } from './oidc';

type Entry = Readonly<Record<string, unknown>>;

/** What a request proves its sender with. Secret through and through. */
export interface Credential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: { readonly cert: string; readonly key: string };
}

/** Where a user entry comes from and what a plugin may be told about the cluster. */
export interface CredentialSource {
  readonly entry: UserEntry;
  /** The kubeconfig that holds the entry. */
  readonly file: string;
  readonly user: string;
  /** For the proxy on the way to an identity provider. */
  readonly env: NodeJS.ProcessEnv;
  /** `cluster` of `KUBERNETES_EXEC_INFO`. */
  readonly clusterInfo: () => Promise<Entry>;
}

/** Credentials of one user entry, got when first needed and kept while they hold. */
export class Credentials {
  readonly #source: CredentialSource;
  readonly #plugins: ExecPlugins;
  readonly #clock: Clock;
  readonly #exec: ExecSpec | undefined;
  #oidc: { token: string; expiresAtMs: number } | undefined;
  /** The token that the server refused. */
  #refused: string | undefined;

  /** Throws a `ClusterError` for an entry that cannot be used at all. */
  constructor(source: CredentialSource, plugins: ExecPlugins, clock: Clock) {
    this.#source = source;
    this.#plugins = plugins;
    this.#clock = clock;
    this.#exec = source.entry.exec === undefined ? undefined : execSpecOf(source.entry.exec, source.file, source.user);
  }

  /** Client certificate first, then token, token file, plugin, provider: all that the entry has, as kubectl sends them. */
  async current(signal: AbortSignal): Promise<Credential> {
    const { entry, file } = this.#source;
    const certificate = await this.#certificate();
    if (entry.tokenFile !== undefined) {
      return { ...certificate, token: (await readText(path.resolve(path.dirname(file), entry.tokenFile), 'tokenFile', this.#source.user)).trim() };
    }
    if (entry.token !== undefined) {
      return { ...certificate, token: entry.token };
    }
    if (this.#exec) {
      return { ...certificate, ...await this.#plugins.credential(this.#exec, await this.#source.clusterInfo(), signal) };
    }
    if (isRecord(entry.authProvider)) {
      return { ...certificate, token: await this.#fromProvider(entry.authProvider, signal) };
    }
    if (entry.username !== undefined) {
      throw new ClusterError('credentials', t('User "{0}" has a password, which clusters no longer accept.', this.#source.user), { hint: t('Use a token, a client certificate or a credential plugin.') });
    }
    return certificate;
  }

  /** The server did not accept `rejected`. Says whether `current` may now give something else. */
  drop(rejected: Credential): boolean {
    this.#oidc = undefined;
    this.#refused = rejected.token;
    if (this.#exec) {
      this.#plugins.drop(rejected);
      return true;
    }
    const { entry } = this.#source;
    return entry.tokenFile !== undefined || isRecord(entry.authProvider);
  }

  async #certificate(): Promise<Credential> {
    const { entry, file, user } = this.#source;
    const cert = await dataOrFile({ field: 'client-certificate', data: entry.certData, path: entry.certFile }, file, user);
    const key = await dataOrFile({ field: 'client-key', data: entry.keyData, path: entry.keyFile }, file, user);
    if ((cert === undefined) !== (key === undefined)) {
      throw new ClusterError('configuration', t('User "{0}" has only one of "client-certificate" and "client-key".', user), { hint: t('Correct the kubeconfig "{0}".', file) });
    }
    return cert === undefined || key === undefined ? {} : { certificate: { cert, key } };
  }

  async #fromProvider(provider: Entry, signal: AbortSignal): Promise<string> {
    const name = textOf(provider, 'name') ?? '';
    if (name !== 'oidc') {
      throw new ClusterError('credentials', t('The "{0}" way of signing in is no longer supported by Kubernetes clients.', name), { hint: t('Use the credential plugin that replaces it.') });
    }
    if (!this.#oidc || this.#oidc.expiresAtMs <= this.#clock.now()) {
      this.#oidc = await oidcToken(this.#source, this.#refused, this.#clock, signal);
    }
    return this.#oidc.token;
  }
}
