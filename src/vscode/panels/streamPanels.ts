import { t } from '@vscode/l10n';
import { type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { isStreamMemory, type StreamMemory } from '../../protocol/stream';
import type { Clusters } from '../clusters';
import type { Log } from '../log';
import type { Memory } from '../memory';
import type { Report } from '../report';
import type { Target } from '../target';
import { pageOptions } from './panel';
import type { Thumbnails } from './thumbnails';

export interface StreamPanelOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly log: Log;
  readonly memory: Memory;
  readonly thumbnails: Thumbnails;
  readonly userAgent: string;
  readonly extensionUri: Uri;
  /** A folder of this window alone, made when it is needed. */
  readonly storage: Uri;
}

/** What fills a panel, for as long as the window lives. */
export interface StreamContent extends Disposable {
  /** The user has closed the panel: nothing of it need be kept. Called before `dispose`. */
  closed?(): void;
}

/** One kind of panel on a stream of machines, or on anything else that has a name in a context. */
export interface StreamPanelKind {
  readonly viewType: string;
  /** English, for what is reported. */
  readonly title: string;
  readonly label: (machine: string) => string;
  /** It is thrown away while hidden and made anew from what is known: nothing comes that is not kept elsewhere. */
  readonly isForgetful?: boolean;
  /** Fills a panel until what it gives is disposed. */
  readonly load: () => Promise<(panel: WebviewPanel, memory: StreamMemory, options: StreamPanelOptions) => StreamContent>;
}

/** The open panels of a kind, one for each machine: a second one would take the stream from the first. Brings them back after a reload of the window. */
export class StreamPanels {
  readonly #kind: StreamPanelKind;
  readonly #options: StreamPanelOptions;
  readonly #store = new DisposableStore();
  readonly #panels = new Map<string, WebviewPanel>();

  constructor(kind: StreamPanelKind, options: StreamPanelOptions) {
    this.#kind = kind;
    this.#options = options;
    this.#store.add(window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await options.report.run(t(kind.title), async () => {
          if (isStreamMemory(state)) {
            // Without its cluster the panel shows what was kept, says so itself, and goes on trying.
            await options.clusters.begun(state.context).catch((error: unknown) => options.report.background(kind.title, error));
            await this.#fill(panel, state);
          } else {
            panel.dispose();
          }
        });
      },
    }));
  }

  /** Shows the panel of a machine, which is connected on the way. */
  async open({ context, name, namespace = '' }: Target): Promise<void> {
    const shown = this.#panels.get(keyOf({ context, name, namespace }));
    if (shown) {
      shown.reveal();
      return;
    }
    // A hidden panel goes on listening: a webview that is thrown away would lose what comes meanwhile.
    const panel = window.createWebviewPanel(this.#kind.viewType, this.labelOf({ context, name }), ViewColumn.Active, { ...pageOptions(this.#options.extensionUri), retainContextWhenHidden: this.#kind.isForgetful !== true });
    await this.#fill(panel, { context, name, namespace });
  }

  /** The machine's name, with its context where that is not the current one. */
  labelOf({ context, name }: Pick<Target, 'context' | 'name'>): string {
    const { clusters } = this.#options;
    return this.#kind.label(clusters.current?.id === context ? name : `${name} (${clusters.session(context)?.context.name ?? context})`);
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #fill(panel: WebviewPanel, memory: StreamMemory): Promise<void> {
    const key = keyOf(memory);
    this.#panels.set(key, panel);
    const content = new DisposableStore();
    this.#store.add(content);
    const filled: { content?: StreamContent } = {};
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      filled.content?.closed?.();
      this.#store.delete(content);
    });
    const fill = await this.#kind.load();
    if (content.isDisposed) {
      return;
    }
    filled.content = content.add(fill(panel, memory, this.#options));
  }
}

/** Names a machine among all panels of a kind. */
export function keyOf({ context, namespace, name }: StreamMemory): string {
  return JSON.stringify([context, namespace, name]);
}
