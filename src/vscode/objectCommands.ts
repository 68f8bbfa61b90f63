import { t } from '@vscode/l10n';
import { CancellationError, commands, env, languages, window, workspace } from 'vscode';
import { knownKind } from '../domain/kinds/index';
import { phaseOf } from '../domain/kubeObject';
import { type Operation, operations } from '../domain/operations';
import type { Clusters } from './clusters';
import { type DocumentKind, find, servedKind, type Target, uriOf } from './target';

/** Opens objects as YAML or described, each in its own editor; one alone as a preview. */
export async function openDocuments(targets: readonly Target[], as: DocumentKind): Promise<void> {
  for (const target of targets) {
    const document = await workspace.openTextDocument(uriOf(target, as));
    if (as === 'yaml' && document.languageId !== 'yaml') {
      await languages.setTextDocumentLanguage(document, 'yaml');
    }
    await window.showTextDocument(document, { preview: targets.length === 1 });
  }
}

/** Puts names on the clipboard, a line each. */
export async function copyNames(targets: readonly Target[]): Promise<void> {
  await env.clipboard.writeText(targets.map(({ name }) => name).join('\n'));
}

/** Lets the user choose among the command lines that apply to an object, and copies it for all of them. */
export async function copyCommand(targets: readonly Target[], clusters: Clusters): Promise<void> {
  const [first, ...rest] = targets.map((target) => find(target, clusters));
  if (!first) {
    throw new CancellationError();
  }
  const choices = [first, ...rest].map((found) => commandsFor(found));
  const [own] = choices;
  const chosen = await window.showQuickPick((own ?? []).map(({ label, line }) => ({ label, detail: line })), { title: t('Copy "d8" command') });
  if (!chosen) {
    throw new CancellationError();
  }
  const lines = choices.flatMap((all) => all.find(({ label }) => label === chosen.label)?.line ?? []);
  await env.clipboard.writeText(lines.join('\n'));
}

/** Shows a node that cannot be opened the way the list itself would: folded or unfolded. */
export async function toggleRow(): Promise<void> {
  await commands.executeCommand('list.toggleExpand');
}

interface CommandLine {
  readonly label: string;
  readonly line: string;
}

function commandsFor({ target, object, session }: ReturnType<typeof find>): readonly CommandLine[] {
  const plural = servedKind(session, target.kind)?.plural ?? target.kind.toLowerCase();
  const where = target.namespace === undefined ? '' : ` -n ${target.namespace}`;
  const isRunning = target.kind === 'VirtualMachine' && phaseOf(object) === 'Running';
  const sessions = isRunning ? ['console', 'vnc', 'ssh'].map((verb) => ({ label: verb, line: `d8 v ${verb} ${target.name}${where}` })) : [];
  const own = (knownKind(target.kind)?.operations ?? []).map((id): Operation => operations[id])
    .filter((operation) => operation.applies(object, session.view) === true)
    .map((operation) => ({ label: t(operation.title), line: operation.command(object) }));
  return [
    ...sessions, ...own,
    { label: t('Get as YAML'), line: `d8 k get ${plural} ${target.name}${where} -o yaml` },
    { label: t('Describe'), line: `d8 k describe ${plural} ${target.name}${where}` },
  ];
}
