import { t } from '@vscode/l10n';
import { commands, env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { Flow } from '../../base/flow';
import { Paced } from '../../base/paced';
import { systemClock } from '../../base/timing';
import { openChannel, probe, type StreamTarget } from '../../cluster/channel';
import { ConsoleLink, type LinkedMachine } from '../../cluster/consoleLink';
import { phaseOf } from '../../domain/kubeObject';
import { stringAt } from '../../domain/values';
import type { ConsoleUp, TerminalOptions } from '../../protocol/console';
import { consoleUp } from '../../protocol/console';
import type { StreamMemory } from '../../protocol/stream';
import type { ClusterSession } from '../clusters';
import { UserError } from '../report';
import type { ConsolesOptions } from './consoles';
import { consoleTexts, statusOf } from './consoleStatus';
import { link, pageOf, webviewRoot } from './panel';

/** Lines of a paste that are shown before it is agreed to. */
const shownLines = 10;

/** Fills a panel with the serial console of a machine and keeps it connected until the panel is closed. */
export function showConsole(panel: WebviewPanel, target: StreamMemory, options: ConsolesOptions): DisposableStore {
  const { clusters, report, log, userAgent, extensionUri } = options;
  const store = new DisposableStore();
  const session = (): ClusterSession => {
    const found = clusters.session(target.context);
    if (!found) {
      throw new UserError(t('The context "{0}" is not connected.', target.context));
    }
    return found;
  };
  const stream: StreamTarget = { namespace: target.namespace, name: target.name, stream: 'console' };
  const console = store.add(new ConsoleLink({
    open: (signal) => openChannel(session().api, stream, { userAgent, signal }),
    probe: (signal) => probe(session().api, stream, signal),
    self: (signal) => ownName(session(), signal),
    log: (message) => log.info(message),
  }));
  const flow = new Flow(console);
  let lostAt: string | undefined;
  let isReady = false;

  const view = store.add(link<'console'>(panel.webview, consoleUp, (message) => void report.run(t('Console'), () => receive(message))));
  const machine = (): LinkedMachine => machineOf(clusters.session(target.context), target);
  const tell = () => {
    if (isReady) {
      const known = machine();
      view.post({ type: 'status', status: statusOf({ state: console.state, phase: known?.phase, node: known?.node, lostAt, name: target.name }) });
    }
  };
  const news = () => {
    console.setMachine(machine());
    if (console.state.phase !== 'ended') {
      tell();
    }
  };
  const throttled = store.add(new Paced(systemClock, { intervalMs: 100 }, news));
  store.add(console.onDidChangeState(({ phase }) => {
    tell();
    lostAt = phase === 'open' ? undefined : lostAt ?? new Date().toLocaleTimeString();
  }));
  store.add(console.onData((bytes) => {
    flow.sent(bytes.length);
    // A copy of exactly these bytes: what the socket hands out lies in a larger buffer.
    view.post({ type: 'data', bytes: new Uint8Array(bytes).buffer });
  }));
  store.add(clusters.onDidChange(() => throttled.trigger()));
  store.add(clusters.onDidChangeObjects(({ context, kind }) => {
    if (context === target.context && kind === 'VirtualMachine') {
      throttled.trigger();
    }
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
        console.setMachine(machine());
        console.connect();
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

function machineOf(session: ClusterSession | undefined, { namespace, name }: StreamMemory): LinkedMachine {
  if (!session || session.view.state('VirtualMachine').phase !== 'live') {
    return undefined;
  }
  const object = session.view.get('VirtualMachine', name, namespace);
  return object ? { uid: object.metadata.uid ?? '', phase: phaseOf(object), node: stringAt(object, 'status.nodeName') } : object;
}

/** Servers without this review do not tell who asks. */
async function ownName({ api }: ClusterSession, signal: AbortSignal): Promise<string | undefined> {
  try {
    const review = await api.request<{ readonly status?: { readonly userInfo?: { readonly username?: string } } }>('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, signal, timeoutMs: 5000,
    });
    return review.status?.userInfo?.username;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
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
