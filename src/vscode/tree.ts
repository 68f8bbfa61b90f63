import { EventEmitter, MarkdownString, type TreeDataProvider, type TreeItem, type TreeView, window } from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable';
import { Emitter, type Event } from '../base/event';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { type ShownNode, ShownTree, type TreeReader } from '../domain/shownTree';
import { childrenOf } from '../domain/tree';
import type { TreeInput, TreeNode } from '../domain/treeNode';
import { rowOf } from '../domain/treeRow';
import type { Clusters } from './clusters';
import type { Memory } from './memory';
import { keyOf } from './panels/streamPanels';
import { type Thumbnails, thumbnailMarkdown } from './panels/thumbnails';
import type { RecentEvents } from './recentEvents';
import type { Report } from './report';
import { treeItem } from './treeItem';

/** At most ten refreshes in any second, timers that are early included, and a fifth of the time, however many objects change and rows are shown. */
const refreshPace = { intervalMs: 105, share: 0.2 };

/** A tooltip without the latest Events is better than a late one. */
const tooltipWaitMs = 80;

/** How often ages in descriptions are brought up to date; more often while the seconds to the next try are counted. */
const ageIntervalMs = 10_000;
const countdownIntervalMs = 1_000;

/** How many nodes are remembered as opened or closed; the oldest are forgotten first. */
const expansionsKept = 1000;

/** Nobody leaves a menu open for longer. */
const menuLifeMs = 600_000;

export interface ClusterTreeOptions {
  readonly viewId: string;
  /** Whose children are the roots of this view; absent: the contexts. */
  readonly root?: TreeNode;
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly report: Report;
  readonly events: RecentEvents;
  readonly thumbnails: Thumbnails;
  /** What is shown now. */
  readonly input: () => TreeInput;
}

/** One view over `domain/tree.ts`: gives rows and tells the fewest of them that changed. */
export class ClusterTree implements TreeDataProvider<ShownNode> {
  readonly view: TreeView<ShownNode>;
  readonly #options: ClusterTreeOptions;
  readonly #shown = new ShownTree();
  readonly #changed = new EventEmitter<ShownNode | ShownNode[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #asked: Emitter<void>;
  readonly #store = new DisposableStore();
  readonly #refresh: Paced;
  #later: Disposable | undefined;
  /** When the user selected something here last; 0: never. */
  usedAtMs = 0;

  constructor(options: ClusterTreeOptions) {
    const { viewId, clusters } = options;
    this.#options = options;
    this.#asked = this.#store.add(new Emitter((error) => options.report.background('Reading rows', error)));
    this.#refresh = this.#store.add(new Paced(systemClock, refreshPace, () => this.#tellChanges()));
    this.#store.add(this.#changed);
    this.view = this.#store.add(window.createTreeView(viewId, { treeDataProvider: this, canSelectMany: true, showCollapseAll: true }));
    this.#store.add(this.view.onDidChangeVisibility(({ visible }) => visible && this.refresh()));
    this.#store.add(this.view.onDidChangeSelection(() => void (this.usedAtMs = Date.now())));
    this.#store.add(this.view.onDidExpandElement(({ element }) => this.#expanded(element, true)));
    this.#store.add(this.view.onDidCollapseElement(({ element }) => this.#expanded(element, false)));
    this.#store.add(clusters.onDidChange(() => this.refresh()));
    this.#store.add(clusters.onDidChangeObjects(({ kind }) => kind !== 'Event' && this.refresh()));
    this.#keepTime();
  }

  /** Looks for changes soon. */
  refresh(): void {
    if (this.view.visible) {
      this.#refresh.trigger();
    }
  }

