import { behindBreak, codes, isBreak, isGap, isNameCode } from './characters';
import { isDocumentMark, scanBlock, scanPlain, scanQuoted, type Scanned } from './scalars';
import { deepest, YamlError, type Dialect, type Token, type TokenKind } from './tokens';

/** A scalar, alias or collection that may turn out to be a key once a colon follows. */
interface PossibleKey {
  /** Index of its first token. */
  readonly token: number;
  readonly at: number;
  readonly column: number;
  readonly line: number;
  /** Nothing else can stand here. */
  readonly isRequired: boolean;
}

/** A key without `?` ends on its line and within so many characters. */
const longestKey = 1024;

/** Cuts a text into tokens, as libyaml does. Of a text that is no YAML `tokens` holds what came before the place of the thrown {@link YamlError}. */
export class Scanner {
  readonly tokens: Token[] = [];
  readonly #text: string;
  readonly #dialect: Dialect;
  #at = 0;
  #lineStart = 0;
  #line = 0;
  /** The column of the block collection around; -1 at the top. */
  #indent = -1;
  readonly #indents: number[] = [];
  #flowDepth = 0;
  /** For each depth of brackets, the outermost first. */
  readonly #keys: (PossibleKey | undefined)[] = [undefined];
  #mayBeKey = true;

  constructor(text: string, dialect: Dialect) {
    this.#text = text;
    this.#dialect = dialect;
    this.#at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    this.#lineStart = this.#at;
  }

  /** @throws YamlError */
  scan(): void {
    while (this.#next()) {
      // Every round adds tokens.
    }
  }

