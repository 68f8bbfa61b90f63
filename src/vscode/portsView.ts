import { t } from '@vscode/l10n';
import { commands, EventEmitter, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, window } from 'vscode';
import { type Disposable, DisposableStore } from '../base/disposable';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { type PortRow, portRow } from '../domain/portRow';
import type { Clusters } from './clusters';
import type { Port, Ports } from './ports';

/** How often traffic is looked at while somebody sees it. */
const lookMs = 1000;

/** The list of ports below the clusters, there only while there is something in it. */
export class PortsView implements TreeDataProvider<Port> {
  readonly #ports: Ports;
  readonly #store = new DisposableStore();
  readonly #changed = new EventEmitter<Port[] | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #refresh: Paced;
  readonly #shown = new Map<string, string>();
  #timer: Disposable | undefined;
  #isAny: boolean | undefined;
  #isVisible = false;

  constructor(ports: Ports, clusters: Clusters) {
    this.#ports = ports;
    this.#refresh = this.#store.add(new Paced(systemClock, { intervalMs: 200 }, () => this.#look()));
    this.#store.add(this.#changed);
    const view = this.#store.add(window.createTreeView('dvp.ports', { treeDataProvider: this }));
    this.#store.add(view.onDidChangeVisibility(({ visible }) => {
      this.#isVisible = visible;
      this.#look();
    }));
    this.#store.add(ports.onDidChange(() => this.#refresh.trigger()));
    this.#store.add(clusters.onDidChange(() => this.#refresh.trigger()));
    this.#store.add(clusters.onDidChangeObjects(({ kind }) => kind === 'VirtualMachine' && this.#isAny && this.#refresh.trigger()));
    this.#look();
  }

  getChildren(parent?: Port): Port[] {
    const ports = parent ? [] : [...this.#ports.all];
    this.#shown.clear();
    ports.forEach((port) => this.#shown.set(port.id, JSON.stringify(this.#row(port))));
    return ports;
  }

  getTreeItem(port: Port): TreeItem {
    const row = this.#row(port);
    const item = new TreeItem(row.label);
    item.id = port.id;
    item.description = row.description;
    item.tooltip = row.tooltip;
    item.iconPath = new ThemeIcon(row.icon, row.color === undefined ? undefined : new ThemeColor(row.color));
    item.contextValue = row.contextValue;
    item.accessibilityInformation = { label: row.accessibleLabel };
    if (!port.forward) {
      item.command = { title: t('Open'), command: 'dvp.port.start', arguments: [port] };
    }
    return item;
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#store.dispose();
  }

  #row(port: Port): PortRow {
    const nowMs = Date.now();
    return portRow(this.#ports.stateOf(port, nowMs), nowMs);
  }

  /** Draws what is different, and looks again while traffic may flow. */
  #look(): void {
    this.#timer?.dispose();
    const { all } = this.#ports;
    if (this.#isAny !== all.length > 0) {
      this.#isAny = all.length > 0;
      void commands.executeCommand('setContext', 'dvp.ports', this.#isAny);
    }
    if (!this.#isVisible) {
      return;
    }
    const changed = all.filter((port) => {
      const text = JSON.stringify(this.#row(port));
      const isOther = this.#shown.get(port.id) !== text;
      this.#shown.set(port.id, text);
      return isOther;
    });
    if ([...this.#shown.keys()].join('\n') !== all.map(({ id }) => id).join('\n')) {
      this.#changed.fire(undefined);
    } else if (changed.length > 0) {
      this.#changed.fire(changed);
    }
    if (all.some(({ forward }) => forward)) {
      this.#timer = systemClock.after(lookMs, () => this.#look());
    }
  }
}
