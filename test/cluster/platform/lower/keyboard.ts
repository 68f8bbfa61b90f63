/** A US keyboard as the machine sees it: what a key types alone and with Shift, by its code (XT set 1). */
const keys = new Map<number, readonly [string, string]>([
  ...row(0x02, '1234567890-=', '!@#$%^&*()_+'), ...row(0x10, 'qwertyuiop[]', 'QWERTYUIOP{}'), ...row(0x1e, 'asdfghjkl;\'`', 'ASDFGHJKL:"~'),
  ...row(0x2b, '\\zxcvbnm,./', '|ZXCVBNM<>?'), ...row(0x39, ' ', ' '),
  ...row(0x1c, '\r', '\r'), ...row(0x0e, '\x7f', '\x7f'), ...row(0x0f, '\t', '\t'), ...row(0x01, '\x1b', '\x1b'),
]);

function row(first: number, plain: string, shifted: string): [number, readonly [string, string]][] {
  return [...plain].map((character, index) => [first + index, [character, shifted[index] ?? '']]);
}

const codeOf = new Map([...keys].flatMap(([code, characters]) => characters.map((character) => [character, code] as const)));

/** X11 keysyms that are no characters: the code of their key. */
const named: Readonly<Record<number, number>> = {
  0xff0d: 0x1c, 0xff8d: 0x1c, 0xff08: 0x0e, 0xff09: 0x0f, 0xff1b: 0x01, 0xffff: 0xd3,
  0xffe1: 0x2a, 0xffe2: 0x36, 0xffe3: 0x1d, 0xffe4: 0x9d, 0xffe9: 0x38, 0xffea: 0xb8,
};

const shift = [0x2a, 0x36];
const control = [0x1d, 0x9d];
const alt = [0x38, 0xb8];
const erase = [0xd3, 0x53];

export interface KeyboardUser {
  type(text: string): void;
  /** Ctrl+Alt+Del. */
  reset(): void;
}

/**
 * Makes text of keys, as a machine with a US layout does: a character that needs Shift and comes without it becomes the
 * other one of its key, and what is on no key is lost.
 */
export class Keyboard {
  readonly #user: KeyboardUser;
  readonly #down = new Set<number>();

  constructor(user: KeyboardUser) {
    this.#user = user;
  }

  /** `code` is given by viewers that know the key itself. */
  key(keysym: number, isDown: boolean, code = named[keysym] ?? codeOf.get(String.fromCodePoint(keysym < 0x100 ? keysym : 0)) ?? 0): void {
    if (!isDown) {
      this.#down.delete(code);
      return;
    }
    this.#down.add(code);
    const isHeld = (codes: readonly number[]) => codes.some((each) => this.#down.has(each));
    const typed = keys.get(code)?.[isHeld(shift) ? 1 : 0];
    if (erase.includes(code) && isHeld(control) && isHeld(alt)) {
      this.#user.reset();
    } else if (typed !== undefined && isHeld(control)) {
      this.#user.type(/[a-z]/i.test(typed) ? String.fromCharCode(typed.toUpperCase().charCodeAt(0) - 0x40) : '');
    } else if (typed !== undefined) {
      this.#user.type(typed);
    }
  }
}
