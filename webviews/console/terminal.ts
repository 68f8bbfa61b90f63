import { FitAddon } from '@xterm/addon-fit';
import { SearchAddon } from '@xterm/addon-search';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { WebLinksAddon } from '@xterm/addon-web-links';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import type { TerminalOptions } from '../../src/protocol/console';
import { later } from '../shared/later';
import { onThemeChange } from '../shared/theme';
import { applyAppearance } from './appearance';
import { silence } from './silence';
import type * as webglBundle from './webgl';

export interface ConsoleTerminal {
  readonly terminal: Terminal;
  readonly search: SearchAddon;
  /** As many columns and rows as its element has room for. */
  readonly fit: () => void;
  /** Its own columns and rows, in letters so small that they have room. */
  readonly shrink: () => void;
  readonly setOptions: (options: TerminalOptions) => void;
  readonly dispose: () => void;
}

/** A page that is never idle changes to the graphics card nevertheless. */
const drawWithinMs = 300;

/** Pixels; below it nothing can be read. */
const smallestFont = 6;

export interface Links {
  /** Gets what the user has clicked on, with Ctrl or Cmd as in the editor. */
  readonly open: (url: string) => void;
  /** Says how, under the pointer. */
  readonly hint: string;
}

/** A terminal as the editor's own looks, which does nothing beyond its screen. */
export function makeTerminal(parent: HTMLElement, initial: TerminalOptions, links: Links): ConsoleTerminal {
  let options = initial;
  const activate = ({ ctrlKey, metaKey }: MouseEvent, url: string) => {
    if (ctrlKey || metaKey) {
      links.open(url);
    }
  };
  const hover = () => { parent.title = links.hint; };
  const leave = () => { parent.title = ''; };
  const terminal = new Terminal({ allowProposedApi: true, macOptionIsMeta: true, linkHandler: { activate, hover, leave } });
  const fit = new FitAddon();
  const search = new SearchAddon();
  for (const addon of [fit, search, new Unicode11Addon(), new WebLinksAddon(activate, { hover, leave })]) {
    terminal.loadAddon(addon);
  }
  terminal.unicode.activeVersion = '11';
  silence(terminal);
  applyAppearance(terminal, options);
  terminal.open(parent);
  // What the machine says is shown before: to look for a graphics card takes longer.
  const drawing = requestIdleCallback(() => void draw(terminal, parent), { timeout: drawWithinMs });
  const look = onThemeChange(() => applyAppearance(terminal, options));
  return {
    terminal, search,
    fit: () => fit.fit(),
    shrink: () => {
      terminal.options.fontSize = options.fontSize;
      const room = fit.proposeDimensions();
      if (room) {
        const share = Math.min(1, room.cols / terminal.cols, room.rows / terminal.rows);
        terminal.options.fontSize = Math.max(smallestFont, Math.floor(options.fontSize * share));
      }
    },
    setOptions: (next) => {
      options = next;
      applyAppearance(terminal, options);
    },
    dispose: () => {
      look();
      cancelIdleCallback(drawing);
      terminal.dispose();
    },
  };
}

/** On the graphics card where there is one; otherwise, and when its context is lost, as elements of the page. */
async function draw(terminal: Terminal, parent: HTMLElement): Promise<void> {
  if (!hasGraphicsCard()) {
    parent.dataset['renderer'] = 'dom';
    return;
  }
  try {
    const { WebglAddon } = await later<typeof webglBundle>('webgl.js');
    if (!terminal.element?.isConnected) {
      // Disposed meanwhile.
      return;
    }
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

/** Where a processor plays the card, as over remote desktops and in virtual machines, every picture takes a tenth of a second and stops the page meanwhile. */
function hasGraphicsCard(): boolean {
  const context = document.createElement('canvas').getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  const info = context?.getExtension('WEBGL_debug_renderer_info');
  const name: unknown = info && context?.getParameter(info.UNMASKED_RENDERER_WEBGL);
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null && !(typeof name === 'string' && playedCards.test(name));
}

/** What browsers and Mesa call a card that a processor plays; browsers do not always count it as the caveat above. */
const playedCards = /swiftshader|llvmpipe|softpipe|software|basic render/i;

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
