import { t } from '@vscode/l10n';
import { MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { ConnectionState } from '../domain/clusterView';
import type { Clusters } from './clusters';
import { contextSettings } from './settings';
import type { ContextColour } from './settingTable';

/** Left of the language's items, right of the branch. */
const priority = 40;

/** Shows which cluster manifests and the palette speak to, and how it is. */
export class ContextStatus {
  readonly #clusters: Clusters;
  readonly #item: StatusBarItem;
  readonly #store = new DisposableStore();

  constructor(clusters: Clusters) {
    this.#clusters = clusters;
    this.#item = this.#store.add(window.createStatusBarItem('dvp.context', StatusBarAlignment.Left, priority));
    this.#item.name = t('Deckhouse Virtualization: context');
    this.#item.command = 'dvp.context.select';
    this.#store.add(clusters.onDidChange(() => this.update()));
    this.update();
  }

  update(): void {
    const { current } = this.#clusters;
    if (!current) {
      this.#item.hide();
      return;
    }
    const { label, color, readOnly } = contextSettings(current.name);
    const connection = this.#clusters.session(current.id)?.view.connection;
    const namespaces = this.#clusters.namespacesShown(current.id);
    const place = [label ?? current.name, namespaces.length > 0 ? namespaces.join(', ') : current.namespace].join(' · ');
    this.#item.text = [`$(${iconOf(connection)})`, place, ...(readOnly ? ['$(lock)'] : []), ...(current.isInsecure ? ['$(shield)'] : [])].join(' ');
    this.#item.tooltip = tooltip([
      t('Context "{0}", namespace "{1}", server {2}', current.name, current.namespace, current.server),
      stateText(connection),
      ...(readOnly ? [t('Read-only: nothing can be changed from here.')] : []),
      ...(current.isInsecure ? [t('The certificate of this server is not verified.')] : []),
      t('Click to choose another context.'),
    ]);
    this.#item.accessibilityInformation = { label: [place, stateText(connection), ...(readOnly ? [t('read-only')] : [])].join(', ') };
    Object.assign(this.#item, coloursOf(connection?.phase === 'failed' || connection?.phase === 'lost' ? 'yellow' : color));
    this.#item.show();
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function iconOf(connection: ConnectionState | undefined): string {
  switch (connection?.phase) {
    case 'live': return 'server-environment';
    case 'connecting': return 'loading~spin';
    case 'lost': case 'failed': return 'warning';
    case 'idle': case undefined: return 'debug-disconnect';
  }
}

function stateText(connection: ConnectionState | undefined): string {
  switch (connection?.phase) {
    case 'live': return t('Connected.');
    case 'connecting': return t('Connecting…');
    case 'lost': return t('Connection lost at {0}: {1}', new Date(connection.sinceMs).toLocaleTimeString(), connection.problem.message);
    case 'failed': return t('Not reachable: {0}', connection.problem.message);
    case 'idle': case undefined: return t('Not connected.');
  }
}

function tooltip(lines: readonly string[]): MarkdownString {
  return lines.reduce((text, line) => text.appendText(line).appendMarkdown('\n\n'), new MarkdownString());
}

function coloursOf(color: ContextColour | undefined): Pick<StatusBarItem, 'color' | 'backgroundColor'> {
  switch (color) {
    case 'red': return { color: undefined, backgroundColor: new ThemeColor('statusBarItem.errorBackground') };
    case 'yellow': return { color: undefined, backgroundColor: new ThemeColor('statusBarItem.warningBackground') };
    case 'green': case 'blue': case 'purple': return { color: new ThemeColor(`charts.${color}`), backgroundColor: undefined };
    case undefined: return { color: undefined, backgroundColor: undefined };
  }
}
