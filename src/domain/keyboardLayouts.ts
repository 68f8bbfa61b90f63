import { text } from './text';

/** Places of keys by row, as `KeyboardEvent.code`: a European keyboard, of which a US one has all but `IntlBackslash`. */
export const keyCodes: readonly (readonly string[])[] = [
  ['Backquote', ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map((digit) => `Digit${digit}`), 'Minus', 'Equal'],
  [...[...'QWERTYUIOP'].map((letter) => `Key${letter}`), 'BracketLeft', 'BracketRight'],
  [...[...'ASDFGHJKL'].map((letter) => `Key${letter}`), 'Semicolon', 'Quote', 'Backslash'],
  ['IntlBackslash', ...[...'ZXCVBNM'].map((letter) => `Key${letter}`), 'Comma', 'Period', 'Slash'],
];

type Rows = readonly [string, string, string, string];

/** What a guest makes of the places of keys. */
export interface KeyboardLayout {
  /** Its name in English. */
  readonly name: string;
  /** What keys type plain, with Shift, with AltGr, with both; a space where they type nothing. In the order of `keyCodes`. */
  readonly levels: readonly Rows[];
  /** Accents that wait for the next letter, each with its level: `^0` is the plain one. */
  readonly dead?: readonly string[];
  /** Characters that Windows has elsewhere, or nowhere, in this layout. */
  readonly linuxOnly?: string;
  /** The layout that such a keyboard is switched to for Latin letters. */
  readonly latin?: 'us';
}

const us = [['`1234567890-=', 'qwertyuiop[]', 'asdfghjkl;\'\\', ' zxcvbnm,./'], ['~!@#$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:"|', ' ZXCVBNM<>?']] as const;

/** Layouts as Linux (xkeyboard-config) and Windows agree on them; what they do not agree on is left out or named in `linuxOnly`. */
export const keyboardLayouts = {
  us: { name: text('English (US)'), levels: us },
  ru: {
    name: text('Russian'), latin: 'us',
    levels: [['ё1234567890-=', 'йцукенгшщзхъ', 'фывапролджэ\\', ' ячсмитьбю.'], ['Ё!"№;%:?*()_+', 'ЙЦУКЕНГШЩЗХЪ', 'ФЫВАПРОЛДЖЭ/', ' ЯЧСМИТЬБЮ,']],
  },
  uk: {
    name: text('English (UK)'),
    levels: [['`1234567890-=', 'qwertyuiop[]', 'asdfghjkl;\'#', '\\zxcvbnm,./'], ['¬!"£$%^&*()_+', 'QWERTYUIOP{}', 'ASDFGHJKL:@~', '|ZXCVBNM<>?'], ['    €', '', '', '']],
  },
  de: {
    name: text('German'),
    levels: [['^1234567890ß´', 'qwertzuiopü+', 'asdfghjklöä#', '<yxcvbnm,.-'], ['°!"§$%&/()=?`', 'QWERTZUIOPÜ*', 'ASDFGHJKLÖÄ\'', '>YXCVBNM;:_'], ['  ²³   {[]}\\', '@ €        ~', '', '|      µ']],
    dead: ['^0', '´0', '`1'],
  },
  ch: {
    name: text('German (Switzerland)'),
    levels: [['§1234567890\'^', 'qwertzuiopü¨', 'asdfghjklöä$', '<yxcvbnm,.-'], ['°+"*ç%&/()=?`', 'QWERTZUIOPè!', 'ASDFGHJKLéà£', '>YXCVBNM;:_'], ['  @#  ¬|   ´~', '  €       []', '          {}', '\\']],
    dead: ['^0', '¨0', '`1', '´2', '~2'],
  },
  fr: {
    name: text('French'),
    levels: [['²&é"\'(-è_çà)=', 'azertyuiop^$', 'qsdfghjklmù*', '<wxcvbn,;:!'], [' 1234567890°+', 'AZERTYUIOP¨£', 'QSDFGHJKLM%µ', '>WXCVBN?./§'], ['  ~#{[|`\\^@]}', '  €', '', '']],
    dead: ['^0', '¨1'], linuxOnly: '~`',
  },
  es: {
    name: text('Spanish'),
    levels: [['º1234567890\'¡', 'qwertyuiop`+', 'asdfghjklñ´ç', '<zxcvbnm,.-'], ['ª!"·$%&/()=?¿', 'QWERTYUIOP^*', 'ASDFGHJKLÑ¨Ç', '>ZXCVBNM;:_'], ['\\|@#~ ¬', '  €       []', '          {}', '']],
    dead: ['`0', '´0', '^1', '¨1'], linuxOnly: '~',
  },
  it: {
    name: text('Italian'),
    levels: [['\\1234567890\'ì', 'qwertyuiopè+', 'asdfghjklòàù', '<zxcvbnm,.-'], ['|!"£$%&/()=?^', 'QWERTYUIOPé*', 'ASDFGHJKLç°§', '>ZXCVBNM;:_'], ['           `~', '  €       []', '         @#', ''], ['', '          {}', '', '']],
    linuxOnly: '`~',
  },
  pt: {
    name: text('Portuguese'),
    levels: [['\\1234567890\'«', 'qwertyuiop+´', 'asdfghjklçº~', '<zxcvbnm,.-'], ['|!"#$%&/()=?»', 'QWERTYUIOP*`', 'ASDFGHJKLÇª^', '>ZXCVBNM;:_'], ['  @£§  {[]}', '  €', '', '']],
    dead: ['´0', '~0', '`1', '^1'],
  },
  pl: {
    name: text('Polish (programmer\'s)'),
    levels: [...us, ['', '  ę     ó', 'ąś      ł', ' żźć  ń'], ['', '  Ę     Ó', 'ĄŚ      Ł', ' ŻŹĆ  Ń']],
  },
  se: {
    name: text('Swedish, Finnish'),
    levels: [['§1234567890+´', 'qwertyuiopå¨', 'asdfghjklöä\'', '<zxcvbnm,.-'], ['½!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLÖÄ*', '>ZXCVBNM;:_'], ['  @£$  {[]}\\', '  €        ~', '', '|']],
    dead: ['´0', '¨0', '`1', '^1', '~2'],
  },
  no: {
    name: text('Norwegian'),
    levels: [['|1234567890+\\', 'qwertyuiopå¨', 'asdfghjkløæ\'', '<zxcvbnm,.-'], ['§!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLØÆ*', '>ZXCVBNM;:_'], ['  @£$  {[]} ´', '  €        ~', '', '']],
    dead: ['¨0', '`1', '^1', '´2', '~2'],
  },
  dk: {
    name: text('Danish'),
    levels: [['½1234567890+´', 'qwertyuiopå¨', 'asdfghjklæø\'', '<zxcvbnm,.-'], ['§!"#¤%&/()=?`', 'QWERTYUIOPÅ^', 'ASDFGHJKLÆØ*', '>ZXCVBNM;:_'], ['  @£$  {[]} |', '  €        ~', '', '\\']],
    dead: ['´0', '¨0', '`1', '^1', '~2'],
  },
} as const satisfies Record<string, KeyboardLayout>;

export type LayoutId = keyof typeof keyboardLayouts;
