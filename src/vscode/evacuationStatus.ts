import { t } from '@vscode/l10n';
import { StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { isEvacuating } from '../domain/evacuationStatus';
import type * as evacuationSummary from '../domain/evacuationSummary';
import type { Clusters, ClusterSession } from './clusters';
import type { Report } from './report';

/** Right of the context's item. */
const priority = 38;

/** Operations are counted no more often than this. */
const pace = { intervalMs: 1000, share: 0.1 };

/** Not loaded before a node is emptied. */
type Counting = typeof evacuationSummary;

/** Says in the status bar that nodes are being emptied, while they are; a click shows how far. */
export class EvacuationStatus {
  readonly #clusters: Clusters;
  readonly #item: StatusBarItem;
  readonly #store = new DisposableStore();
  readonly #soon: Paced;
  #loading: Promise<void> | undefined;
  #counting: Counting | undefined;
  /** What the item says: writing it anew for nothing would take it from under a click. */
  #shown: string | undefined;

  constructor(clusters: Clusters, report: Report) {
    this.#clusters = clusters;
    this.#item = this.#store.add(window.createStatusBarItem('dvp.evacuation', StatusBarAlignment.Left, priority));
    this.#item.name = t('Deckhouse Virtualization: evacuation');
    this.#soon = this.#store.add(new Paced(systemClock, pace, () => this.#update(report)));
    this.#store.add(clusters.onDidChange(() => this.#soon.trigger()));
    this.#store.add(clusters.onDidChangeObjects(({ kind }) => {
      if (kind === 'VirtualMachineOperation') {
        this.#soon.trigger();
      }
    }));
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The current context first; of the others the first in which something is on its way. */
  #update(report: Report): void {
    const session = this.#clusters.sessions.find(({ view }) => isEvacuating(view.list('VirtualMachineOperation') ?? []));
    if (!session) {
      this.#item.hide();
    } else if (this.#counting) {
      this.#show(session, this.#counting);
    } else {
      this.#loading ??= this.#load().catch((error: unknown) => report.background('Evacuation', error));
    }
  }

  async #load(): Promise<void> {
    this.#counting = await import('../domain/evacuationSummary');
    this.#soon.trigger();
  }

  /** Counts as the view does that it leads to. */
  #show({ context, view }: ClusterSession, { summaryNow }: Counting): void {
    const summary = summaryNow(view, systemClock.now());
    if (summary) {
      const text = t('Evacuation: {0} of {1}', summary.counts.left, summary.total);
      const shown = `${context.id} ${text}`;
      if (shown !== this.#shown) {
        this.#shown = shown;
        this.#item.text = `$(arrow-swap) ${text}`;
        this.#item.tooltip = [t('Nodes of "{0}" are being emptied.', context.name), summary.line, t('Click to show.')].join('\n');
        this.#item.accessibilityInformation = { label: text };
        this.#item.command = { title: t('Show migrations and evacuation'), command: 'dvp.evacuation.open', arguments: [{ context: context.id, kind: 'Node', name: '' }] };
      }
      this.#item.show();
    }
  }
}
