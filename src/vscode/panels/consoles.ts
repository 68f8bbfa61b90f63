import { t } from '@vscode/l10n';
import { type Uri, ViewColumn, type WebviewPanel, window } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { StreamMemory } from '../../protocol/stream';
import type { Clusters } from '../clusters';
import type { Log } from '../log';
import type { Report } from '../report';
import type { Target } from '../target';

export interface ConsolesOptions {
  readonly clusters: Clusters;
  readonly report: Report;
  readonly log: Log;
  readonly userAgent: string;
  readonly extensionUri: Uri;
}

const viewType = 'dvp.console';

/** The open consoles, one for each machine: a second one would take it from the first. Brings them back after a reload of the window. */
export class Consoles {
  readonly #options: ConsolesOptions;
  readonly #store = new DisposableStore();
  readonly #panels = new Map<string, WebviewPanel>();

  constructor(options: ConsolesOptions) {
    this.#options = options;
    this.#store.add(window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: unknown) => {
        await options.report.run(t('Console'), async () => {
          if (isMemory(state)) {
            // Without its cluster the console says so itself, and goes on trying.
            await options.clusters.ready(state.context).catch((error: unknown) => options.report.background('Console', error));
            await this.#fill(panel, state);
          } else {
            panel.dispose();
          }
        });
      },
    }));
  }

  /** Shows the console of a machine, which is connected on the way. */
  async open({ context, name, namespace = '' }: Target): Promise<void> {
    const shown = this.#panels.get(keyOf({ context, name, namespace }));
    if (shown) {
      shown.reveal();
      return;
    }
    const { clusters } = this.#options;
    const label = clusters.current?.id === context ? name : `${name} (${clusters.session(context)?.context.name ?? context})`;
    // A hidden console goes on listening: a webview that is thrown away would lose what the machine prints.
    const panel = window.createWebviewPanel(viewType, label, ViewColumn.Active, { retainContextWhenHidden: true });
    await this.#fill(panel, { context, name, namespace });
  }

  dispose(): void {
    this.#store.dispose();
  }

  async #fill(panel: WebviewPanel, memory: StreamMemory): Promise<void> {
    const key = keyOf(memory);
    this.#panels.set(key, panel);
    const content = new DisposableStore();
    this.#store.add(content);
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      this.#store.delete(content);
    });
    const { showConsole } = await import('./consolePanel');
    if (content.isDisposed) {
      return;
    }
    content.add(showConsole(panel, memory, this.#options));
  }
}

function keyOf({ context, namespace, name }: StreamMemory): string {
  return JSON.stringify([context, namespace, name]);
}

function isMemory(state: unknown): state is StreamMemory {
  return typeof state === 'object' && state !== null && ['context', 'namespace', 'name'].every((field) => typeof (state as Record<string, unknown>)[field] === 'string');
}
