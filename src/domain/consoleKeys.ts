/** What matters of a key event of a page. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
}

/** Who gets a key while the console has the keyboard. Exactly one of them does. */
export type KeyOwner =
  | 'machine'
  | 'editor'
  /** Gives the keys back, or takes them. */
  | 'capture'
  | 'copy' | 'paste' | 'find';

/** With Ctrl; everything else with Ctrl is what terminals are used with. */
const editorsControlKeys: ReadonlySet<string> = new Set(['KeyP', 'KeyW', 'Tab', 'PageUp', 'PageDown', 'F4', 'Backquote', 'Comma', ...Array.from({ length: 9 }, (_, digit) => `Digit${digit + 1}`)]);

/** F6 moves on to the next part of the window: the way out for those who have only a keyboard. */
const editorsKeys: ReadonlySet<string> = new Set(['F1', 'F6', 'F11']);

/** Who gets a key. `isCaptured`: the machine gets every key but the one that ends this. */
export function ownerOf({ key, code, ctrlKey, shiftKey, altKey, metaKey }: KeyPress, isCaptured: boolean): KeyOwner {
  if (ctrlKey && altKey && !shiftKey && !metaKey && code === 'KeyG') {
    return 'capture';
  }
  if (isCaptured) {
    return 'machine';
  }
  const isCommand = (ctrlKey && shiftKey && !altKey) || (metaKey && !ctrlKey && !altKey);
  if (isCommand && code === 'KeyC') {
    return 'copy';
  }
  if (isCommand && code === 'KeyV') {
    return 'paste';
  }
  if (isCommand && code === 'KeyF') {
    return 'find';
  }
  // Ctrl+Shift with a digit or a sign is how some control characters are typed.
  const isEditors = metaKey || key === 'Meta' || key === 'Alt' || (isCommand && (code.startsWith('Key') || code === 'Tab'))
    || (!ctrlKey && !altKey && editorsKeys.has(code)) || (ctrlKey && !altKey && !shiftKey && editorsControlKeys.has(code));
  return isEditors ? 'editor' : 'machine';
}
