import { t } from '@vscode/l10n';
import { commands, type WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { Paced } from '../../base/paced';
import { systemClock } from '../../base/timing';
import { beforeMigration } from '../../domain/migration/before';
import { hasEnded } from '../../domain/migration/record';
import { hasMigrate } from '../../domain/operations/machineOperation';
import { migrationUp, type MigrationUp } from '../../protocol/migration';
import type { StreamMemory } from '../../protocol/stream';
import type { Migrations } from '../migrations';
import { contextSettings } from '../settings';
import { migrationTexts, plotOf } from '../../domain/migration/panelPlot';
import { migrationView, shownRecord, type ViewInput } from '../../domain/migration/panelView';
import { Companions } from './companions';
import { link, pageOf, pageOptions } from './panel';
import type { StreamPanelOptions } from './streamPanels';

/** News are shown so soon, and no more often. */
const paceMs = 60;

/** Durations that are running are told anew so often. */
const tickMs = 1000;

/** They tell where a machine can go. */
const companionKinds = ['Node', 'StorageClass', 'PersistentVolumeClaim'];

/** Fills a panel with the migrations of a machine and keeps it up to date until the panel is closed. */
export function showMigration(panel: WebviewPanel, { context, namespace, name }: StreamMemory, { clusters, report, extensionUri }: StreamPanelOptions, migrations: Migrations): DisposableStore {
  const store = new DisposableStore();
  const down = store.add(link<'migration'>(panel.webview, migrationUp, (message) => void report.run(t('Migration'), () => receive(message))));
  const companions = store.add(new Companions(companionKinds));
  let isReady = false;
  let told = '';
  let plotted: { uid: string; count: number; end: number; gaps: string } | undefined;

  const input = (): ViewInput => ({
    name, namespace, context: clusters.contexts?.find(({ id }) => id === context)?.name ?? context,
    view: clusters.session(context)?.view, records: migrations.watch?.log(context)?.of(namespace, name) ?? [], selected: migrations.selected(context, namespace, name),
    isMine: (record) => migrations.isMine(record), isReadOnly: contextSettings(clusters.session(context)?.context.name ?? '').readOnly === true, nowMs: systemClock.now(),
  });
  const tellPlot = (now: ViewInput) => {
    const record = shownRecord(now);
    const isSame = record !== undefined && plotted?.uid === record.uid && record.samples.length >= plotted.count && record.isThinned !== true;
    const plot = record && plotOf(record, isSame ? plotted?.count ?? 0 : 0, now.nowMs);
    if (record && plot) {
      const next = { uid: record.uid, count: record.samples.length, end: Math.floor(plot.endSeconds), gaps: JSON.stringify(plot.gaps) };
      if (JSON.stringify(next) !== JSON.stringify(plotted)) {
        plotted = next;
        down.post({ type: 'points', plot });
      }
    }
  };
  const tell = () => {
    companions.follow(clusters.session(context));
    if (!isReady || !panel.visible) {
      return;
    }
    const now = input();
    const view = migrationView(now);
    const text = JSON.stringify(view);
    if (text !== told) {
      told = text;
      down.post({ type: 'view', view });
    }
    tellPlot(now);
    tick();
  };
  const paced = store.add(new Paced(systemClock, { intervalMs: paceMs, share: 0.3 }, tell));
  let timer = { dispose: () => undefined as void };
  const tick = () => {
    timer.dispose();
    const record = shownRecord(input());
    if (record && !hasEnded(record)) {
      timer = systemClock.after(tickMs, () => paced.trigger());
    }
  };
  store.add({ dispose: () => timer.dispose() });

  let machine: unknown;
  store.add(migrations.onDidChange((changed) => {
    if (changed === context) {
      paced.trigger();
    }
  }));
  store.add(clusters.onDidChange(() => paced.trigger()));
  store.add(clusters.onDidChangeObjects(({ context: changed, kind }) => {
    if (changed !== context) {
      return;
    }
    const view = clusters.session(context)?.view;
    const own = view?.get('VirtualMachine', name, namespace || undefined);
    // Thousands of machines change all the time; this panel is about one of them.
    if (kind === 'VirtualMachine' ? own !== machine : ['VirtualMachineOperation', 'VirtualMachineClass', 'Node', 'VirtualDisk'].includes(kind)) {
      machine = own;
      paced.trigger();
    }
  }));
  store.add(panel.onDidChangeViewState(() => paced.trigger()));

  const target = { context, kind: 'VirtualMachine', name, namespace };
  const run = (id: string, on: object = target) => commands.executeCommand(`dvp.${id}`, on);
  const operation = () => {
    const record = shownRecord(input());
    return record && { context, kind: 'VirtualMachineOperation', name: record.name, namespace };
  };
  const receive = async (message: MigrationUp): Promise<void> => {
    switch (message.type) {
      case 'ready':
        isReady = true;
        told = '';
        plotted = undefined;
        down.post({ type: 'setup', state: { context, namespace, name }, texts: migrationTexts() });
        tell();
        break;
      case 'select': migrations.select(context, namespace, name, message.uid); break;
      case 'newest': migrations.select(context, namespace, name, undefined); break;
      case 'connect': await commands.executeCommand('dvp.context.connect', context); break;
      case 'cancel': await run('vmop.cancel', operation()); break;
      case 'migrate': {
        const view = clusters.session(context)?.view;
        migrations.select(context, namespace, name, undefined);
        await run(view && !hasMigrate(view) ? 'vm.evict' : 'vm.migrate');
        break;
      }
      case 'migrateTo': case 'forceMigrate':
        migrations.select(context, namespace, name, undefined);
        await run(`vm.${message.type}`);
        break;
      case 'showMachine': await run('object.describe'); break;
      case 'showOperation': await run('object.openYaml', operation()); break;
      case 'obstacle': await act(message.index); break;
    }
  };
  const act = async (index: number) => {
    const view = clusters.session(context)?.view;
    const own = view?.get('VirtualMachine', name, namespace || undefined);
    const action = view && own ? beforeMigration(own, view).obstacles[index]?.action : undefined;
    if (action) {
      const ids = { show: 'object.openYaml', cancel: 'object.delete', start: 'vm.start' } as const;
      await run(ids[action.does], { context, ...action.ref });
    }
  };

  panel.webview.options = pageOptions(extensionUri);
  panel.webview.html = pageOf('migration', panel.webview, extensionUri, panel.title);
  return store;
}
