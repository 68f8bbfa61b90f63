import type { ConsoleDown, ConsoleMemory, ConsoleTexts } from '../../src/protocol/console';
import { consoleDown } from '../../src/protocol/console';
import { element, filled } from '../shared/element';
import { connect, type Host } from '../shared/host';
import '../shared/streamFrame.css';
import { drawCalmly } from './calm';
import { consoleFrame } from './frame';
import { Keys } from './keys';
import './main.css';
import { Output } from './output';
import { play } from './player';
import { type Links, makeTerminal, textOf } from './terminal';

type Setup = Extract<ConsoleDown, { type: 'setup' }>;
type ConsoleHost = Host<'console', ConsoleMemory>;

/** What `Ctrl+]` sends; the platform's own client leaves with it. */
const leave = '\x1d';

connect<'console', ConsoleMemory>(consoleDown, (setup, host) => (setup.state ? startConsole(setup, setup.state, host) : startPlayer(setup, host)), { isToldFirst: true });

/** Builds the page of a machine; gives what takes the messages from then on. */
function startConsole({ texts, options }: Setup, state: ConsoleMemory, host: ConsoleHost): (message: ConsoleDown) => void {
  host.setState(state);
  let isConnected = false;
  let endPlaying: (() => void) | undefined;
  const links = linksOf(texts, host);
  const page = consoleFrame(texts, {
    intent: (intent) => {
      host.post({ type: intent });
      terminal.focus();
    },
    find: (text, isBackward) => {
      const isFound = isBackward ? search.findPrevious(text) : search.findNext(text);
      frame.hint(isFound || text === '' ? '' : texts.notFound);
    },
    findFrom: (text) => void search.findNext(text, { incremental: true }),
    clear: () => {
      terminal.clear();
      host.post({ type: 'clear' });
      terminal.focus();
    },
    save: () => {
      host.post({ type: 'save', text: textOf(terminal) });
      terminal.focus();
    },
    size: () => {
      terminal.input(`stty rows ${terminal.rows} cols ${terminal.cols}\r`);
      terminal.focus();
    },
    capture: (is) => {
      keys.isCaptured = is;
      terminal.focus();
    },
    record: () => {
      host.post({ type: 'record' });
      terminal.focus();
    },
    play: () => host.post({ type: 'choose' }),
    focus: () => terminal.focus(),
  });
  const { frame } = page;
  const { terminal, search, fit, setOptions } = makeTerminal(frame.screen, options, links);
  const keys = new Keys(terminal, frame.screen, {
    copy: (text) => host.post({ type: 'copy', text }),
    find: page.search,
    captured: (is) => {
      page.showCapture(is);
      frame.notice(is ? texts.captured : undefined);
    },
    isConnected: () => isConnected,
  });
  const tellSize = () => {
    page.showSize(terminal.cols, terminal.rows);
    host.post({ type: 'size', columns: terminal.cols, rows: terminal.rows });
  };
  fit();
  tellSize();
  terminal.onResize(tellSize);
  new ResizeObserver(fit).observe(frame.screen);
  terminal.onData((text) => host.post(text === leave && !keys.isCaptured ? { type: 'stop' } : { type: 'input', text }));
  frame.screen.addEventListener('paste', (event) => {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (/[\r\n]/.test(text) && !terminal.modes.bracketedPasteMode) {
      event.preventDefault();
      event.stopPropagation();
      host.post({ type: 'paste', text });
    }
  }, { capture: true });
  terminal.focus();

  const output = new Output(terminal, (bytes) => host.post({ type: 'consumed', bytes }));
  drawCalmly(globalThis, () => output.isFlooded);
  return (message) => {
    switch (message.type) {
      case 'data': output.data(message.bytes, message.isPacked === true); break;
      case 'restart': output.restart(message.bytes); break;
      case 'status':
        isConnected = message.status.phase === 'open';
        frame.show(message.status);
        break;
      case 'options':
        setOptions(message.options);
        fit();
        break;
      case 'paste':
        terminal.paste(message.text);
        terminal.focus();
        break;
      case 'dropped': frame.hint(texts.dropped); break;
      case 'recording':
        page.showRecording(message.startMs);
        frame.notice(message.notice, { label: texts.close, run: () => terminal.focus() });
        break;
      case 'play':
        endPlaying?.();
        // Nobody types into what is covered.
        frame.screen.inert = true;
        endPlaying = play(message.cast, {
          parent: frame.stage, texts, options, save: (text) => host.post({ type: 'save', text }), links,
          close: () => {
            frame.screen.inert = false;
            terminal.focus();
          },
        });
        break;
      case 'setup': break;
    }
  };
}

/** Builds the page of a recording. */
function startPlayer({ texts, options }: Setup, host: ConsoleHost): (message: ConsoleDown) => void {
  const stage = element('main', 'stage');
  document.body.replaceChildren(stage);
  return (message) => {
    if (message.type === 'play') {
      play(message.cast, { parent: stage, texts, options, save: (text) => host.post({ type: 'save', text }), links: linksOf(texts, host) });
    }
  };
}

function linksOf({ link }: ConsoleTexts, host: ConsoleHost): Links {
  return { hint: filled(link, navigator.userAgent.includes('Mac') ? 'Cmd' : 'Ctrl'), open: (url) => host.post({ type: 'open', url }) };
}