  getChildren(element?: ShownNode): ShownNode[] {
    this.#options.clusters.shown();
    const children = [...this.#shown.children(element, this.#reader())];
    this.#asked.fire();
    return children;
  }

  get viewId(): string {
    return this.#options.viewId;
  }

  /** VS Code has asked for rows. */
  get onDidAsk(): Event<void> {
    return this.#asked.event;
  }

  /** The ids of the rows that VS Code shows and does not know at this moment, because it reads them again. */
  forgotten(): ReadonlySet<string> {
    return this.#shown.forgotten((node) => this.#isExpanded(node));
  }

  isShown(id: string): boolean {
    return this.#shown.get(id) !== undefined;
  }

  /** Whether a row has gone lately where VS Code may have moved the focus from it to this one. */
  mayBeSuccessor(node: ShownNode): boolean {
    return Date.now() - this.#shown.lastLossBeside(node) < menuLifeMs;
  }

  getParent(element: ShownNode): ShownNode | undefined {
    return element.parent;
  }

  getTreeItem(element: ShownNode): TreeItem {
    this.#shown.taken(element);
    return treeItem(element, this.#isExpanded(element), this.#options.clusters.session(element.node.context)?.view.connection);
  }

  async resolveTreeItem(item: TreeItem, { node }: ShownNode): Promise<TreeItem> {
    const session = this.#options.clusters.session(node.context);
    if (session && (node.type === 'object' || node.type === 'attentionItem')) {
      const [{ tooltipOf }] = await Promise.all([import('../domain/tooltip'), this.#options.events.look(session, tooltipWaitMs)]);
      const object = session.view.get(node.kind, node.name, node.namespace);
      if (object) {
        const picture = node.kind === 'VirtualMachine' ? this.#options.thumbnails.get(keyOf({ context: node.context, namespace: node.namespace ?? '', name: node.name })) : undefined;
        item.tooltip = new MarkdownString([tooltipOf(object, session.view, Date.now()), ...(picture ? [thumbnailMarkdown(picture, Date.now())] : [])].join('\n\n'));
      }
    }
    return item;
  }

  dispose(): void {
    this.#later?.dispose();
    this.#store.dispose();
  }

  #reader(): TreeReader {
    const { root, input } = this.#options;
    const now = input();
    return { childrenOf: (node) => childrenOf(node ?? root, now), rowOf: (node) => rowOf(node, now), nowMs: now.nowMs };
  }

  #tellChanges(): void {
    try {
      const changed = this.#shown.changed(this.#reader(), Date.now());
      this.#refreshAt(this.#shown.postponedToMs);
      if (changed.includes(undefined)) {
        this.#changed.fire(undefined);
      } else if (changed.length > 0) {
        this.#changed.fire(changed.filter((node) => node !== undefined));
      }
    } catch (error) {
      this.#options.report.background('Refreshing the tree', error);
    }
  }

  #refreshAt(atMs: number | undefined): void {
    this.#later?.dispose();
    this.#later = atMs === undefined ? undefined : systemClock.after(Math.max(0, atMs - Date.now()), () => this.refresh());
  }

  #isExpanded({ id, row }: ShownNode): boolean {
    return this.#options.memory.get('expanded')[id] ?? row.collapsible === 'expanded';
  }

  #expanded(element: ShownNode, isExpanded: boolean): void {
    const { memory, clusters } = this.#options;
    const others = Object.entries(memory.get('expanded')).filter(([id]) => id !== element.id);
    const isUsual = isExpanded === (element.row.collapsible === 'expanded');
    memory.set('expanded', Object.fromEntries((isUsual ? others : [...others, [element.id, isExpanded] as const]).slice(-expansionsKept)));
    if (isExpanded && element.node.type === 'context') {
      clusters.connect(element.node.context);
    }
  }

  #keepTime(): void {
    const { clusters } = this.#options;
    let timer: Disposable | undefined;
    const next = () => {
      if (timer) {
        this.#store.delete(timer);
      }
      const isCountingDown = clusters.sessions.some(({ view: { connection } }) => 'retryAtMs' in connection);
      timer = this.#store.add(systemClock.after(isCountingDown ? countdownIntervalMs : ageIntervalMs, () => {
        this.refresh();
        next();
      }));
    };
    this.#store.add(clusters.onDidChange(next));
    next();
  }
}
