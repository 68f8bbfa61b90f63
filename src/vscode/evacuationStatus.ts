import { t } from '@vscode/l10n';
import { StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { isEvacuating } from '../domain/evacuationStatus';
import type { Clusters, ClusterSession } from './clusters';
import type { Report } from './report';

/** Right of the context's item. */
const priority = 38;

/** Operations are counted no more often than this. */
const pace = { intervalMs: 1000, share: 0.1 };

/** Says in the status bar that nodes are being emptied, while they are; a click shows how far. */
export class EvacuationStatus {
  readonly #clusters: Clusters;
  readonly #item: StatusBarItem;
  readonly #store = new DisposableStore();

  constructor(clusters: Clusters, report: Report) {
    this.#clusters = clusters;
    this.#item = this.#store.add(window.createStatusBarItem('dvp.evacuation', StatusBarAlignment.Left, priority));
    this.#item.name = t('Deckhouse Virtualization: evacuation');
    const soon = this.#store.add(new Paced(systemClock, pace, () => void this.#update().catch((error: unknown) => report.background('Evacuation', error))));
    this.#store.add(clusters.onDidChange(() => soon.trigger()));
    this.#store.add(clusters.onDidChangeObjects(({ kind }) => {
      if (kind === 'VirtualMachineOperation') {
        soon.trigger();
      }
    }));
  }

  dispose(): void {
    this.#store.dispose();
  }

  /** The current context first; of the others the first in which something is on its way. */
  async #update(): Promise<void> {
    const session = this.#clusters.sessions.find(({ view }) => isEvacuating(view.list('VirtualMachineOperation') ?? []));
    if (session) {
      await this.#show(session);
    } else {
      this.#item.hide();
    }
  }

  /** Counts as the view does that it leads to. */
  async #show({ context, view }: ClusterSession): Promise<void> {
    const [{ evacuationOf, Heard }, { summaryOf }] = await Promise.all([import('../domain/evacuation'), import('../domain/evacuationSummary')]);
    const now = systemClock.now();
    const evacuation = evacuationOf(view, undefined, now, new Heard().recordOf);
    if (!evacuation || this.#store.isDisposed) {
      return;
    }
    const { counts, total, line } = summaryOf(evacuation, view, now);
    const text = t('Evacuation: {0} of {1}', counts.left, total);
    this.#item.text = `$(arrow-swap) ${text}`;
    this.#item.tooltip = [t('Nodes of "{0}" are being emptied.', context.name), line, t('Click to show.')].join('\n');
    this.#item.accessibilityInformation = { label: text };
    this.#item.command = { title: t('Show migrations and evacuation'), command: 'dvp.evacuation.open', arguments: [{ context: context.id, kind: 'Node', name: '' }] };
    this.#item.show();
  }
}
