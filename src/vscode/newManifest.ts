import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, SnippetString, Uri, window, workspace } from 'vscode';
import type { KindId } from '../domain/kind';
import type { Clusters } from './clusters';
import { UserError } from './report';
import { setting } from './settings';

interface Template extends QuickPickItem {
  readonly body: string;
}

/** Opens a new manifest from one of the extension's snippets; `kind`: only those that hold one of that kind. Applies nothing. */
export async function newManifest(kind: KindId | undefined, extensionUri: Uri, clusters: Clusters): Promise<void> {
  const files = ['manifests', `manifests-${await moduleOf(clusters)}`];
  const templates = (await Promise.all(files.map((file) => templatesIn(Uri.joinPath(extensionUri, 'snippets', `${file}.code-snippets`))))).flat();
  const fitting = kind === undefined ? templates : templates.filter(({ body }) => new RegExp(`^kind: ${kind}$`, 'm').test(body));
  if (fitting.length === 0) {
    throw new UserError(t('There is no template for {0}.', kind ?? ''));
  }
  const chosen = await window.showQuickPick(fitting, { title: t('New manifest'), matchOnDescription: true, matchOnDetail: true });
  if (!chosen) {
    throw new CancellationError();
  }
  const editor = await window.showTextDocument(await workspace.openTextDocument({ language: 'yaml' }));
  await editor.insertSnippet(new SnippetString(chosen.body));
}

/** The generation of the platform that manifests are for: the current cluster's, unless the user says which. */
async function moduleOf(clusters: Clusters): Promise<'1.10' | '0.17'> {
  const chosen = setting('schemas.module');
  const { generationOf } = await import('../language/generation');
  return chosen === 'auto' ? generationOf(clusters.current && clusters.session(clusters.current.id)?.view) : chosen;
}

async function templatesIn(file: Uri): Promise<readonly Template[]> {
  const text = new TextDecoder().decode(await workspace.fs.readFile(file));
  const snippets = JSON.parse(text) as Readonly<Record<string, { readonly body: string | readonly string[]; readonly description?: string }>>;
  return Object.entries(snippets).map(([label, { body, description }]) => ({
    label, body: typeof body === 'string' ? body : body.join('\n'), ...(description === undefined ? {} : { detail: description }),
  }));
}
