import { t } from '@vscode/l10n';
import { commands, type WebviewPanel } from 'vscode';
import { type Disposable, DisposableStore } from '../../base/disposable';
import { Paced } from '../../base/paced';
import { systemClock } from '../../base/timing';
import { evacuationOf, Heard } from '../../domain/evacuation';
import { ToldRows } from '../../domain/evacuationShown';
import { summaryOf } from '../../domain/evacuationSummary';
import { evacuationUp, type EvacuationUp, type ShownSummary } from '../../protocol/evacuation';
import type { StreamMemory } from '../../protocol/stream';
import type { ClusterSession } from '../clusters';
import { Companions } from './companions';
import { evacuationTexts } from './evacuationTexts';
import { bundleOf, link, pageOf, pageOptions } from './panel';
import type { StreamPanelOptions } from './streamPanels';

/** Followed objects are read again no more often than this, and for no more than this share of the time. */
const pace = { intervalMs: 100, share: 0.3 };

/** How often times are brought up to date while something moves. */
const tickMs = 5_000;

/** The page is sent before rows are put together, which holds up everything else for as long. */
const headStartMs = 20;

/** What the table is made of. */
const followed: readonly string[] = ['VirtualMachineOperation', 'VirtualMachine', 'Node', 'StorageClass'];

const nothing: ShownSummary['counts'] = { stays: 0, moving: 0, waiting: 0, left: 0 };

/** Fills a panel with the migrations of the node `target.name`, or of the whole context when that is empty, and follows them. */
export function showEvacuation(panel: WebviewPanel, target: StreamMemory, options: StreamPanelOptions): Disposable {
  const { clusters, report, extensionUri } = options;
  const node = target.name === '' ? undefined : target.name;
  const store = new DisposableStore();
  const heard = new Heard();
  const told = new ToldRows();
  // A storage class tells why a disk keeps a machine where it is.
  const companions = store.add(new Companions(node === undefined ? ['StorageClass'] : ['StorageClass', 'Node']));
  let isReady = false;
  let tick: Disposable | undefined;
  store.add({ dispose: () => tick?.dispose() });

  const tell = () => {
    const session = clusters.session(target.context);
    companions.follow(session);
    if (!isReady) {
      return;
    }
    const evacuation = session && evacuationOf(session.view, node, Date.now(), heard.recordOf);
    if (!evacuation) {
      view.post({ type: 'rows', changed: [], gone: [], summary: { line: '', percent: undefined, counts: nothing, notes: [], wait: waitText(session, target) } });
      return;
    }
    heard.keep(evacuation.rows);
    const { line, percent, counts, notes } = summaryOf(evacuation, session.view, Date.now());
    view.post({ type: 'rows', ...told.news(evacuation.rows), summary: { line, percent, counts, notes } });
    tick?.dispose();
    tick = counts.moving > 0 ? systemClock.after(tickMs, () => soon.trigger()) : undefined;
  };
  const soon = store.add(new Paced(systemClock, pace, tell));
  const begin = () => {
    isReady = true;
    told.clear();
    view.post({ type: 'setup', state: target, texts: evacuationTexts(node, panel.title) });
    tell();
  };
  const receive = async (message: EvacuationUp): Promise<void> => {
    switch (message.type) {
      case 'ready': begin(); break;
      case 'open': await openMachine(message.key, target.context); break;
    }
  };
  const view = store.add(link<'evacuation'>(panel.webview, evacuationUp, (message) => void report.run(panel.title, () => receive(message))));
  store.add(clusters.onDidChange(() => soon.trigger()));
  store.add(clusters.onDidChangeObjects(({ context, kind }) => {
    if (context === target.context && followed.includes(kind)) {
      soon.trigger();
    }
  }));
  store.add(panel.onDidChangeViewState(() => {
    // What is hidden is thrown away, and says that it is ready when it is shown again.
    isReady &&= panel.visible;
  }));

  panel.webview.options = pageOptions(extensionUri);
  void report.run(panel.title, async () => {
    const bundle = await bundleOf('evacuation', extensionUri);
    if (!store.isDisposed) {
      panel.webview.html = pageOf('evacuation', panel.webview, extensionUri, panel.title, bundle);
      // On its way while the page is made: it is there when the page is.
      store.add(systemClock.after(headStartMs, begin));
    }
  });
  return store;
}

/** Where the migration of a machine is shown. */
async function openMachine(key: string, context: string): Promise<void> {
  const [namespace = '', name = ''] = key.split('/');
  await commands.executeCommand('dvp.vm.migration', { context, kind: 'VirtualMachine', name, namespace });
}

function waitText(session: ClusterSession | undefined, { context }: StreamMemory): string {
  if (!session) {
    return t('The context "{0}" is not connected.', context);
  }
  const failed = (['VirtualMachineOperation', 'VirtualMachine'] as const).map((kind) => session.view.state(kind)).find((state) => state.phase === 'failed');
  return failed?.phase === 'failed' ? [failed.problem.message, failed.problem.hint].filter(Boolean).join(' ') : t('Loading');
}
