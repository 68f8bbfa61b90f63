import { t } from '@vscode/l10n';
import { StatusBarAlignment, type StatusBarItem, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { evacuating } from '../domain/evacuationStatus';
import type { Clusters } from './clusters';

/** Right of the context's item. */
const priority = 38;

/** Operations are counted no more often than this. */
const pace = { intervalMs: 1000, share: 0.1 };

/** Says in the status bar that nodes are being emptied, while they are; a click shows how far. */
export class EvacuationStatus {
  readonly #clusters: Clusters;
  readonly #item: StatusBarItem;
  readonly #store = new DisposableStore();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    this.#item = this.#store.add(window.createStatusBarItem('dvp.evacuation', StatusBarAlignment.Left, priority));
    this.#item.name = t('Deckhouse Virtualization: evacuation');
    const soon = this.#store.add(new Paced(systemClock, pace, () => this.#update()));
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
  #update(): void {
    for (const { context, view } of this.#clusters.sessions) {
      const { active, all } = evacuating(view.list('VirtualMachineOperation') ?? []);
      if (active > 0) {
        const text = t('Evacuation: {0} of {1}', all - active, all);
        this.#item.text = `$(arrow-swap) ${text}`;
        this.#item.tooltip = t('Nodes of "{0}" are being emptied: {1} of {2} migrations are over. Click to see them.', context.name, all - active, all);
        this.#item.accessibilityInformation = { label: text };
        this.#item.command = { title: t('Show migrations and evacuation'), command: 'dvp.evacuation.open', arguments: [{ context: context.id, kind: 'Node', name: '' }] };
        this.#item.show();
        return;
      }
    }
    this.#item.hide();
  }
}
