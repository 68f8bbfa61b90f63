import { t } from '@vscode/l10n';
import { commands, env, Uri, window, workspace, type WebviewPanel } from 'vscode';
import { DisposableStore } from '../../base/disposable';
import { Gather } from '../../cluster/gather';
import { pack } from '../../cluster/pack';
import { RfbHandshake, type RfbViewer } from '../../cluster/rfbHandshake';
import type { StreamMemory } from '../../protocol/stream';
import { isChoice, type ClipboardPurpose, type VncChoice, type VncCombination, type VncUp, vncUp } from '../../protocol/vnc';
import type { Memory } from '../memory';
import { changes, setting } from '../settings';
import { MachineStream } from './machineStream';
import { bundleOf, link, pageOf, pageOptions } from './panel';
import { keyOf, type StreamPanelOptions } from './streamPanels';
import { screenStatus, screenTexts } from './vncTexts';

/** Machines whose choices are remembered; the oldest are forgotten. */
const rememberedMachines = 200;

/** All panels are of one browser. */
const viewer: RfbViewer = {};

/** Fills a panel with the screen of a machine and keeps it connected until the panel is closed. */
export function showScreen(panel: WebviewPanel, target: StreamMemory, options: StreamPanelOptions): DisposableStore {
  const { clusters, report, log, memory, thumbnails, userAgent, extensionUri } = options;
  const store = new DisposableStore();
  const stream = store.add(new MachineStream({ clusters, log, userAgent, target, stream: 'vnc' }));
  const screen = stream.link;
  /** Of the connection that is open, otherwise of the last one. */
  let session = 0;
  let isOpen = false;
  let isReady = false;
  let handshake = new RfbHandshake(viewer);

  const view = store.add(link<'vnc'>(panel.webview, vncUp, (message) => void report.run(t('Screen'), () => receive(message))));
  const gather = new Gather((bytes) => {
    const packed = pack(bytes);
    return view.deliver(packed ? { type: 'data', session, bytes: packed.buffer, isPacked: true } : { type: 'data', session, bytes: bytes.buffer });
  });
  // Before the first byte of a connection arrives, and after its last one.
  store.add(screen.onDidChangeState(({ phase }) => {
    if (isOpen !== (phase === 'open')) {
      gather.flush();
      isOpen = phase === 'open';
      handshake = new RfbHandshake(viewer);
      view.post({ type: isOpen ? 'open' : 'close', session: isOpen ? ++session : session });
    }
  }));
  store.add(stream.onDidChange(() => {
    if (isReady) {
      view.post({ type: 'status', status: screenStatus(stream.status) });
    }
  }));
  store.add(screen.onData((bytes) => {
    const { said, told } = handshake.take(bytes);
    say(said);
    if (told.length > 0) {
      gather.push(told);
    }
  }));
  store.add(panel.onDidChangeViewState(() => view.post({ type: 'visible', isVisible: panel.visible })));
  store.add(workspace.onDidChangeConfiguration((event) => {
    if (changes(event, 'vnc.keyCombinations')) {
      view.post({ type: 'combinations', combinations: ownCombinations() });
    }
  }));
  store.add({ dispose: () => thumbnails.delete(keyOf(target)) });

  const say = (bytes: Uint8Array) => {
    if (bytes.length > 0) {
      screen.send(bytes);
    }
  };
  const begin = () => {
    isReady = true;
    isOpen = false;
    view.post({ type: 'setup', state: target, texts: screenTexts(target.name), choice: choiceFor(target, memory), combinations: ownCombinations() });
    view.post({ type: 'visible', isVisible: panel.visible });
    stream.start();
  };
  const receive = async (message: VncUp): Promise<void> => {
    switch (message.type) {
      case 'ready': begin(); break;
      case 'send':
        // What was meant for an earlier connection is not for this one.
        if (isOpen && message.session === session) {
          say(handshake.rest(message.bytes));
        }
        break;
      case 'broken':
        if (isOpen && message.session === session) {
          log.warn(`A screen sent what is no RFB: ${message.detail}`);
          screen.fail({ reason: 'server', message: t('What the machine\'s screen sends cannot be understood.'), ...(message.detail && { hint: message.detail }) });
        }
        break;
      case 'connect': screen.connect(); break;
      case 'takeOver': screen.takeOver(); break;
      case 'wait': screen.waitUntilFree(); break;
      case 'stop': screen.stop(); break;
      case 'start': await commands.executeCommand('dvp.vm.start', { context: target.context, kind: 'VirtualMachine', name: target.name, namespace: target.namespace }); break;
      case 'readClipboard': await readClipboard(message.purpose); break;
      case 'copy': await env.clipboard.writeText(message.text); break;
      case 'screenshot': await save(message.bytes, target); break;
      case 'thumbnail': thumbnails.set(keyOf(target), { image: message.image, atMs: Date.now() }); break;
      case 'choice': remember(target, message.choice, memory); break;
      case 'full': await showFull(message.isFull); break;
      case 'editCombinations': await commands.executeCommand('workbench.action.openSettings', 'dvp.vnc.keyCombinations'); break;
    }
  };
  const readClipboard = async (purpose: ClipboardPurpose) => view.post({ type: 'clipboard', purpose, text: await env.clipboard.readText() });

  panel.webview.options = pageOptions(extensionUri);
  void report.run(t('Screen'), async () => {
    const bundle = await bundleOf('vnc', extensionUri);
    if (!store.isDisposed) {
      panel.webview.html = pageOf('vnc', panel.webview, extensionUri, panel.title, bundle);
      begin();
    }
  });
  return store;
}

function ownCombinations(): readonly VncCombination[] {
  return Object.entries(setting('vnc.keyCombinations')).filter(([, keys]) => typeof keys === 'string').map(([label, keys]) => ({ label, keys }));
}

/** What was chosen for this machine, otherwise what was chosen last for any. */
function choiceFor(target: StreamMemory, memory: Memory): VncChoice {
  const known = memory.get('screens');
  const choice = known[keyOf(target)] ?? Object.values(known).at(-1);
  return isChoice(choice) ? choice : { scale: 'fit', layout: 'us', switchWith: 'Alt+Shift', startsIn: 'latin' };
}

function remember(target: StreamMemory, choice: VncChoice, memory: Memory): void {
  const key = keyOf(target);
  const others = Object.entries(memory.get('screens')).filter(([other]) => other !== key);
  memory.set('screens', Object.fromEntries([...others.slice(1 - rememberedMachines), [key, choice]]));
}

/** With the editor's own mode for that, which narrows an editor to a column unless told otherwise: good for text alone. */
async function showFull(isFull: boolean): Promise<void> {
  await commands.executeCommand(isFull ? 'workbench.action.toggleZenMode' : 'workbench.action.exitZenMode');
  if (isFull && workspace.getConfiguration('zenMode').get('centerLayout', true)) {
    await commands.executeCommand('workbench.action.toggleCenteredLayout');
  }
}

async function save(bytes: Uint8Array, { name }: StreamMemory): Promise<void> {
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const file = await window.showSaveDialog({ filters: { [t('Picture')]: ['png'] }, ...(folder ? { defaultUri: Uri.joinPath(folder, `${name}.png`) } : {}) });
  if (file) {
    await workspace.fs.writeFile(file, bytes);
  }
}
