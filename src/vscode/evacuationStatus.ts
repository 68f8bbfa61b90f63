import { t } from '@vscode/l10n';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { isEvacuating } from '../domain/evacuationStatus';
import type * as evacuationSummary from '../domain/evacuationSummary';
import type { Clusters, ClusterSession } from './clusters';
import type { Report } from './report';
import { StatusItem } from './statusItem';

/** Right of the context's item. */
const priority = 38;

/** Operations are counted no more often than this. */
const pace = { intervalMs: 1000, share: 0.1 };

/** Not loaded before a node is emptied. */
type Counting = typeof evacuationSummary;

/** Says in the status bar that nodes are being emptied, while they are; a click shows how far. */
export class EvacuationStatus {
  readonly #clusters: Clusters;
  readonly #item: StatusItem;
  readonly #store = new DisposableStore();
  readonly #soon: Paced;
  #loading: Promise<void> | undefined;
  #counting: Counting | undefined;

  constructor(clusters: Clusters, report: Report) {
    this.#clusters = clusters;
    this.#item = this.#store.add(new StatusItem({ id: 'dvp.evacuation', name: t('Deckhouse Virtualization: evacuation'), priority }));
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
      this.#item.show(undefined);
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
      this.#item.show({
        text: `$(arrow-swap) ${text}`, label: text, tooltip: [t('Nodes of "{0}" are being emptied.', context.name), summary.line, t('Click to show.')].join('\n'),
        command: { title: t('Show migrations and evacuation'), command: 'dvp.evacuation.open', arguments: [{ context: context.id, kind: 'Node', name: '' }] },
      });
    }
  }
}
