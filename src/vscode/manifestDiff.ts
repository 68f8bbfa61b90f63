import { t } from '@vscode/l10n';
import { commands, Uri, workspace } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { KubeObject } from '../domain/kubeObject';
import { writtenPart } from '../domain/manifestChange';
import { diffScheme } from './target';

/** Differences that can be looked at again before the oldest is forgotten. */
const mostKept = 10;

/** Shows what is in the cluster beside what would be, both as the server tells them. */
export class ManifestDiffs {
  readonly #store = new DisposableStore();
  readonly #texts = new Map<string, string>();
  #count = 0;

  constructor() {
    this.#store.add(workspace.registerTextDocumentContentProvider(diffScheme, { provideTextDocumentContent: ({ path }) => this.#texts.get(path) ?? '' }));
  }

  /** `written` is what the manifest itself says: fields that the cluster adds to it are marked. */
  async show(name: string, before: KubeObject | undefined, after: KubeObject, written: unknown): Promise<void> {
    const { comparedText } = await import('../language/comparedText');
    const known = before && writtenPart(before);
    const left = this.#keep(`${name}.yaml`, known ? comparedText(known, [known], '') : '');
    const right = this.#keep(`${name}.yaml`, comparedText(writtenPart(after), known ? [written, known] : [written], t('filled in by the cluster')));
    await commands.executeCommand('vscode.diff', left, right, before ? t('{0}: cluster and manifest', name) : t('{0}: new by the manifest', name), { preview: true });
  }

  dispose(): void {
    this.#store.dispose();
    this.#texts.clear();
  }

  #keep(name: string, text: string): Uri {
    const uri = Uri.from({ scheme: diffScheme, path: `/${++this.#count}/${name}` });
    this.#texts.set(uri.path, text);
    for (const path of [...this.#texts.keys()].slice(0, -2 * mostKept)) {
      this.#texts.delete(path);
    }
    return uri;
  }
}
