import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { WebglAddon } from '@xterm/addon-webgl';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalOptions } from '../../src/protocol/console';
import { onThemeChange } from '../shared/theme';
import { applyAppearance } from './appearance';
import { silence } from './silence';

export interface ConsoleTerminal {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** Takes the size of its element; what shows a recording keeps the recording's size. */
  readonly fit: () => void;
  readonly setOptions: (options: TerminalOptions) => void;
  readonly dispose: () => void;
}

/** A terminal as the editor's own looks, which does nothing beyond its screen. `openLink` gets what the user has clicked on. */
export function makeTerminal(parent: HTMLElement, initial: TerminalOptions, openLink: (url: string) => void): ConsoleTerminal {
  let options = initial;
  const terminal = new Terminal({ allowProposedApi: true, macOptionIsMeta: true, linkHandler: { activate: (_event, url) => openLink(url) } });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon((_event, url) => openLink(url))]) {
    terminal.loadAddon(addon);
  }
  terminal.unicode.activeVersion = '11';
  silence(terminal);
  applyAppearance(terminal, options);
  terminal.open(parent);
  draw(terminal, parent);
  const look = onThemeChange(() => applyAppearance(terminal, options));
  return {
    terminal, search,
    fit: () => fit.fit(),
    setOptions: (next) => {
      options = next;
      applyAppearance(terminal, options);
    },
    dispose: () => {
      look();
      terminal.dispose();
    },
  };
}

/** On the graphics card where there is one; otherwise, and when its context is lost, as elements of the page. */
function draw(terminal: Terminal, parent: HTMLElement): void {
  try {
    const webgl = new WebglAddon();
    webgl.onContextLoss(() => {
      webgl.dispose();
      parent.dataset['renderer'] = 'dom';
    });
    terminal.loadAddon(webgl);
    parent.dataset['renderer'] = 'webgl';
  } catch {
    // The terminal's own renderer stays.
    parent.dataset['renderer'] = 'dom';
  }
}

/** Everything on the screen and above it, wrapped lines as one. */
export function textOf(terminal: Terminal): string {
  const { active } = terminal.buffer;
  let text = '';
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const isContinued = active.getLine(row + 1)?.isWrapped === true;
    text += (line?.translateToString(!isContinued) ?? '') + (isContinued ? '' : '\n');
  }
  return `${text.trimEnd()}\n`;
}
