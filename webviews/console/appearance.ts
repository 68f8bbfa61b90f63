import type { ITheme, Terminal } from '@xterm/xterm';
import type { TerminalOptions } from '../../src/protocol/console';
import { themeColour as colour, usesScreenReader } from '../shared/theme';

const colours = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'] as const;

/** Font, colours and accessibility of the editor's own terminal, as they are now. */
export function applyAppearance(terminal: Terminal, options: TerminalOptions): void {
  Object.assign(terminal.options, {
    ...(options.fontFamily && { fontFamily: options.fontFamily }), fontSize: options.fontSize, lineHeight: options.lineHeight, cursorBlink: options.cursorBlink,
    scrollback: options.scrollback, theme: themeOf(), screenReaderMode: usesScreenReader(),
  });
}

function themeOf(): ITheme {
  const upper = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);
  const pairs: [string, string | undefined][] = [
    ['background', colour('terminal-background', 'editor-background')], ['foreground', colour('terminal-foreground', 'editor-foreground')],
    ['cursor', colour('terminalCursor-foreground', 'terminal-foreground', 'editor-foreground')], ['cursorAccent', colour('terminalCursor-background', 'terminal-background', 'editor-background')],
    ['selectionBackground', colour('terminal-selectionBackground', 'editor-selectionBackground')], ['selectionForeground', colour('terminal-selectionForeground')],
    ...colours.flatMap((name): [string, string | undefined][] => [[name, colour(`terminal-ansi${upper(name)}`)], [`bright${upper(name)}`, colour(`terminal-ansiBright${upper(name)}`)]]),
  ];
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}
