import { t } from '@vscode/l10n';
import { DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { attentionRoot, attentionTotal } from '../domain/attentionTree';
import type { TreeInput } from '../domain/treeNode';
import type { Clusters } from './clusters';
import type { Memory } from './memory';
import type { Thumbnails } from './panels/thumbnails';
import type { RecentEvents } from './recentEvents';
import type { Report } from './report';
import { type Target, targetsIn } from './target';
import { ClusterTree } from './tree';
import type { ViewOptions } from './viewOptions';

/** How often the number of what needs attention is counted anew. */
const countPace = { intervalMs: 1000, share: 0.05 };

export interface ExplorerOptions {
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly options: ViewOptions;
  readonly report: Report;
  readonly events: RecentEvents;
  readonly thumbnails: Thumbnails;
}

/** The two views of the container: everything, and what needs somebody. */
export class Explorer {
  readonly #options: ExplorerOptions;
  readonly #store = new DisposableStore();
  /** Everything. */
  readonly all: ClusterTree;
  readonly attention: ClusterTree;

  constructor(options: ExplorerOptions) {
    this.#options = options;
    const { clusters } = options;
    const common = { clusters, memory: options.memory, report: options.report, events: options.events, thumbnails: options.thumbnails, input: () => this.#input() };
    this.all = this.#store.add(new ClusterTree({ ...common, viewId: 'dvp.explorer' }));
    this.attention = this.#store.add(new ClusterTree({ ...common, viewId: 'dvp.attention', root: attentionRoot }));
    const count = this.#store.add(new Paced(systemClock, countPace, () => this.#count()));
    for (const event of [clusters.onDidChange, clusters.onDidChangeObjects, options.options.onDidChange]) {
      this.#store.add(event(() => count.trigger()));
    }
    this.#store.add(clusters.onDidChange(() => this.#describe()));
    this.#store.add(options.options.onDidChange(() => {
      this.all.refresh();
      this.attention.refresh();
      this.#describe();
    }));
    this.#describe();
  }

  /** The objects selected in the view that was used last. */
  selectedTargets(): readonly Target[] {
    const { view } = this.attention.usedAtMs > this.all.usedAtMs ? this.attention : this.all;
    return targetsIn(view.selection);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #input(): TreeInput {
    const { clusters, options } = this.#options;
    return { contexts: clusters.treeContexts(), options: options.current, shown: options.shown, nowMs: Date.now() };
  }

  #count(): void {
    const needing = attentionTotal(this.#input());
    this.attention.view.badge = needing === 0 ? undefined : { value: needing, tooltip: t('{0} need attention', needing) };
  }

  /** Says beside and below the view's title what the rows cannot: that not everything is shown, that a kubeconfig is broken. */
  #describe(): void {
    const { clusters, options } = this.#options;
    const { filter } = options.current;
    this.all.view.description = filter === '' ? '' : t('filtered: {0}', filter);
    // Without any context the welcome text speaks, which a message would hide.
    this.all.view.message = clusters.contexts?.length ? clusters.problems.map(({ message }) => message).join('\n') : '';
  }
}
