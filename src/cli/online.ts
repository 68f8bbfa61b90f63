import { when } from '../base/when';
import { Contexts } from '../cluster/contexts';
import { kubeConfigSources } from '../cluster/kubeConfig';
import type { Session } from '../cluster/session';
import type { KindId } from '../domain/kind';

export interface Online {
  readonly session: Session;
  dispose(): void;
}

const patienceMs = 30_000;

/**
 * Connects to the cluster of a context and waits until everything that manifests name has been listed, or is known to be out of reach.
 * Credential plugins run without being asked about, as with `kubectl`. `kubeconfig`: paths as in `KUBECONFIG`. `companions`: kinds of others that are listed too.
 * @throws Error with one sentence for people
 */
export async function connectTo(context: string, kubeconfig: string | undefined, userAgent: string, companions: readonly KindId[]): Promise<Online> {
  const contexts = new Contexts({ sources: () => kubeConfigSources({ setting: kubeconfig }), userAgent, log: () => undefined, mayRun: () => Promise.resolve(true), isReadOnly: () => true });
  try {
    await contexts.reload();
    const session = contexts.session(context);
    if (!session) {
      const names = contexts.contexts.map(({ name }) => name);
      throw new Error(contexts.problems[0]?.message ?? `There is no context "${context}"${names.length > 0 ? `: there are ${names.join(', ')}` : ' in any kubeconfig'}.`);
    }
    companions.forEach((kind) => session.watch(kind));
    await listed(session, context, companions);
    return { session, dispose: () => contexts.dispose() };
  } catch (error) {
    contexts.dispose();
    throw error;
  }
}

async function listed(session: Session, context: string, companions: readonly KindId[]): Promise<void> {
  const isWaiting = (kind: KindId) => {
    const { phase } = session.view.state(kind);
    return phase === 'loading' || phase === 'unlisted';
  };
  const late = AbortSignal.timeout(patienceMs);
  await when(
    (listener) => {
      const parts = [session.onDidChange(listener), session.onDidChangeState(listener)];
      return { dispose: () => parts.forEach((part) => part.dispose()) };
    },
    () => {
      const { connection, kinds } = session.view;
      if (connection.phase === 'failed') {
        throw new Error(`The cluster of the context "${context}" could not be asked. ${connection.problem.message}`);
      }
      const followed = kinds?.filter(({ verbs }) => verbs.includes('list') && verbs.includes('watch')).map(({ id }) => id);
      return followed && ![...followed, ...companions].some(isWaiting) ? true : undefined;
    },
    late,
  ).catch((error: unknown) => {
    throw late.aborted ? new Error(`The cluster of the context "${context}" did not answer within ${patienceMs / 1000} seconds.`) : error;
  });
}
