import { type Terminal, type Uri, type WebviewPanel, window } from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable';
import { consoleKind } from './panels/streamKinds';
import { keyOf, type StreamPanelOptions, StreamPanels } from './panels/streamPanels';
import { setting } from './settings';
import type { Target } from './target';

/** The serial consoles that are open, in panels or in terminals as the setting wants it, one for each machine. Shows their recordings, too. */
export class Consoles implements Disposable {
  readonly #options: StreamPanelOptions;
  readonly #store = new DisposableStore();
  readonly #panels: StreamPanels;
  readonly #terminals = new Map<string, Terminal>();

  constructor(options: StreamPanelOptions) {
    this.#options = options;
    this.#panels = this.#store.add(new StreamPanels(consoleKind, options));
    this.#store.add(window.registerCustomEditorProvider('dvp.recording', {
      openCustomDocument: (uri: Uri) => ({ uri, dispose: () => undefined }),
      resolveCustomEditor: async ({ uri }: { readonly uri: Uri }, panel: WebviewPanel) => (await import('./panels/castEditor')).showCast(panel, uri, options),
    }, { webviewOptions: { retainContextWhenHidden: true } }));
  }

  /** Shows the console of a machine, which is connected on the way. */
  async open(target: Target): Promise<void> {
    if (setting('console.surface') === 'panel') {
      await this.#panels.open(target);
      return;
    }
    const { context, name, namespace = '' } = target;
    const key = keyOf({ context, name, namespace });
    // Loaded first: nothing may come between looking for a terminal and making one.
    const { consoleTerminal } = await import('./consoleTerminal');
    const shown = this.#terminals.get(key);
    if (shown) {
      shown.show();
      return;
    }
    const made = this.#store.add(consoleTerminal({ context, name, namespace }, this.#panels.labelOf(target), this.#options, () => {
      this.#terminals.delete(key);
      this.#store.delete(made);
    }));
    this.#terminals.set(key, made.terminal);
    made.terminal.show();
  }

  dispose(): void {
    this.#store.dispose();
  }
}
