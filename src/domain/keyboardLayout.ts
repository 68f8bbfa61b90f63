import { type KeyboardLayout, keyboardLayouts, keyCodes, type LayoutId } from './keyboardLayouts';
import { type Key, keysymOf, namedKeys } from './keys';

/** One press of a key together with what is held down around it. */
export interface Stroke extends Key {
  readonly modifiers: readonly Key[];
}

/** How a keyboard with two alphabets changes between them; `none`: it does not. */
export type AlphabetSwitch = 'none' | 'Alt+Shift' | 'Ctrl+Shift' | 'Win+Space' | 'CapsLock';

export interface TypingOptions {
  readonly layout: LayoutId;
  /** For layouts with two alphabets only. */
  readonly switchWith?: AlphabetSwitch;
  /** Which alphabet the guest types now, for layouts with two. */
  readonly startsIn?: 'latin' | 'own';
}

/** How a text is typed on a keyboard. */
export interface Typing {
  /** In order. Without the characters that are impossible. */
  readonly strokes: readonly Stroke[];
  /** Characters that this keyboard has no way to type, each once, in the order of the text. */
  readonly impossible: readonly string[];
  /** Characters that Linux and Windows have on different keys of this layout; typed as on Linux. */
  readonly uncertain: readonly string[];
}

export const alphabetSwitches: readonly AlphabetSwitch[] = ['none', 'Alt+Shift', 'Ctrl+Shift', 'Win+Space', 'CapsLock'];

/** The key of a character on a layout, without dead keys. */
export function positionOf(character: string, layout: LayoutId): { readonly code: string; readonly level: number } | undefined {
  return tableOf(layout).direct.get(character);
}

/** How `text` is typed by somebody whose guest has this layout. Line ends become Enter. */
export function strokesOf(text: string, { layout, switchWith = 'none', startsIn = 'latin' }: TypingOptions): Typing {
  const own = tableOf(layout);
  const groups = own.layout.latin === undefined ? { own } : { own, latin: tableOf(own.layout.latin) };
  const start = 'latin' in groups ? startsIn : 'own';
  const strokes: Stroke[] = [];
  const impossible = new Set<string>();
  const uncertain = new Set<string>();
  let current: keyof typeof groups = start;
  const turnTo = (group: typeof current) => {
    if (group !== current) {
      strokes.push(switchStrokes[switchWith as Exclude<AlphabetSwitch, 'none'>]);
      current = group;
    }
  };
  for (const character of text.replaceAll(/\r\n?/g, '\n').normalize('NFC')) {
    const order: readonly (typeof current)[] = switchWith === 'none' || !('latin' in groups) ? [current] : [current, current === 'own' ? 'latin' : 'own'];
    const group = order.find((name) => strokesIn(character, groups[name]));
    if (group === undefined) {
      impossible.add(character);
      continue;
    }
    turnTo(group);
    strokes.push(...strokesIn(character, groups[group]) ?? []);
    if (groups[group]?.layout.linuxOnly?.includes(character)) {
      uncertain.add(character);
    }
  }
  turnTo(start);
  return { strokes, impossible: [...impossible], uncertain: [...uncertain] };
}

interface Table {
  readonly layout: KeyboardLayout;
  readonly direct: ReadonlyMap<string, { readonly code: string; readonly level: number }>;
  /** By combining mark. */
  readonly dead: ReadonlyMap<string, { readonly code: string; readonly level: number; readonly keysym: number }>;
}

const shift = named('shift');
const altGr = named('altgr');
const levels: readonly (readonly Key[])[] = [[], [shift], [altGr], [shift, altGr]];

const switchStrokes: Readonly<Record<Exclude<AlphabetSwitch, 'none'>, Stroke>> = {
  'Alt+Shift': { ...shift, modifiers: [named('alt')] }, 'Ctrl+Shift': { ...shift, modifiers: [named('ctrl')] },
  'Win+Space': { ...named('space'), modifiers: [named('win')] }, 'CapsLock': { ...named('capslock'), modifiers: [] },
};

/** Dead keys: the accent as it is printed on the key, as Unicode combines it, and X11's keysym of the key. */
const accents: Readonly<Record<string, { readonly mark: string; readonly keysym: number }>> = {
  '`': { mark: '\u0300', keysym: 0xfe50 }, '´': { mark: '\u0301', keysym: 0xfe51 }, '^': { mark: '\u0302', keysym: 0xfe52 }, '~': { mark: '\u0303', keysym: 0xfe53 }, '¨': { mark: '\u0308', keysym: 0xfe57 },
};

/** What an accent and a space give everywhere; the others depend on the system. */
const spacedAccents = '`^~';

const fixed: Readonly<Record<string, Stroke>> = {
  '\n': { ...named('enter'), modifiers: [] }, '\t': { ...named('tab'), modifiers: [] }, ' ': { ...named('space'), modifiers: [] },
};

const tables = new Map<LayoutId, Table>();

function tableOf(id: LayoutId): Table {
  const known = tables.get(id);
  if (known) {
    return known;
  }
  const layout: KeyboardLayout = keyboardLayouts[id];
  const direct: Map<string, { code: string; level: number }> = new Map();
  const dead: Map<string, { code: string; level: number; keysym: number }> = new Map();
  for (const [level, rows] of layout.levels.entries()) {
    for (const [row, characters] of rows.entries()) {
      for (const [column, character] of [...characters].entries()) {
        const code = keyCodes[row]?.[column];
        const accent = layout.dead?.includes(`${character}${level}`) ? accents[character] : undefined;
        if (accent && code !== undefined) {
          dead.set(accent.mark, { code, level, keysym: accent.keysym });
        } else if (character !== ' ' && code !== undefined && !direct.has(character)) {
          direct.set(character, { code, level });
        }
      }
    }
  }
  const table = { layout, direct, dead };
  tables.set(id, table);
  return table;
}

function strokesIn(character: string, table: Table | undefined): readonly Stroke[] | undefined {
  const known = fixed[character] ?? (table && plainStroke(character, table));
  if (known || !table) {
    return known && [known];
  }
  const [base, mark, ...more] = character.normalize('NFD');
  const isSpaced = spacedAccents.includes(character);
  const accent = table.dead.get(isSpaced ? accents[character]?.mark ?? '' : mark ?? '');
  const carrier = isSpaced ? fixed[' '] : plainStroke(base ?? '', table);
  return accent && carrier && more.length === 0 ? [{ code: accent.code, keysym: accent.keysym, modifiers: levels[accent.level] ?? [] }, carrier] : undefined;
}

function plainStroke(character: string, { direct }: Table): Stroke | undefined {
  const found = direct.get(character);
  return found && { code: found.code, keysym: keysymOf(character), modifiers: levels[found.level] ?? [] };
}

function named(name: string): Key {
  const found = namedKeys.get(name);
  if (!found) {
    throw new Error(`There is no key "${name}".`);
  }
  return found;
}
