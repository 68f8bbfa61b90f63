import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, QuickPickItemKind, type Uri, window } from 'vscode';
import type { ContextRef } from '../cluster/kubeConfig';
import { stringAt } from '../domain/values';
import type { Clusters, ClusterSession } from './clusters';
import { UserError } from './report';
import { contextSettings } from './settings';

interface Choice extends QuickPickItem {
  readonly context?: ContextRef;
}

/** Makes a context the one that manifests and the palette speak to, and connects it. */
export async function selectContext(clusters: Clusters): Promise<void> {
  await clusters.load();
  const other: Choice = { label: `$(folder-opened) ${t('Choose a kubeconfig file…')}` };
  const items: Choice[] = [...(clusters.contexts ?? []).map((context) => choiceOf(context, clusters)), { label: '', kind: QuickPickItemKind.Separator }, other];
  const chosen = await window.showQuickPick(items, { title: t('Select context'), matchOnDescription: true, matchOnDetail: true });
  if (chosen === other) {
    await pickKubeconfig(clusters);
  } else if (chosen?.context) {
    clusters.use(chosen.context.id);
  }
}

export async function pickKubeconfig(clusters: Clusters): Promise<void> {
  const [file]: Uri[] = (await window.showOpenDialog({ title: t('Choose a kubeconfig file'), openLabel: t('Use'), canSelectMany: false })) ?? [];
  if (!file) {
    throw new CancellationError();
  }
  const found = await clusters.addKubeconfig(file.fsPath);
  if (found.length === 0) {
    throw new UserError(t('"{0}" has no context that could be used.', file.fsPath), [{ title: t('Show log'), command: 'dvp.log.show' }]);
  }
  const [first] = found;
  if (first && found.length === 1) {
    clusters.use(first.id);
  } else {
    await selectContext(clusters);
  }
}

/** Which namespaces of a connected context are shown; none chosen: all. */
export async function selectNamespaces(contextId: string | undefined, clusters: Clusters): Promise<void> {
  const session = contextId === undefined ? undefined : clusters.session(contextId);
  if (!session) {
    throw new UserError(t('No cluster is connected.'), [{ title: t('Select context'), command: 'dvp.context.select' }]);
  }
  const { context } = session;
  const shown = clusters.namespacesShown(context.id);
  const watched = session.watch('Namespace');
  try {
    const other: QuickPickItem = { label: `$(add) ${t('Another namespace…')}`, alwaysShow: true };
    const names = [...new Set([...shown, ...namespacesOf(session), ...(contextSettings(context.name).namespaces ?? []), context.namespace])].sort();
    const items: QuickPickItem[] = [...names.map((label) => ({ label, picked: shown.includes(label) })), other];
    const chosen = await window.showQuickPick(items, { title: t('Namespaces of "{0}"', context.name), placeHolder: t('None chosen: all that you may see'), canPickMany: true });
    if (!chosen) {
      throw new CancellationError();
    }
    const typed = chosen.includes(other) ? await typeNamespace() : [];
    clusters.showNamespaces(context.id, [...chosen.filter((item) => item !== other).map(({ label }) => label), ...typed]);
  } finally {
    watched.dispose();
  }
}

function namespacesOf({ view }: ClusterSession): readonly string[] {
  const listed = view.list('Namespace');
  if (listed && listed.length > 0) {
    return listed.map(({ metadata }) => metadata.name);
  }
  return (view.kinds ?? []).flatMap(({ id }) => view.list(id) ?? []).flatMap((object) => stringAt(object, 'metadata.namespace') ?? []);
}

/** A DNS label, as the API server checks names of namespaces (RFC 1123). */
const namespaceName = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

async function typeNamespace(): Promise<readonly string[]> {
  const typed = await window.showInputBox({
    title: t('Another namespace'),
    validateInput: (text) => (namespaceName.test(text) ? undefined : t('Lower case letters, digits and "-", at most 63, beginning and ending with a letter or digit.')),
  });
  return typed === undefined ? [] : [typed];
}

function choiceOf(context: ContextRef, clusters: Clusters): Choice {
  const { label, readOnly } = contextSettings(context.name);
  const isCurrent = clusters.current?.id === context.id;
  return {
    context,
    label: `$(${isCurrent ? 'check' : clusters.session(context.id) ? 'plug' : 'blank'}) ${label ?? context.name}`,
    description: [label === undefined ? '' : context.name, context.namespace, readOnly ? t('read-only') : ''].filter(Boolean).join(' · '),
    detail: context.problem?.message ?? [context.server, context.hasNamesake ? context.file : ''].filter(Boolean).join(' · '),
  };
}
