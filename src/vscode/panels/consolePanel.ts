import { randomBytes } from 'node:crypto';
import { t } from '@vscode/l10n';
import { commands, env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { systemClock } from '../../base/timing';
import { Feed } from '../../cluster/feed';
import type { LinkState } from '../../cluster/consoleLink';
import { isScreenId, KeptScreen, sweepScreens } from '../../cluster/keptScreen';
import { pack } from '../../cluster/pack';
import { Transcript, transcriptBytes } from '../../cluster/transcript';
import type { ConsoleDown, ConsoleMemory, ConsoleUp, TerminalOptions } from '../../protocol/console';
import { consoleUp } from '../../protocol/console';
import type { StreamMemory } from '../../protocol/stream';
import { chooseCast } from './castEditor';
import { ConsoleRecorder, defaultFolder } from './consoleRecorder';
import { consoleStatus, gapOf } from './consoleStatus';
import { consoleTexts, markText, modesOfNewGuest } from './consoleTexts';
import { MachineStream } from './machineStream';
import { bundleOf, link, pageOf, pageOptions } from './panel';
import type { StreamContent, StreamPanelOptions } from './streamPanels';

/** Lines of a paste that are shown before it is agreed to. */
const shownLines = 10;

/** Fills a panel with the serial console of a machine and keeps it connected until the panel is closed. */
export function showConsole(panel: WebviewPanel, memory: StreamMemory & { readonly id?: unknown }, options: StreamPanelOptions): StreamContent {
  const { clusters, report, log, userAgent, extensionUri } = options;
  const { context, namespace, name } = memory;
  const target: ConsoleMemory = { context, namespace, name, id: isScreenId(memory.id) ? memory.id : randomBytes(16).toString('hex') };
  const store = new DisposableStore();
  const view = store.add(link<'console'>(panel.webview, consoleUp, (message) => void report.run(t('Console'), () => receive(message))));
  const transcript = new Transcript(transcriptBytes(terminalOptions().scrollback));
  const kept = store.add(new KeptScreen({
    folder: options.storage.fsPath, id: target.id, clock: systemClock, content: () => transcript.replay(), onError: (error) => report.background('Keeping the screen of a console', error),
  }));
  let isReady = false;
  let size = { columns: 80, rows: 24 };
  let lastState: LinkState | undefined;

  const stream = store.add(new MachineStream({ clusters, log, userAgent, target, stream: 'console', greeting: '\r' }));
  store.add(stream.onDidChange(() => {
    const { status } = stream;
    const gap = status.state === lastState ? undefined : gapOf(status);
    lastState = status.state;
    if (gap !== undefined) {
      mark(gap, status.state.phase === 'open' && status.state.isFresh);
    }
    if (isReady) {
      view.post({ type: 'status', status: consoleStatus(status) });
    }
  }));
  const feed = store.add(new Feed({
    transcript, source: stream.link, clock: systemClock,
    send: (bytes) => view.post(piece(bytes)),
    restart: ({ buffer }) => view.post({ type: 'restart', bytes: buffer }),
  }));
  const recorder = store.add(new ConsoleRecorder({ name: target.name, size: () => size, onChange: (state) => view.post({ type: 'recording', ...state }) }));
  const show = (bytes: Uint8Array) => {
    feed.append(bytes);
    kept.changed();
  };
  const mark = (text: string, isFresh: boolean) => {
    show(Buffer.from((isFresh ? modesOfNewGuest : '') + markText(text)));
    recorder.recording?.mark(text);
  };
  store.add(stream.link.onData((bytes) => {
    show(bytes);
    recorder.recording?.output(bytes);
  }));
  store.add(panel.onDidChangeViewState(() => { feed.isLooking = panel.visible; }));
  store.add(workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('terminal.integrated') || event.affectsConfiguration('editor.fontFamily')) {
      transcript.limitBytes = transcriptBytes(terminalOptions().scrollback);
      view.post({ type: 'options', options: terminalOptions() });
    }
  }));

  const receive = async (message: ConsoleUp): Promise<void> => {
    switch (message.type) {
      case 'ready': await begin(); break;
      case 'input':
        if (stream.link.send(message.text)) {
          recorder.recording?.input(message.text);
        } else {
          view.post({ type: 'dropped' });
        }
        break;
      case 'consumed': feed.consumed(message.bytes); break;
      case 'size':
        size = { columns: message.columns, rows: message.rows };
        recorder.recording?.resize(message.columns, message.rows);
        break;
      case 'connect': stream.link.connect(); break;
      case 'takeOver': stream.link.takeOver(); break;
      case 'wait': stream.link.waitUntilFree(); break;
      case 'stop': stream.link.stop(); break;
      case 'start': await commands.executeCommand('dvp.vm.start', { context: target.context, kind: 'VirtualMachine', name: target.name, namespace: target.namespace }); break;
      case 'copy': await env.clipboard.writeText(message.text); break;
      case 'open': await env.openExternal(Uri.parse(message.url, true)); break;
      case 'save': await saveText(message.text, target.name); break;
      case 'clear':
        transcript.clear();
        kept.changed();
        break;
      case 'record': await recorder.toggle(); break;
      case 'choose': {
        const cast = await chooseCast();
        if (cast) {
          view.post({ type: 'play', cast });
        }
        break;
      }
      case 'paste':
        view.post({ type: 'paste', text: await isAgreed(message.text) ? message.text : '' });
        break;
    }
  };
  const begin = async (): Promise<void> => {
    view.post({ type: 'setup', state: target, texts: consoleTexts(target.name), options: terminalOptions() });
    await started;
    isReady = true;
    feed.begin();
    view.post({ type: 'status', status: consoleStatus(stream.status) });
    view.post({ type: 'recording', ...(recorder.recording && { startMs: recorder.recording.startMs }) });
  };
  // Beside the page, which takes longer to load than the machine to answer.
  const started = (async () => {
    const before = await kept.read();
    if (before && before.length > 0) {
      transcript.append(before);
      mark(t('The window was reloaded: what the machine printed meanwhile is missing.'), false);
    }
    if (!store.isDisposed) {
      stream.start();
    }
  })();
  const isAgreed = (text: string) => {
    const lines = text.replace(/(?:\r\n|\r|\n)$/, '').split(/\r\n|\r|\n/);
    const shown = [...lines.slice(0, shownLines), ...(lines.length > shownLines ? [t('and {0} more', lines.length - shownLines)] : [])];
    const question = lines.length === 1 ? t('Paste a line and its end into "{0}"? The machine carries it out at once.', target.name)
      : t('Paste {0} lines into "{1}"? The machine carries out each of them at once.', lines.length, target.name);
    return report.confirm(question, shown.join('\n'), t('Paste'));
  };

  sweepScreens(options.storage.fsPath, systemClock.now()).catch((error: unknown) => report.background('Keeping the screen of a console', error));
  panel.webview.options = pageOptions(extensionUri);
  void report.run(t('Console'), async () => {
    const bundle = await bundleOf('console', extensionUri);
    if (!store.isDisposed) {
      panel.webview.html = pageOf('console', panel.webview, extensionUri, panel.title, bundle);
      await begin();
    }
  });
  return { dispose: () => store.dispose(), closed: () => kept.forget() };
}

function piece(bytes: Uint8Array<ArrayBuffer>): ConsoleDown {
  const packed = pack(bytes);
  return packed ? { type: 'data', bytes: packed.buffer, isPacked: true } : { type: 'data', bytes: bytes.slice().buffer };
}

/** Of the editor's own terminal. */
export function terminalOptions(): TerminalOptions {
  const terminal = workspace.getConfiguration('terminal.integrated');
  return {
    fontFamily: terminal.get<string>('fontFamily') || workspace.getConfiguration('editor').get<string>('fontFamily', ''),
    fontSize: terminal.get<number>('fontSize', 14), lineHeight: terminal.get<number>('lineHeight', 1),
    cursorBlink: terminal.get<boolean>('cursorBlinking', false), scrollback: terminal.get<number>('scrollback', 1000),
  };
}

/** Asks where to and writes there. */
export async function saveText(text: string, name: string): Promise<void> {
  const file = await window.showSaveDialog({ filters: { [t('Text')]: ['log', 'txt'] }, defaultUri: Uri.joinPath(defaultFolder(), `${name}.log`) });
  if (file) {
    await workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
  }
}
