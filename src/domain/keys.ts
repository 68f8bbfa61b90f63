/** A key of a keyboard: where it is (`KeyboardEvent.code`) and what it means (X11 keysym). Servers that know places go by the place. */
export interface Key {
  readonly code: string;
  readonly keysym: number;
}

const key = (code: string, keysym: number): Key => ({ code, keysym });

/** Keys that type nothing, by the names people write them with, in lower case. Keysyms from X11's keysymdef.h. */
export const namedKeys: ReadonlyMap<string, Key> = new Map(Object.entries({
  ctrl: key('ControlLeft', 0xffe3), rightctrl: key('ControlRight', 0xffe4), shift: key('ShiftLeft', 0xffe1), rightshift: key('ShiftRight', 0xffe2),
  alt: key('AltLeft', 0xffe9), altgr: key('AltRight', 0xfe03), win: key('MetaLeft', 0xffeb), menu: key('ContextMenu', 0xff67),
  esc: key('Escape', 0xff1b), tab: key('Tab', 0xff09), enter: key('Enter', 0xff0d), space: key('Space', 0x20), backspace: key('Backspace', 0xff08),
  ins: key('Insert', 0xff63), del: key('Delete', 0xffff), home: key('Home', 0xff50), end: key('End', 0xff57), pgup: key('PageUp', 0xff55), pgdn: key('PageDown', 0xff56),
  left: key('ArrowLeft', 0xff51), up: key('ArrowUp', 0xff52), right: key('ArrowRight', 0xff53), down: key('ArrowDown', 0xff54),
  prtsc: key('PrintScreen', 0xff61), pause: key('Pause', 0xff13), scrolllock: key('ScrollLock', 0xff14), capslock: key('CapsLock', 0xffe5), numlock: key('NumLock', 0xff7f),
  ...Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`f${index + 1}`, key(`F${index + 1}`, 0xffbe + index)])),
}));

/** The X11 keysym of a character: Latin-1 as it is, the others above 0x01000000. */
export function keysymOf(character: string): number {
  const point = character.codePointAt(0) ?? 0;
  return point <= 0xff ? point : 0x0100_0000 | point;
}
