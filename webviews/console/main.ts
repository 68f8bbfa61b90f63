import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { SerializeAddon } from '@xterm/addon-serialize';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { ConsoleDown, TerminalOptions } from '../../src/protocol/console';
import { consoleDown } from '../../src/protocol/console';
import type { StreamMemory } from '../../src/protocol/stream';
import { connect, type Host } from '../shared/host';
import { onThemeChange } from '../shared/theme';
import { applyAppearance } from './appearance';
import { consoleFrame } from './frame';
import './main.css';
import { silence } from './silence';

/** What a reload of the window brings back. */
type Saved = StreamMemory & { readonly screen?: string };

/** Lines that survive a reload of the window. */
const savedLines = 500;
const saveDelayMs = 500;

/** What `Ctrl+]` sends; the platform's own client leaves with it. */
const leave = '\x1d';

type Setup = Extract<ConsoleDown, { type: 'setup' }>;

connect<'console', Saved>(consoleDown, start);

/** Builds the page; gives what takes the messages from then on. */
function start({ state, texts, options: initial }: Setup, host: Host<'console', Saved>): (message: ConsoleDown) => void {
  let options: TerminalOptions = initial;
  const terminal = new Terminal({ allowProposedApi: true, macOptionIsMeta: true });
  const fit = new FitAddon();
  const search = new SearchAddon();
  const serialize = new SerializeAddon();
  const { frame, search: focusSearch } = consoleFrame(texts, {
    intent: (intent) => {
      host.post({ type: intent });
      terminal.focus();
    },
    find: (text, isBackward) => void (isBackward ? search.findPrevious(text) : search.findNext(text)),
    clear: () => terminal.clear(),
    save: () => host.post({ type: 'save', text: textOf(terminal) }),
    size: () => {
      terminal.input(`stty rows ${terminal.rows} cols ${terminal.cols}\r`);
      terminal.focus();
    },
    focus: () => terminal.focus(),
  });
  for (const addon of [fit, search, serialize, new Unicode11Addon(), new WebLinksAddon((_event, url) => host.post({ type: 'open', url }))]) {
    terminal.loadAddon(addon);
  }
  terminal.unicode.activeVersion = '11';
  silence(terminal);
  applyAppearance(terminal, options);
  terminal.open(frame.screen);
  draw(terminal);
  fit.fit();
  new ResizeObserver(() => fit.fit()).observe(frame.screen);
  onThemeChange(() => applyAppearance(terminal, options));

  const note = (text: string) => terminal.write(`\x1b[0m\r\n\x1b[2m── ${text} ──\x1b[0m\r\n`);
  const before = host.getState()?.screen;
  if (before !== undefined) {
    terminal.write(before);
    note(texts.reloaded);
  }
  const save = saver(() => host.setState({ ...state, screen: serialize.serialize({ scrollback: savedLines, excludeModes: true, excludeAltBuffer: true }) }));
  host.setState({ ...state, ...(before !== undefined && { screen: before }) });

  terminal.onData((text) => host.post(text === leave ? { type: 'stop' } : { type: 'input', text }));
  terminal.attachCustomKeyEventHandler((event) => handleKey(event, terminal, focusSearch, (text) => host.post({ type: 'copy', text })));
  frame.screen.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (/[\r\n]/.test(text) && !terminal.modes.bracketedPasteMode) {
      event.preventDefault();
      event.stopPropagation();
      host.post({ type: 'paste', text });
    }
  }, { capture: true });
  terminal.focus();

  return (message) => {
    switch (message.type) {
      case 'data':
        terminal.write(new Uint8Array(message.bytes), () => {
          host.post({ type: 'consumed', bytes: message.bytes.byteLength });
          save();
        });
        break;
      case 'status':
        if (message.status.gap !== undefined && message.status.gap !== lastGap) {
          note(message.status.gap);
        }
        lastGap = message.status.gap;
        frame.show(message.status);
        break;
      case 'options':
        options = message.options;
        applyAppearance(terminal, options);
        fit.fit();
        break;
      case 'paste': terminal.paste(message.text); break;
      case 'dropped': frame.hint(texts.dropped); break;
      case 'setup': break;
    }
  };
}

/** The same gap comes with every status until the next loss. */
let lastGap: string | undefined;

/** On the graphics card where there is one; otherwise, and when its context is lost, as elements of the page. */
function draw(terminal: Terminal): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => webgl.dispose());
    terminal.loadAddon(webgl);
  } catch {
    // The terminal's own renderer stays.
  }
}

/** Copy, paste and find; every other key is the machine's. */
function handleKey(event: KeyboardEvent, terminal: Terminal, search: () => void, copy: (text: string) => void): boolean {
  const isCommand = (event.ctrlKey && event.shiftKey) || (event.metaKey && !event.ctrlKey);
  if (event.type !== 'keydown' || !isCommand) {
    return true;
  }
  switch (event.code) {
    case 'KeyC':
      if (terminal.hasSelection()) {
        copy(terminal.getSelection());
      }
      event.preventDefault();
      return false;
    case 'KeyF':
      event.preventDefault();
      search();
      return false;
    // The browser pastes.
    case 'KeyV':
      return false;
    default:
      return true;
  }
}

/** Everything on the screen and above it, wrapped lines as one. */
function textOf(terminal: Terminal): string {
  const { active } = terminal.buffer;
  let text = '';
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const isContinued = active.getLine(row + 1)?.isWrapped === true;
    text += (line?.translateToString(!isContinued) ?? '') + (isContinued ? '' : '\n');
  }
  return `${text.trimEnd()}\n`;
}

/** Runs `run` once a while after it was asked for. */
function saver(run: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, saveDelayMs);
  };
}
