import { t } from '@vscode/l10n';
import { commands } from 'vscode';
import type { Disposable } from '../base/disposable';
import { when } from '../base/when';
import type { ShownNode } from '../domain/shownTree';
import { UserError } from './report';
import type { ClusterTree } from './tree';

/** How long VS Code may take to read rows again. */
const patienceMs = 5000;

/** Not in package.json: nobody but this file runs it. */
const tellCommand = 'dvp.view.tellFocused';

/** Finds the rows that a command was chosen on where VS Code has just forgotten them: it does so with all rows below one that is refreshed, until it has asked for them again. */
export class LostRows implements Disposable {
  readonly #trees: readonly ClusterTree[];
  readonly #registration: Disposable;
  /** Who waits for the row with the focus, by the number of the question. */
  readonly #questions = new Map<number, (row: unknown) => void>();
  #asked = 0;

  constructor(trees: readonly ClusterTree[]) {
    this.#trees = trees;
    this.#registration = commands.registerCommand(tellCommand, (row: unknown, question: number) => this.#questions.get(question)?.(row));
  }

  /**
   * What a command of a row was called with, complete. `isInline`: pressed at the end of a row, which may be any row, while the row whose menu is open has the focus.
   * @throws UserError when it is not certain which rows are meant
   */
  async restored(args: readonly unknown[], isInline: boolean): Promise<readonly unknown[]> {
    const [, all] = args;
    const rows: readonly unknown[] = Array.isArray(all) ? all : args.slice(0, 1);
    if (rows.every((row) => row !== undefined && row !== null)) {
      return args;
    }
    const places = this.#trees.map((tree) => ({ tree, ids: tree.forgotten() })).filter(({ ids }) => ids.size > 0);
    const found: (readonly ShownNode[])[] = [];
    for (const { tree, ids } of places) {
      const candidates = await this.#known(tree, rows.length, isInline);
      // Of what has gone meanwhile nobody can say whether it was meant.
      if (candidates.length === rows.length && candidates.some(({ id }) => ids.has(id)) && [...ids].every((id) => tree.isShown(id))) {
        found.push(candidates);
      }
    }
    const [only] = found;
    if (!only || found.length > 1) {
      throw new UserError(t('The rows were just being read again, so it is not certain which one was meant. Choose the command once more.'));
    }
    return [only[0], ...(rows.length > 1 ? [only] : [])];
  }

  dispose(): void {
    this.#registration.dispose();
  }

  /** The selected rows, or for a single one that which has the focus, when VS Code knows all rows of the tree again; none when that takes too long. */
  async #known(tree: ClusterTree, count: number, isInline: boolean): Promise<readonly ShownNode[]> {
    const patience = AbortSignal.timeout(patienceMs);
    try {
      for (;;) {
        await when(tree.onDidAsk, () => tree.forgotten().size === 0 || undefined, patience);
        const known = await this.#look(tree);
        if (known) {
          return count > 1 ? known.selection : isRow(known.focused) && !isInline && !tree.mayBeSuccessor(known.focused) ? [known.focused] : [];
        }
      }
    } catch (error) {
      if (patience.aborted) {
        return [];
      }
      throw error;
    }
  }

  /** `undefined`: rows were forgotten again meanwhile. VS Code tells which row has the focus only to commands that the workbench runs, as it does those in the title of a view. */
  async #look(tree: ClusterTree): Promise<{ readonly focused: unknown; readonly selection: readonly ShownNode[] } | undefined> {
    const question = ++this.#asked;
    let known: { readonly focused: unknown; readonly selection: readonly ShownNode[] } | undefined;
    this.#questions.set(question, (focused) => {
      known = tree.forgotten().size === 0 ? { focused, selection: tree.view.selection } : undefined;
    });
    await commands.executeCommand('runCommands', { commands: [{ command: tellCommand, args: [{ $treeViewId: tree.viewId, $focusedTreeItem: true }, question] }] });
    this.#questions.delete(question);
    return known;
  }
}

export function isRow(value: unknown): value is ShownNode {
  return typeof value === 'object' && value !== null && 'node' in value && 'row' in value;
}
