import { t } from '@vscode/l10n';
import type { Problem, ProblemReason } from '../domain/problem';
import { isRecord } from '../domain/kubeObject';

/** The API server's `Status` object, as far as it is used. */
export interface KubeStatus {
  readonly code?: number;
  /** Machine-readable, e.g. `AlreadyExists`. */
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly group?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly field?: string; readonly message?: string; readonly reason?: string }[];
  };
}

interface ClusterErrorDetails {
  readonly hint?: string | undefined;
  readonly cause?: unknown;
  readonly status?: KubeStatus | undefined;
  readonly retryAfterMs?: number | undefined;
}

/** The only error that leaves this folder. Holds no secrets: whatever is put into it may be shown and logged. */
export class ClusterError extends Error implements Problem {
  override readonly name = 'ClusterError';
  readonly reason: ProblemReason;
  readonly hint?: string;
  /** What the API server answered; absent when it did not get so far. */
  readonly status?: KubeStatus;
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number;

  constructor(reason: ProblemReason, message: string, details: ClusterErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.reason = reason;
    if (details.hint !== undefined) {
      this.hint = details.hint;
    }
    if (details.status !== undefined) {
      this.status = details.status;
    }
    if (details.retryAfterMs !== undefined) {
      this.retryAfterMs = details.retryAfterMs;
    }
  }
}

/** The plain data of an error, to be kept in state. */
export function problemOf(error: unknown): Problem {
  const { reason, message, hint } = asClusterError(error, t('The cluster'));
  return hint === undefined ? { reason, message } : { reason, message, hint };
}

/** Any thrown value as a `ClusterError`; `target` is what was being reached, as it is shown: an address or a name. */
export function asClusterError(error: unknown, target: string): ClusterError {
  return error instanceof ClusterError ? error : networkError(error, target);
}

/** What an answer of the API server with a failure code means. `body` is its text, a `Status` or whatever a proxy wrote. */
export function statusError(code: number, body: string, retryAfterMs?: number): ClusterError {
  const status = parseStatus(body);
  const seconds = status?.details?.retryAfterSeconds;
  const wait = retryAfterMs ?? (seconds === undefined || seconds <= 0 ? undefined : seconds * 1000);
  const message = status?.message ?? t('The server answered with HTTP status {0}.', code);
  const reason = reasonOf(code, status);
  return new ClusterError(reason, reason === 'unauthorized' ? t('The cluster did not accept the credentials: {0}', message) : message, {
    hint: hintOf(reason, message), status: status ?? { code }, retryAfterMs: wait,
  });
}

/** What an `ERROR` event of a watch means. */
export function watchError(object: unknown): ClusterError {
  const code = isRecord(object) && typeof object['code'] === 'number' ? object['code'] : 500;
  return statusError(code, JSON.stringify(object) ?? '');
}

/** What a failure below HTTP means: names, sockets, TLS. */
export function networkError(error: unknown, target: string): ClusterError {
  for (const { code, message } of causes(error)) {
    const known = code === undefined ? undefined : networkProblem(code, message, target);
    if (known) {
      return new ClusterError(known.reason, known.message, { hint: known.hint, cause: error });
    }
  }
  return new ClusterError('unreachable', t('The connection to "{0}" failed: {1}', target, redact(messageOf(error))), { cause: error });
}

/** Text of other programs without what may be a token or a key. */
export function redact(text: string): string {
  return text
    .replace(/\/\/[^/@\s]+@/g, '//…@')
    .replace(/-----BEGIN [^-]+-----[\s\S]*?(-----END [^-]+-----|$)/g, '…')
    .replace(/[A-Za-z0-9+=_.-]{32,}/g, '…');
}

function reasonOf(code: number, status: KubeStatus | undefined): ProblemReason {
  if (isWebhookDenial(status?.message)) {
    return 'denied';
  }
  switch (code) {
    case 401: return 'unauthorized';
    case 403: return 'forbidden';
    // A missing object is named in the details; a missing kind or group is not.
    case 404: return status?.details?.name ? 'notFound' : 'notServed';
    case 407: return 'proxy';
    case 408: case 504: return 'timeout';
    case 409: return status?.reason === 'AlreadyExists' ? 'alreadyExists' : 'conflict';
    case 410: return 'gone';
    case 400: case 405: case 406: case 413: case 415: case 422: return 'invalid';
    case 429: return 'throttled';
    default: return 'server';
  }
}

/** The words of kube-apiserver around a refusal by a webhook or an admission policy. */
function isWebhookDenial(message: string | undefined): boolean {
  return message !== undefined && /^admission webhook "[^"]*" denied the request|ValidatingAdmissionPolicy '[^']*' .*denied request/.test(message);
}

