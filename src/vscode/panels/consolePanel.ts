import { t } from '@vscode/l10n';
import { commands, env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { Flow } from '../../base/flow';
import type { ConsoleUp, TerminalOptions } from '../../protocol/console';
import { consoleUp } from '../../protocol/console';
import type { StreamMemory } from '../../protocol/stream';
import { consoleStatus, consoleTexts } from './consoleStatus';
import { MachineStream } from './machineStream';
import { link, pageOf, webviewRoot } from './panel';
import type { StreamPanelOptions } from './streamPanels';

/** Lines of a paste that are shown before it is agreed to. */
const shownLines = 10;

/** Fills a panel with the serial console of a machine and keeps it connected until the panel is closed. */
export function showConsole(panel: WebviewPanel, target: StreamMemory, options: StreamPanelOptions): DisposableStore {
  const { clusters, report, log, userAgent, extensionUri } = options;
  const store = new DisposableStore();
  const stream = store.add(new MachineStream({ clusters, log, userAgent, target, stream: 'console', greeting: '\r' }));
  const console = stream.link;
  const flow = new Flow(console);
  let isReady = false;

  const view = store.add(link<'console'>(panel.webview, consoleUp, (message) => void report.run(t('Console'), () => receive(message))));
  store.add(stream.onDidChange(() => {
    if (isReady) {
      view.post({ type: 'status', status: consoleStatus(stream.status) });
    }
  }));
  store.add(console.onData((bytes) => {
    flow.sent(bytes.length);
    // A copy of exactly these bytes: what the socket hands out lies in a larger buffer.
    view.post({ type: 'data', bytes: new Uint8Array(bytes).buffer });
  }));
  store.add(workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('terminal.integrated') || event.affectsConfiguration('editor.fontFamily')) {
      view.post({ type: 'options', options: terminalOptions() });
    }
  }));

  const receive = async (message: ConsoleUp): Promise<void> => {
    switch (message.type) {
      case 'ready':
        flow.reset();
        isReady = true;
        view.post({ type: 'setup', state: target, texts: consoleTexts(target.name), options: terminalOptions() });
        stream.start();
        break;
      case 'input':
        if (!console.send(message.text)) {
          view.post({ type: 'dropped' });
        }
        break;
      case 'consumed': flow.consumed(message.bytes); break;
      case 'connect': console.connect(); break;
      case 'takeOver': console.takeOver(); break;
      case 'stop': console.stop(); break;
      case 'start': await commands.executeCommand('dvp.vm.start', { context: target.context, kind: 'VirtualMachine', name: target.name, namespace: target.namespace }); break;
      case 'copy': await env.clipboard.writeText(message.text); break;
      case 'open': await env.openExternal(Uri.parse(message.url, true)); break;
      case 'save': await save(message.text, target); break;
      case 'paste':
        if (await isAgreed(message.text)) {
          view.post({ type: 'paste', text: message.text });
        }
        break;
    }
  };
  const isAgreed = (text: string) => {
    const lines = text.split(/\r\n|\r|\n/);
    const shown = [...lines.slice(0, shownLines), ...(lines.length > shownLines ? [t('and {0} more', lines.length - shownLines)] : [])];
    return report.confirm(t('Paste {0} lines into "{1}"? The machine carries out each of them at once.', lines.length, target.name), shown.join('\n'), t('Paste'));
  };

  panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(extensionUri)] };
  panel.webview.html = pageOf('console', panel.webview, extensionUri, panel.title);
  return store;
}

function terminalOptions(): TerminalOptions {
  const terminal = workspace.getConfiguration('terminal.integrated');
  return {
    fontFamily: terminal.get<string>('fontFamily') || workspace.getConfiguration('editor').get<string>('fontFamily', ''),
    fontSize: terminal.get<number>('fontSize', 14), lineHeight: terminal.get<number>('lineHeight', 1),
    cursorBlink: terminal.get<boolean>('cursorBlinking', false), scrollback: terminal.get<number>('scrollback', 1000),
  };
}

async function save(text: string, { name }: StreamMemory): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = await window.showSaveDialog({ filters: { [t('Text')]: ['log', 'txt'] }, ...(folder ? { defaultUri: Uri.joinPath(folder, `${name}.log`) } : {}) });
  if (file) {
    await workspace.fs.writeFile(file, Buffer.from(text, 'utf8'));
  }
}
