import { behindBreak, breakText, codes, isBlank, isBreak, isGap } from './characters';
import { YamlError, type Dialect } from './tokens';

/** A scalar that was read: its text, and where the reading stopped. */
export interface Scanned {
  readonly text: string;
  /** Behind the last character that belongs to it. */
  readonly end: number;
  /** Where the scanner goes on: behind blanks and breaks that were looked at. */
  readonly next: number;
  /** Whether a line break stands between `end` and `next`. */
  readonly hasBreak: boolean;
  /** Where the line of `next` begins. */
  readonly lineStart: number;
}

/** A text without quotes: up to `: `, ` #`, an indicator between brackets, or a line that is indented less than `indent`. */
export function scanPlain(text: string, start: number, firstLine: number, indent: number, inFlow: boolean, { questionEndsPlain }: Dialect): Scanned {
  let lineStart = firstLine;
  let at = start;
  let end = start;
  let value = '';
  let gap = '';
  let hasBreak = false;
  for (;;) {
    if ((at === lineStart && at !== start && isDocumentMark(text, at)) || text.charCodeAt(at) === codes.hash) {
      break;
    }
    const piece = at;
    for (let code = text.charCodeAt(at); !isGap(code); code = text.charCodeAt(++at)) {
      if (code === codes.colon ? isGap(text.charCodeAt(at + 1)) : inFlow && (endsFlowPlain(code) || (code === codes.question && questionEndsPlain))) {
        break;
      }
    }
    if (at > piece) {
      value += gap + text.slice(piece, at);
      end = at;
      hasBreak = false;
    }
    const blanks = at;
    let breaks = '';
    for (let code = text.charCodeAt(at); isBlank(code) || isBreak(code); code = text.charCodeAt(at)) {
      if (isBlank(code)) {
        if (hasBreak && code === codes.tab && at - lineStart < indent) {
          throw new YamlError('found a tab character that violates indentation', at);
        }
        at++;
      } else {
        breaks += breakText(text, at);
        at = behindBreak(text, at);
        lineStart = at;
        hasBreak = true;
      }
    }
    if (at === blanks || (!inFlow && at - lineStart < indent)) {
      break;
    }
    gap = breaks === '' ? text.slice(blanks, at) : folded(breaks);
  }
  return { text: value, end, next: at, hasBreak, lineStart };
}

function endsFlowPlain(code: number): boolean {
  return code === codes.comma || code === codes.openBracket || code === codes.closeBracket || code === codes.openBrace || code === codes.closeBrace;
}

/** One line feed becomes a space, of several the first goes. */
function folded(breaks: string): string {
  return breaks[0] !== '\n' ? breaks : breaks.length === 1 ? ' ' : breaks.slice(1);
}

/** Whether `---` or `...` stands alone at the beginning of a line. */
export function isDocumentMark(text: string, at: number): boolean {
  return (text.startsWith('---', at) || text.startsWith('...', at)) && isGap(text.charCodeAt(at + 3));
}

/** A text in quotes; `start` is the first of them. How far its further lines are indented does not matter. */
export function scanQuoted(text: string, start: number, firstLine: number, dialect: Dialect): Scanned {
  const quote = text.charCodeAt(start);
  let lineStart = firstLine;
  let at = start + 1;
  let value = '';
  for (;;) {
    if (at === lineStart && isDocumentMark(text, at)) {
      throw new YamlError('found unexpected document indicator', at);
    }
    let isJoined = false;
    let piece = at;
    let code = text.charCodeAt(at);
    for (; !isGap(code); code = text.charCodeAt(at)) {
      if (code === quote) {
        if (quote === codes.doubleQuote || text.charCodeAt(at + 1) !== quote) {
          return { text: value + text.slice(piece, at), end: at + 1, next: at + 1, hasBreak: false, lineStart };
        }
        value += text.slice(piece, at + 1);
        at += 2;
        piece = at;
      } else if (code === codes.backslash && quote === codes.doubleQuote) {
        value += text.slice(piece, at);
        if (isBreak(text.charCodeAt(at + 1))) {
          at = behindBreak(text, at + 1);
          lineStart = at;
          piece = at;
          isJoined = true;
          break;
        }
        const escaped = readEscape(text, at, dialect);
        value += escaped.text;
        at = escaped.end;
        piece = at;
      } else {
        at++;
      }
    }
    value += text.slice(piece, at);
    const blanks = at;
    let breaks = '';
    for (code = text.charCodeAt(at); isBlank(code) || isBreak(code); code = text.charCodeAt(at)) {
      if (isBlank(code)) {
        at++;
      } else {
        breaks += breakText(text, at);
        at = behindBreak(text, at);
        lineStart = at;
      }
    }
    if (at >= text.length) {
      throw new YamlError('found unexpected end of stream', start);
    }
    // Behind an escaped break the blanks of the next line go, and further breaks stay as they are.
    value += isJoined ? breaks : breaks === '' ? text.slice(blanks, at) : folded(breaks);
  }
}

