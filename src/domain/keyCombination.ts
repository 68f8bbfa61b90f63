import { positionOf } from './keyboardLayout';
import { type Key, keysymOf, namedKeys } from './keys';

/** Keys that are pressed together, in the order in which they go down; or the part of the text that names no key. */
export type KeyCombination = { readonly keys: readonly Key[] } | { readonly unknown: string };

/** What every list of combinations offers: those that an operating system or an editor around the screen takes for itself. */
export const usualCombinations: readonly string[] = [
  'Ctrl+Alt+Del', 'Ctrl+Alt+Backspace', ...Array.from({ length: 8 }, (_, index) => `Ctrl+Alt+F${index + 1}`),
  'Alt+Tab', 'Alt+F4', 'Win', 'Win+L', 'Win+R', 'Ctrl+Esc', 'Ctrl+Shift+Esc', 'Alt+Shift', 'Ctrl+W', 'F1', 'F11', 'PrtSc',
];

const aliases = new Map(Object.entries({
  control: 'ctrl', option: 'alt', alt_gr: 'altgr', altgraph: 'altgr', meta: 'win', super: 'win', cmd: 'win', windows: 'win', escape: 'esc', return: 'enter', insert: 'ins', delete: 'del',
  pageup: 'pgup', pagedown: 'pgdn', arrowleft: 'left', arrowright: 'right', arrowup: 'up', arrowdown: 'down', printscreen: 'prtsc', sysrq: 'prtsc', print: 'prtsc', break: 'pause',
}));

/** Reads `Ctrl+Alt+F3`: names of keys, or what a key of a US keyboard types alone, joined by `+`. */
export function parseCombination(text: string): KeyCombination {
  const keys: Key[] = [];
  for (const part of text.split('+')) {
    const name = part.trim().toLowerCase();
    const found = namedKeys.get(aliases.get(name) ?? name) ?? typed(name);
    if (!found) {
      return { unknown: part.trim() };
    }
    keys.push(found);
  }
  return { keys };
}

function typed(name: string): Key | undefined {
  const found = positionOf(name, 'us');
  return found?.level === 0 ? { code: found.code, keysym: keysymOf(name) } : undefined;
}