  get #column(): number {
    return this.#at - this.#lineStart;
  }

  /** `false` at the end. */
  #next(): boolean {
    this.#skipToToken();
    this.#dropStaleKey();
    this.#unroll(this.#column);
    const text = this.#text;
    const at = this.#at;
    const code = text.charCodeAt(at);
    if (Number.isNaN(code)) {
      this.#unroll(-1);
      this.#dropKey();
      this.#push('streamEnd', at, at);
      return false;
    }
    if (at === this.#lineStart && (code === codes.percent || isDocumentMark(text, at))) {
      this.#unroll(-1);
      this.#dropKey();
      this.#mayBeKey = false;
      return code === codes.percent ? this.#directive() : this.#simple(code === codes.minus ? 'documentStart' : 'documentEnd', 3);
    }
    const follows = text.charCodeAt(at + 1);
    const inFlow = this.#flowDepth > 0;
    switch (code) {
      case codes.openBracket:
      case codes.openBrace:
        this.#saveKey();
        this.#keys.push(undefined);
        this.#flowDepth++;
        if (this.#flowDepth > deepest) {
          throw new YamlError('exceeded max depth', at);
        }
        this.#mayBeKey = true;
        return this.#simple(code === codes.openBracket ? '[' : '{', 1);
      case codes.closeBracket:
      case codes.closeBrace:
        this.#dropKey();
        if (inFlow) {
          this.#flowDepth--;
          this.#keys.pop();
        }
        this.#mayBeKey = false;
        return this.#simple(code === codes.closeBracket ? ']' : '}', 1);
      case codes.comma:
        this.#dropKey();
        this.#mayBeKey = true;
        return this.#simple(',', 1);
      case codes.minus:
        if (isGap(follows)) {
          return this.#blockEntry();
        }
        return this.#plain();
      case codes.question:
        if (inFlow || isGap(follows)) {
          return this.#explicitKey();
        }
        return this.#plain();
      case codes.colon:
        if (inFlow || isGap(follows)) {
          return this.#value();
        }
        return this.#plain();
      case codes.star:
      case codes.ampersand:
        return this.#anchor(code === codes.star ? 'alias' : 'anchor');
      case codes.exclamation:
        return this.#tag();
      case codes.pipe:
      case codes.greater:
        if (inFlow) {
          break;
        }
        this.#dropKey();
        this.#mayBeKey = true;
        return this.#scalar(code === codes.pipe ? 'literal' : 'folded', scanBlock(text, at, this.#indent));
      case codes.singleQuote:
      case codes.doubleQuote:
        this.#saveKey();
        this.#mayBeKey = false;
        return this.#scalar(code === codes.singleQuote ? 'single' : 'double', scanQuoted(text, at, this.#lineStart, this.#dialect));
      case codes.hash:
      case codes.percent:
      case codes.at:
      case codes.backquote:
        break;
      default:
        if (!isGap(code)) {
          return this.#plain();
        }
    }
    throw new YamlError('found character that cannot start any token', at);
  }

  /** Blanks, comments and line breaks. A tab is a blank only where it cannot be taken for indentation. */
  #skipToToken(): void {
    const text = this.#text;
    for (;;) {
      let code = text.charCodeAt(this.#at);
      while (code === codes.space || (code === codes.tab && (this.#flowDepth > 0 || !this.#mayBeKey))) {
        code = text.charCodeAt(++this.#at);
      }
      if (code === codes.hash) {
        while (this.#at < text.length && !isBreak(code)) {
          code = text.charCodeAt(++this.#at);
        }
      }
      if (!isBreak(code)) {
        return;
      }
      this.#at = behindBreak(text, this.#at);
      this.#lineStart = this.#at;
      this.#line++;
      if (this.#flowDepth === 0) {
        this.#mayBeKey = true;
      }
    }
  }

  #push(kind: TokenKind, start: number, end: number, text = ''): void {
    this.tokens.push({ kind, start, end, text });
  }

  #simple(kind: TokenKind, length: number): true {
    this.#push(kind, this.#at, this.#at + length);
    this.#at += length;
    return true;
  }

  #saveKey(): void {
    const isRequired = this.#flowDepth === 0 && this.#indent === this.#column;
    if (this.#mayBeKey) {
      this.#dropKey();
      this.#keys[this.#keys.length - 1] = { token: this.tokens.length, at: this.#at, column: this.#column, line: this.#line, isRequired };
    }
  }

  #dropKey(): void {
    const key = this.#keys.at(-1);
    if (key?.isRequired) {
      throw new YamlError("could not find expected ':'", this.#at);
    }
    this.#keys[this.#keys.length - 1] = undefined;
  }

  /** Keys on earlier lines can no longer become one. */
  #dropStaleKey(): void {
    for (let depth = this.#keys.length - 1; depth >= 0; depth--) {
      const key = this.#keys[depth];
      if (key && (key.line < this.#line || key.at + longestKey < this.#at)) {
        if (key.isRequired) {
          throw new YamlError("could not find expected ':'", this.#at);
        }
        this.#keys[depth] = undefined;
      }
    }
  }

  /** A block collection begins where something stands further to the right. */
  #roll(column: number, kind: 'blockMap' | 'blockSeq', at: number, index = this.tokens.length): void {
    if (this.#flowDepth === 0 && this.#indent < column) {
      this.#indents.push(this.#indent);
      this.#indent = column;
      this.tokens.splice(index, 0, { kind, start: at, end: at, text: '' });
    }
  }

  #unroll(column: number): void {
    while (this.#flowDepth === 0 && this.#indent > column) {
      this.#push('blockEnd', this.#at, this.#at);
      this.#indent = this.#indents.pop() ?? -1;
    }
  }

  #blockEntry(): true {
    if (this.#flowDepth === 0) {
      if (!this.#mayBeKey) {
        throw new YamlError('block sequence entries are not allowed in this context', this.#at);
      }
      this.#roll(this.#column, 'blockSeq', this.#at);
    }
    this.#dropKey();
    this.#mayBeKey = true;
    return this.#simple('-', 1);
  }

  #explicitKey(): true {
    if (this.#flowDepth === 0) {
      if (!this.#mayBeKey) {
        throw new YamlError('mapping keys are not allowed in this context', this.#at);
      }
      this.#roll(this.#column, 'blockMap', this.#at);
    }
    this.#dropKey();
    this.#mayBeKey = this.#flowDepth === 0;
    return this.#simple('key', 1);
  }

  #value(): true {
    const key = this.#keys.at(-1);
    if (key) {
      this.tokens.splice(key.token, 0, { kind: 'key', start: key.at, end: key.at, text: '' });
      this.#roll(key.column, 'blockMap', key.at, key.token);
      this.#keys[this.#keys.length - 1] = undefined;
      this.#mayBeKey = false;
    } else {
      if (this.#flowDepth === 0) {
        if (!this.#mayBeKey) {
          throw new YamlError('mapping values are not allowed in this context', this.#at);
        }
        this.#roll(this.#column, 'blockMap', this.#at);
      }
      this.#mayBeKey = this.#flowDepth === 0;
    }
    return this.#simple('value', 1);
  }

  #plain(): true {
    this.#saveKey();
    this.#mayBeKey = false;
    const scanned = scanPlain(this.#text, this.#at, this.#lineStart, this.#indent + 1, this.#flowDepth > 0, this.#dialect);
    this.#scalar('plain', scanned);
    if (scanned.hasBreak) {
      this.#mayBeKey = true;
    }
    return true;
  }

  #scalar(kind: TokenKind, { text, end, next, lineStart }: Scanned): true {
    this.#push(kind, this.#at, end, text);
    if (lineStart !== this.#lineStart) {
      this.#lineStart = lineStart;
      this.#line++;
    }
    this.#at = next;
    return true;
  }

  #anchor(kind: 'alias' | 'anchor'): true {
    this.#saveKey();
    this.#mayBeKey = false;
    const start = this.#at;
    let at = start + 1;
    while (isNameCode(this.#text.charCodeAt(at))) {
      at++;
    }
    if (at === start + 1 || !(isGap(this.#text.charCodeAt(at)) || '?:,]}%@`'.includes(this.#text[at] ?? ''))) {
      throw new YamlError('did not find expected alphabetic or numeric character', at);
    }
    this.#push(kind, start, at, this.#text.slice(start + 1, at));
    this.#at = at;
    return true;
  }

  #tag(): true {
    this.#saveKey();
    this.#mayBeKey = false;
    const start = this.#at;
    const isVerbatim = this.#text[start + 1] === '<';
    const word = isVerbatim ? verbatimTag : shorthandTag;
    word.lastIndex = start;
    const match = word.exec(this.#text);
    if (!match) {
      throw new YamlError('did not find expected tag URI', start);
    }
    this.#at = word.lastIndex;
    if (!isGap(this.#text.charCodeAt(this.#at))) {
      throw new YamlError('did not find expected whitespace or line break', this.#at);
    }
    this.#push('tag', start, this.#at, match[0]);
    return true;
  }

  #directive(): true {
    const start = this.#at;
    let end = start;
    while (end < this.#text.length && !isBreak(this.#text.charCodeAt(end))) {
      end++;
    }
    const text = this.#text.slice(start, end);
    if (!directive.test(text)) {
      throw new YamlError('found unknown directive name', start);
    }
    this.#push('directive', start, end, text);
    this.#at = end;
    return true;
  }
}

/** Nothing but a version or a tag, wherever in a file; which version is the parser's business. */
const directive = /^%(?:YAML[ \t]+\d+\.\d+|TAG[ \t]+!(?:[\w-]*!)?[ \t]+[^ \t]+)[ \t]*(?:#.*)?$/;

const uri = "(?:[\\w\\-;/?:@&=+$,.!~*'()[\\]]|%[0-9a-fA-F]{2})";
const verbatimTag = new RegExp(`!<${uri}+>`, 'y');
/** `!`, `!name`, `!!name`, `!handle!name`; a handle needs a name. */
const shorthandTag = new RegExp(`!(?:[\\w-]*!${uri}+|(?![\\w-]*!)${uri}*)`, 'y');