const simpleEscapes = new Map(Object.entries({
  '0': '\0', a: '\x07', b: '\b', t: '\t', '\t': '\t', n: '\n', v: '\v', f: '\f', r: '\r', e: '\x1b', ' ': ' ', '"': '"', '\\': '\\', N: '\x85', _: '\xa0', L: '\u2028', P: '\u2029',
}));
const hexEscapes = new Map([['x', 2], ['u', 4], ['U', 8]]);

function readEscape(text: string, at: number, { hasSlashEscape, hasQuoteEscape }: Dialect): { readonly text: string; readonly end: number } {
  const letter = text[at + 1] ?? '';
  const simple = simpleEscapes.get(letter) ?? ((letter === '/' && hasSlashEscape) || (letter === "'" && hasQuoteEscape) ? letter : undefined);
  if (simple !== undefined) {
    return { text: simple, end: at + 2 };
  }
  const length = hexEscapes.get(letter);
  if (length === undefined) {
    throw new YamlError('found unknown escape character', at);
  }
  const digits = text.slice(at + 2, at + 2 + length);
  const code = /^[0-9a-fA-F]+$/.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : undefined;
  if (code === undefined) {
    throw new YamlError('did not find expected hexdecimal number', at);
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
    throw new YamlError('found invalid Unicode character escape code', at);
  }
  return { text: String.fromCodePoint(code), end: at + 2 + length };
}

/** A text below `|` or `>`. `parent` is the indentation of what holds it, -1 at the top. */
export function scanBlock(text: string, start: number, parent: number): Scanned {
  const header = readHeader(text, start);
  const isFolded = text.charCodeAt(start) === codes.greater;
  let at = header.end;
  let lineStart = at;
  let indent = header.increment === 0 ? 0 : Math.max(parent, 0) + header.increment;
  let value = '';
  let leadingBreak = '';
  let breaks = '';
  /** Blank lines, and the indentation of the next one that is not. */
  const readBreaks = () => {
    breaks = '';
    let widest = 0;
    for (;;) {
      while ((indent === 0 || at - lineStart < indent) && text.charCodeAt(at) === codes.space) {
        at++;
      }
      widest = Math.max(widest, at - lineStart);
      const code = text.charCodeAt(at);
      if (code === codes.tab && (indent === 0 || at - lineStart < indent)) {
        throw new YamlError('found a tab character where an indentation space is expected', at);
      }
      if (!isBreak(code)) {
        break;
      }
      breaks += breakText(text, at);
      at = behindBreak(text, at);
      lineStart = at;
    }
    indent ||= Math.max(widest, parent + 1, 1);
  };
  let end = at;
  readBreaks();
  let wasBlank = false;
  while (at - lineStart === indent && at < text.length) {
    const startsBlank = isBlank(text.charCodeAt(at));
    if (isFolded && leadingBreak === '\n' && !wasBlank && !startsBlank) {
      value += breaks === '' ? ' ' : '';
    } else {
      value += leadingBreak;
    }
    value += breaks;
    wasBlank = startsBlank;
    const piece = at;
    while (at < text.length && !isBreak(text.charCodeAt(at))) {
      at++;
    }
    value += text.slice(piece, at);
    leadingBreak = at < text.length ? breakText(text, at) : '';
    at = at < text.length ? behindBreak(text, at) : at;
    lineStart = at;
    readBreaks();
    end = lineStart;
  }
  value += header.chomping === -1 ? '' : leadingBreak;
  value += header.chomping === 1 ? breaks : '';
  return { text: value, end: Math.max(end, header.end), next: at, hasBreak: true, lineStart };
}

function readHeader(text: string, start: number): { readonly chomping: -1 | 0 | 1; readonly increment: number; readonly end: number } {
  let at = start + 1;
  let chomping: -1 | 0 | 1 = 0;
  let increment = 0;
  for (let part = 0; part < 2; part++) {
    const code = text.charCodeAt(at);
    if (chomping === 0 && (code === codes.plus || code === codes.minus)) {
      chomping = code === codes.plus ? 1 : -1;
      at++;
    } else if (increment === 0 && code >= codes.zero && code <= codes.zero + 9) {
      increment = code - codes.zero;
      if (increment === 0) {
        throw new YamlError('found an indentation indicator equal to 0', at);
      }
      at++;
    }
  }
  while (isBlank(text.charCodeAt(at))) {
    at++;
  }
  if (text.charCodeAt(at) === codes.hash) {
    while (at < text.length && !isBreak(text.charCodeAt(at))) {
      at++;
    }
  }
  if (at < text.length && !isBreak(text.charCodeAt(at))) {
    throw new YamlError('did not find expected comment or line break', at);
  }
  return { chomping, increment, end: at < text.length ? behindBreak(text, at) : at };
}
