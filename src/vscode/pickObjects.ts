import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import type { KindId } from '../domain/kind';
import { knownKind, kinds } from '../domain/kinds/index';
import { phaseOf } from '../domain/kubeObject';
import { type Operation, type OperationId, operations } from '../domain/operations';
import type { Clusters, ClusterSession } from './clusters';
import { UserError } from './report';
import type { Target } from './target';

interface Choice extends QuickPickItem {
  readonly target?: Target;
}

/** Lets the user choose objects of the current context that an operation is for, `selected` to begin with; the impossible ones stand below with the reason. */
export async function pickForOperation(id: OperationId, clusters: Clusters, selected: readonly Target[]): Promise<readonly Target[]> {
  const operation: Operation = operations[id];
  const session = currentSession(clusters);
  const able: Choice[] = [];
  const unable: Choice[] = [];
  for (const kind of Object.values(kinds).filter((candidate) => candidate.operations.includes(id))) {
    for (const object of session.view.list(kind.id) ?? []) {
      const applies = operation.applies(object, session.view);
      const { name, namespace } = object.metadata;
      const item = { label: name, description: [kind.name, namespace, phaseOf(object)].filter(Boolean).join(' · ') };
      if (applies === true) {
        const target = { context: session.context.id, kind: kind.id, name, ...(namespace === undefined ? {} : { namespace }) };
        able.push({ ...item, target, picked: selected.some((one) => isSame(one, target)) });
      } else {
        unable.push({ ...item, label: `$(circle-slash) ${name}`, detail: applies.because });
      }
    }
  }
  if (able.length === 0 && unable.length === 0) {
    throw new UserError(t('There is nothing in the context "{0}" that this could be done to.', session.context.name));
  }
  const chosen = await window.showQuickPick([...able, ...(unable.length > 0 ? [separator(t('Not possible now')), ...unable] : [])], {
    canPickMany: true, matchOnDescription: true, title: t('{0} in "{1}"', t(operation.title), session.context.name), placeHolder: t('Choose what to apply this to'),
  });
  return chosenTargets(chosen);
}

/** Lets the user choose one object of the current context, of one kind where it is given. */
export async function pickObject(title: string, clusters: Clusters, kind?: KindId): Promise<readonly Target[]> {
  const session = currentSession(clusters);
  const items = (session.view.kinds ?? []).filter(({ id }) => kind === undefined || id === kind).flatMap(({ id }) => choicesOf(id, session));
  const chosen = await window.showQuickPick(items, { matchOnDescription: true, title, placeHolder: t('Choose an object of "{0}"', session.context.name) });
  return chosenTargets(chosen && [chosen]);
}

function isSame(a: Target, b: Target): boolean {
  return a.context === b.context && a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
}

function choicesOf(kind: KindId, session: ClusterSession): readonly Choice[] {
  const objects = session.view.list(kind) ?? [];
  const title = knownKind(kind)?.title;
  return objects.length === 0 ? [] : [separator(title === undefined ? kind : t(title)), ...objects.map((object): Choice => {
    const { name, namespace } = object.metadata;
    return { label: name, description: [namespace, phaseOf(object)].filter(Boolean).join(' · '), target: { context: session.context.id, kind, name, ...(namespace === undefined ? {} : { namespace }) } };
  })];
}

function chosenTargets(chosen: readonly Choice[] | undefined): readonly Target[] {
  const targets = chosen?.flatMap(({ target }) => target ?? []) ?? [];
  if (targets.length === 0) {
    throw new CancellationError();
  }
  return targets;
}

function currentSession(clusters: Clusters): ClusterSession {
  const session = clusters.current && clusters.session(clusters.current.id);
  if (!session) {
    throw new UserError(t('No cluster is connected.'), [{ title: t('Select context'), command: 'dvp.context.select' }]);
  }
  return session;
}

function separator(label: string): Choice {
  return { label, kind: QuickPickItemKind.Separator };
}
