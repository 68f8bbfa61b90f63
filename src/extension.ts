import { config } from '@vscode/l10n';
import { type ExtensionContext, ExtensionMode, l10n, Uri, workspace } from 'vscode';
import { DisposableStore } from './base/disposable';
import { Clusters } from './vscode/clusters';
import { registerCommands } from './vscode/commands';
import { Consoles } from './vscode/consoles';
import { EvacuationStatus } from './vscode/evacuationStatus';
import { Explorer } from './vscode/explorer';
import { Language } from './vscode/language';
import { LiveObjects } from './vscode/liveObject';
import { createLog } from './vscode/log';
import { ManifestDiffs } from './vscode/manifestDiff';
import { Memory } from './vscode/memory';
import { evacuationKind, migrationKind, screenKind } from './vscode/panels/streamKinds';
import { Migrations } from './vscode/migrations';
import { StreamPanels } from './vscode/panels/streamPanels';
import type { Thumbnails } from './vscode/panels/thumbnails';
import { PluginPolicy } from './vscode/pluginPolicy';
import { Ports } from './vscode/ports';
import { PortsView } from './vscode/portsView';
import { RecentEvents } from './vscode/recentEvents';
import { createReport, type Report } from './vscode/report';
import { ContextStatus } from './vscode/statusBar';
import { objectScheme } from './vscode/target';
import { ViewOptions } from './vscode/viewOptions';
import { ContextKeys } from './vscode/welcome';

/** What tests inside the extension host get hold of. */
export interface TestApi {
  readonly context: ExtensionContext;
  readonly clusters: Clusters;
  readonly explorer: Explorer;
  readonly migrations: Migrations;
  readonly options: ViewOptions;
  readonly ports: Ports;
  readonly report: Report;
}

/** Creates everything, connects it and hands its ownership to VS Code. Nothing here waits for a file or a cluster. */
export function activate(context: ExtensionContext): TestApi | undefined {
  if (l10n.bundle) {
    config({ contents: l10n.bundle });
  }
  const store = new DisposableStore();
  context.subscriptions.push(store);

  const log = store.add(createLog());
  const report = createReport(log);
  const memory = new Memory(context);
  const policy = new PluginPolicy(memory, report);
  const { version } = context.extension.packageJSON as { version: string };
  const userAgent = `vscode-deckhouse-virtualization/${version}`;
  const clusters = store.add(new Clusters({ memory, policy, report, log, userAgent }));

  const options = store.add(new ViewOptions(memory, report));
  const events = store.add(new RecentEvents());
  const thumbnails: Thumbnails = new Map();
  const explorer = store.add(new Explorer({ clusters, memory, options, report, events, thumbnails }));
  store.add(new ContextStatus(clusters));
  const keys = store.add(new ContextKeys(clusters, () => options.current.filter !== ''));
  store.add(options.onDidChange(() => keys.update()));
  const storage = Uri.joinPath(context.storageUri ?? context.globalStorageUri, 'streams');
  const streams = { clusters, report, log, memory, thumbnails, userAgent, extensionUri: context.extensionUri, storage };
  const consoles = store.add(new Consoles(streams));
  const screens = store.add(new StreamPanels(screenKind, streams));
  const evacuations = store.add(new StreamPanels(evacuationKind, streams));
  store.add(new EvacuationStatus(clusters, report));
  const ports = store.add(new Ports({ clusters, memory, report, log, userAgent }));
  store.add(new PortsView(ports, clusters));
  const migrations = store.add(new Migrations({ clusters, memory, report }));
  const migrationPanels = store.add(new StreamPanels(migrationKind(migrations), streams));
  const language = store.add(new Language({ clusters, report, extensionUri: context.extensionUri }));
  const diffs = store.add(new ManifestDiffs());
  store.add(registerCommands({ clusters, consoles, diffs, language, screens, evacuations, explorer, migrations, migrationPanels, options, policy, ports, ssh: { clusters, memory, policy, report, extensionUri: context.extensionUri, storageUri: context.globalStorageUri }, report, log, extensionUri: context.extensionUri }));
  store.add(workspace.registerFileSystemProvider(objectScheme, store.add(new LiveObjects({ clusters, report, events })), { isCaseSensitive: true, isReadonly: true }));

  clusters.load().catch((error: unknown) => report.background('Reading kubeconfigs', error));
  return context.extensionMode === ExtensionMode.Test ? { context, clusters, explorer, migrations, options, ports, report } : undefined;
}
