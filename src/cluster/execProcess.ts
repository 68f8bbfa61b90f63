import { t } from '@vscode/l10n';
import { isRecord } from '../domain/kubeObject';
import type { Credential } from './credentials';
import { ClusterError, redact } from './errors';
import type { ExecOptions, ExecSpec } from './execPlugin';
import { endProgram, findProgram, startProgram } from './program';

type Entry = Readonly<Record<string, unknown>>;

/** Output beyond this is not a credential. */
const maxOutputBytes = 1024 * 1024;

/** Runs a plugin once, without a shell and without a terminal. Throws `ClusterError`, or the signal's reason. */
export async function runPlugin(
  spec: ExecSpec, clusterInfo: Entry, options: ExecOptions & { readonly timeoutMs: number }, signal: AbortSignal,
): Promise<{ credential: Credential; expiresAtMs: number | undefined }> {
  if (spec.interactiveMode === 'Always') {
    throw new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" needs a terminal.', spec.command, spec.user), { hint: t('Sign in with kubectl in a terminal, or choose a plugin that does not ask.') });
  }
  const env = { ...await options.environment(), ...spec.env };
  signal.throwIfAborted();
  const command = await findProgram(spec.command, env);
  signal.throwIfAborted();
  if (command === undefined) {
    throw new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" is not installed.', spec.command, spec.user), {
      hint: spec.installHint?.trim() ?? t('Install it, or make it found through PATH.'),
    });
  }
  const isAllowed = await options.mayRun(command, spec.args, env, signal);
  signal.throwIfAborted();
  if (!isAllowed) {
    throw new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" was not allowed to run.', command, spec.user), { hint: t('Retry to be asked again, or see "credentialPluginPolicy" in your kuberc.') });
  }
  const info = {
    apiVersion: spec.apiVersion, kind: 'ExecCredential',
    spec: { interactive: false, ...(spec.provideClusterInfo && { cluster: clusterInfo }) },
  };
  options.log(`Runs the credential plugin "${command}" of user "${spec.user}"`);
  const output = await outputOf(command, spec, { ...env, KUBERNETES_EXEC_INFO: JSON.stringify(info) }, options, signal);
  return credentialOf(output, spec);
}

function outputOf(command: string, spec: ExecSpec, env: NodeJS.ProcessEnv, options: ExecOptions & { readonly timeoutMs: number }, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const unstartable = (why: string) => new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" could not be started ({2}).', spec.command, spec.user, why), { hint: spec.installHint });
    const child = started(() => startProgram(command, spec.args, env), unstartable);
    const output: Buffer[] = [];
    const errors: Buffer[] = [];
    let size = 0;
    const end = () => {
      timer.dispose();
      signal.removeEventListener('abort', onAbort);
    };
    const fail = (error: unknown) => {
      end();
      endProgram(child);
      reject(error instanceof Error ? error : new Error('Aborted'));
    };
    const onAbort = () => fail(signal.reason);
    const timer = options.clock.after(options.timeoutMs, () => fail(new ClusterError('timeout',
      t('The credential plugin "{0}" of user "{1}" did not answer within {2} seconds and was ended.', spec.command, spec.user, Math.round(options.timeoutMs / 1000)),
      { hint: t('It may wait for you: run it in a terminal, then retry.') })));
    signal.addEventListener('abort', onAbort, { once: true });
    const collect = (to: Buffer[]) => (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxOutputBytes) {
        fail(rubbish(spec));
      } else {
        to.push(chunk);
      }
    };
    child.stdout.on('data', collect(output));
    child.stderr.on('data', collect(errors));
    child.once('error', (error: NodeJS.ErrnoException) => fail(unstartable(error.code ?? '?')));
    child.once('close', (code, killedBy) => {
      end();
      if (code === 0) {
        resolve(Buffer.concat(output).toString('utf8'));
      } else {
        reject(new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" failed ({2}): {3}', spec.command, spec.user, code ?? killedBy ?? '?', lastWords(errors)), { hint: t('Run it in a terminal to see what it wants, then retry.') }));
      }
    });
  });
}

/** Some ways to fail are told by throwing, the others by an event. */
function started<T>(start: () => T, unstartable: (why: string) => ClusterError): T {
  try {
    return start();
  } catch (error) {
    throw unstartable(error instanceof Error ? error.message : '?');
  }
}

/** The last line that a plugin wrote about its failure, without what may be secret. */
function lastWords(errors: readonly Buffer[]): string {
  const line = Buffer.concat(errors).toString('utf8').trim().split(/\r?\n/).at(-1) ?? '';
  return line === '' ? t('it said nothing') : redact(line).slice(0, 300);
}

/** Output is never quoted: it may hold half a credential. */
function rubbish(spec: ExecSpec): ClusterError {
  return new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" answered with something that is no credential.', spec.command, spec.user), { hint: t('Run it in a terminal and compare with the documentation of the plugin.') });
}

function credentialOf(output: string, spec: ExecSpec): { credential: Credential; expiresAtMs: number | undefined } {
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw rubbish(spec);
  }
  const status = isRecord(answer) && answer['kind'] === 'ExecCredential' ? answer['status'] : undefined;
  if (!isRecord(answer) || !isRecord(status)) {
    throw rubbish(spec);
  }
  if (answer['apiVersion'] !== spec.apiVersion) {
    throw new ClusterError('credentials', t('The credential plugin "{0}" of user "{1}" answers in another version than the "{2}" it was asked for.', spec.command, spec.user, spec.apiVersion), { hint: t('Correct "apiVersion" of the plugin in the kubeconfig.') });
  }
  const { token, clientCertificateData: cert, clientKeyData: key, expirationTimestamp } = status;
  const hasToken = typeof token === 'string' && token !== '';
  const hasCertificate = typeof cert === 'string' && typeof key === 'string' && cert !== '' && key !== '';
  if (!hasToken && !hasCertificate) {
    throw rubbish(spec);
  }
  const expiresAtMs = typeof expirationTimestamp === 'string' ? Date.parse(expirationTimestamp) : Number.NaN;
  return {
    credential: { ...(hasToken && { token }), ...(hasCertificate && { certificate: { cert, key } }) },
    expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs,
  };
}
