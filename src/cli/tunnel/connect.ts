import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { systemClock } from '../../base/timing';
import { KubeApi } from '../../cluster/api';
import type { Channel, PortTarget } from '../../cluster/channel';
import { openChannel } from '../../cluster/channel';
import { connect } from '../../cluster/connection';
import { ClusterError } from '../../cluster/errors';
import { ExecPlugins } from '../../cluster/execPlugin';
import type { ContextRef } from '../../cluster/kubeConfig';
import { loadKubeConfig } from '../../cluster/kubeConfig';
import { isAllowed, pluginRules } from '../../cluster/kuberc';
import { loginEnvironment } from '../../cluster/loginShell';
import { pathOf } from '../../cluster/paths';
import { findProgram } from '../../cluster/program';
import { programDigest } from '../../cluster/programDigest';
import { relay } from '../../cluster/relay';
import { isRecord } from '../../domain/kubeObject';
import { fromPlainWord } from '../../domain/sshWords';

const userAgent = 'vscode-deckhouse-virtualization/ssh';

const machines = { group: 'virtualization.deckhouse.io', version: 'v1alpha2', plural: 'virtualmachines', namespaced: true } as const;

/** What the editor's user decided about programs that kubeconfigs name; written beside this program by the editor. */
const pluginFile = 'plugins.json';

/** Carries standard input and output to a port of a machine until either side ends. All values are words of `plainWord`. */
export async function connectStdio(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      kubeconfig: { type: 'string' }, context: { type: 'string' }, namespace: { type: 'string' }, machine: { type: 'string' },
      uid: { type: 'string' }, port: { type: 'string', default: '22' }, allow: { type: 'string', multiple: true },
    },
  });
  const word = (name: 'kubeconfig' | 'context' | 'namespace' | 'machine') => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`"--${name}" is missing`);
    }
    return fromPlainWord(value);
  };
  const target: PortTarget = { namespace: word('namespace'), name: word('machine'), stream: 'portforward', port: Number(values.port), protocol: 'tcp' };
  const context = await find(word('kubeconfig').split(path.delimiter), word('context'));
  const plugins = new ExecPlugins({
    clock: systemClock, log: () => undefined, environment: () => loginEnvironment(process.env, systemClock),
    mayRun: (command, args, env) => mayRun(command, args, env, values.allow ?? []),
  });
  const api = new KubeApi({ connection: connect(context, { plugins }), userAgent });
  const ended = new AbortController();
  try {
    const { signal } = ended;
    const [channel] = await Promise.all([openChannel(api, target, { userAgent, signal }).catch((error: unknown) => { throw told(error, target); }), isSameMachine(api, target, values.uid, signal)]);
    return await carry(channel);
  } finally {
    ended.abort(new Error('Over'));
    api.dispose();
    plugins.dispose();
  }
}

function carry(channel: Channel): Promise<number> {
  return new Promise((resolve) => {
    relay(process.stdin, process.stdout, channel, { clock: systemClock, onEnd: (how) => resolve(how === 'broken' ? 1 : 0) });
  });
}

async function find(files: readonly string[], name: string): Promise<ContextRef> {
  const { contexts, problems } = await loadKubeConfig([{ files }]);
  const context = contexts.find((candidate) => candidate.name === name);
  if (!context) {
    throw new Error([`The context "${name}" is not in ${files.join(', ')}.`, ...problems.map(({ message }) => message)].join(' '));
  }
  return context;
}

/** The user's kuberc decides, then what was answered in the editor. Here nobody can be asked. */
async function mayRun(command: string, args: readonly string[], env: NodeJS.ProcessEnv, allowedOnce: readonly string[]): Promise<boolean> {
  const byRules = await isAllowed(await pluginRules(process.env), command, (name) => findProgram(name, env));
  if (byRules !== undefined) {
    return byRules;
  }
  const { policy, allowed } = await decided();
  const digest = programDigest(command, args);
  return policy === 'allow' || (policy === 'ask' && [...allowed, ...allowedOnce].includes(digest));
}

async function decided(): Promise<{ readonly policy: string; readonly allowed: readonly unknown[] }> {
  try {
    const content: unknown = JSON.parse(await readFile(path.join(import.meta.dirname, pluginFile), 'utf8'));
    if (isRecord(content) && typeof content['policy'] === 'string' && Array.isArray(content['allowed'])) {
      return { policy: content['policy'], allowed: content['allowed'] };
    }
  } catch {
    // Nobody has decided anything.
  }
  return { policy: 'ask', allowed: [] };
}

/** An entry of an ssh configuration outlives its machine. Without the right to look, the host key tells. */
async function isSameMachine(api: KubeApi, target: PortTarget, uid: string | undefined, signal: AbortSignal): Promise<void> {
  if (uid === undefined) {
    return;
  }
  const object = await api.request<unknown>('GET', pathOf(machines, target), { signal, timeoutMs: 10_000 }).catch(() => undefined);
  const found = isRecord(object) && isRecord(object['metadata']) ? object['metadata']['uid'] : undefined;
  if (typeof found === 'string' && found !== uid) {
    throw new Error(`"${target.name}" in "${target.namespace}" was deleted, and another machine was created under its name. If you trust the new one, choose "Open SSH" or "Connect with Remote-SSH" in the editor again.`);
  }
}

function told(error: unknown, { namespace, name, port }: PortTarget): Error {
  if (!(error instanceof ClusterError)) {
    return error instanceof Error ? error : new Error(String(error));
  }
  const hint = error.reason === 'server' || error.reason === 'invalid' ? 'Check that the machine runs and that a server listens on this port in it.'
    : error.reason === 'credentials' ? [error.hint, 'If a program signs you in, connect the context in the editor first and allow the program there.'].filter(Boolean).join(' ') : error.hint;
  return new Error(`Port ${port} of "${name}" in "${namespace}" cannot be reached: ${error.message}${hint ? `\ndvp: ${hint}` : ''}`);
}