function hintOf(reason: ProblemReason, message: string): string | undefined {
  const hints: Partial<Record<ProblemReason, string>> = {
    unauthorized: t('Sign in to the cluster again, then retry.'),
    notServed: t('Check that the virtualization module is enabled and that its version has this kind.'),
    conflict: t('Someone changed it meanwhile: look at the current state and try again.'),
    throttled: t('The cluster is busy: wait a moment.'),
    server: t('Try again; if it goes on, the cause is in the log of the cluster\'s API server.'),
    timeout: t('Try again.'),
  };
  // Quotas and policies also answer "forbidden"; only this wording is about rights.
  return reason === 'forbidden' && / cannot \w+ /.test(message) ? t('Ask the administrator of the cluster for this right.') : hints[reason];
}

function networkProblem(code: string, message: string, target: string): Problem | undefined {
  const host = hostOf(target);
  switch (code) {
    case 'ENOTFOUND': case 'EAI_AGAIN':
      return { reason: 'unreachable', message: t('The name "{0}" could not be resolved.', host), hint: t('Check the address of the cluster in the kubeconfig, the VPN and the network.') };
    case 'ECONNREFUSED':
      return { reason: 'unreachable', message: t('"{0}" refused the connection.', target), hint: t('Check that the cluster runs and that its address in the kubeconfig is right.') };
    case 'EHOSTUNREACH': case 'ENETUNREACH': case 'EHOSTDOWN': case 'ENETDOWN': case 'EADDRNOTAVAIL':
      return { reason: 'unreachable', message: t('There is no route to "{0}".', target), hint: t('Check the VPN and the network.') };
    case 'ETIMEDOUT': case 'UND_ERR_CONNECT_TIMEOUT': case 'UND_ERR_HEADERS_TIMEOUT': case 'UND_ERR_BODY_TIMEOUT':
      return timeoutProblem(target);
    case 'ECONNRESET': case 'EPIPE': case 'UND_ERR_SOCKET': case 'ECONNABORTED': case 'ERR_STREAM_PREMATURE_CLOSE': case 'UND_ERR_DESTROYED': case 'UND_ERR_CLOSED':
      return { reason: 'unreachable', message: t('The connection to "{0}" was cut.', target), hint: t('Check that the cluster runs, the VPN and the network.') };
    case 'CERT_HAS_EXPIRED': case 'CERT_NOT_YET_VALID':
      return { reason: 'tls', message: t('The certificate of "{0}" is not valid at this time.', target), hint: t('Check the clock of this machine; otherwise the certificate must be renewed.') };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { reason: 'tls', message: t('The certificate of "{0}" is made out to another name.', target), hint: t('Check the address, or set "tls-server-name" in the kubeconfig.') };
    default:
      return tlsProblem(code, message, target);
  }
}

function tlsProblem(code: string, message: string, target: string): Problem | undefined {
  // Node's names for the results of OpenSSL's certificate verification (X509_V_ERR_*).
  if (/^(DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CERT_|CRL_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_MISMATCH)/.test(code)) {
    return { reason: 'tls', message: t('The certificate of "{0}" is not signed by a trusted authority.', target), hint: t('Check "certificate-authority" of this cluster in the kubeconfig; it may belong to another cluster or be out of date.') };
  }
  if (/^ERR_(SSL|TLS|OSSL)_|^EPROTO$/.test(code)) {
    // OpenSSL words: "…:SSL alert number 42" and the like; a wrong version number is an answer without TLS.
    const hint = /wrong version number|packet length too long|http request/i.test(message)
      ? t('It does not speak TLS: check whether the address should begin with "http:" or has another port.')
      : t('Check the certificates in the kubeconfig.');
    return { reason: 'tls', message: t('No secure connection to "{0}": {1}', target, opensslReason(message)), hint };
  }
  return undefined;
}

/** The reason among the numbers and file names of an OpenSSL error. */
function opensslReason(message: string): string {
  return /:SSL routines:[^:]*:([^:]+):/.exec(message)?.[1] ?? redact(message).split('\n')[0] ?? '';
}

/** Nothing came within the time allowed. */
export function timeoutProblem(target: string): Problem {
  return { reason: 'timeout', message: t('"{0}" did not answer in time.', target), hint: t('Check that the cluster runs, the VPN and the network.') };
}

function hostOf(target: string): string {
  return URL.canParse(target) ? new URL(target).hostname : target;
}

/** The error and what is behind it, outermost first. */
function* causes(error: unknown): Iterable<{ readonly code: string | undefined; readonly message: string }> {
  let current = error;
  for (let depth = 0; depth < 5 && current !== undefined; depth++) {
    const { code } = current as { code?: unknown };
    yield { code: typeof code === 'string' ? code : undefined, message: messageOf(current) };
    current = current instanceof AggregateError ? current.errors[0] : (current as { cause?: unknown }).cause;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function parseStatus(body: string): KubeStatus | undefined {
  try {
    const parsed: unknown = JSON.parse(body);
    return isRecord(parsed) && parsed['kind'] === 'Status' ? (parsed) : undefined;
  } catch {
    return undefined;
  }
}
