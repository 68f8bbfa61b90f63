/** What Go's YAML scanner sees differently from the parser used here; found by walking over the tokens of a text. */
export interface ScannerFindings {
  /** Offset of a tab where the scanner wants a token: at the beginning of a line or after `-`, outside of flow collections. */
  readonly tab: number | undefined;
  /** Offsets of lines within quoted texts and flow collections: to Go their indentation means nothing. */
  readonly continuations: readonly number[];
}

/** Walks over a text once. Plain scalars and block texts are skipped; what is broken is left to the parser. */
export function scanAsGo(text: string): ScannerFindings {
  const continuations: number[] = [];
  let tab: number | undefined;
  let at = 0;
  let flowDepth = 0;
  /** Column of the line's first character that is no blank, `-` or `?`: what a block text below it must be indented more than. */
  let indent = 0;
  let mayIndent = true;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '\n') {
      at++;
      mayIndent = true;
      if (flowDepth > 0) {
        continuations.push(at);
      } else {
        indent = /^ */.exec(text.slice(at, at + 1000))?.[0].length ?? 0;
      }
    } else if (char === '\t' && mayIndent && flowDepth === 0) {
      tab ??= at;
      at++;
    } else if (char === ' ' || char === '\t' || char === '\r') {
      at++;
    } else if (char === '#') {
      at = endOfLine(text, at);
    } else if ((char === '-' || char === '?') && flowDepth === 0 && isBlank(text[at + 1])) {
      at++;
      mayIndent = true;
    } else if (char === '"' || char === "'") {
      const end = endOfQuoted(text, at);
      for (let line = text.indexOf('\n', at); line >= 0 && line < end; line = text.indexOf('\n', line + 1)) {
        continuations.push(line + 1);
      }
      at = end;
      mayIndent = false;
    } else if (char === '[' || char === '{') {
      flowDepth++;
      at++;
      mayIndent = false;
    } else if (char === ']' || char === '}') {
      flowDepth = Math.max(0, flowDepth - 1);
      at++;
    } else if ((char === '|' || char === '>') && flowDepth === 0) {
      at = endOfBlockText(text, endOfLine(text, at), indent);
      mayIndent = true;
    } else if (char === ',' || char === ':' || char === '&' || char === '*' || char === '!') {
      at = char === ',' || char === ':' ? at + 1 : endOfWord(text, at);
      mayIndent = false;
    } else {
      at = endOfPlain(text, at, flowDepth > 0);
      mayIndent = false;
    }
  }
  return { tab, continuations };
}

function isBlank(char: string | undefined): boolean {
  return char === undefined || char === ' ' || char === '\t' || char === '\n' || char === '\r';
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function endOfWord(text: string, at: number): number {
  while (at < text.length && !isBlank(text[at]) && !',[]{}'.includes(text[at] ?? '')) {
    at++;
  }
  return at;
}

function endOfQuoted(text: string, start: number): number {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\' && quote === '"') {
      at++;
    } else if (text[at] === quote) {
      if (quote === "'" && text[at + 1] === "'") {
        at++;
      } else {
        return at + 1;
      }
    }
  }
  return text.length;
}

/** A plain scalar on one line: up to `: `, ` #` or, in flow collections, an indicator. */
function endOfPlain(text: string, at: number, inFlow: boolean): number {
  for (; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '\n' || (char === ':' && (isBlank(text[at + 1]) || (inFlow && ',[]{}'.includes(text[at + 1] ?? '')))) || (inFlow && ',[]{}'.includes(char)) || (char === '#' && isBlank(text[at - 1]))) {
      return at;
    }
  }
  return at;
}

/** The lines below a header that are empty or indented more than the line with the header. */
function endOfBlockText(text: string, header: number, indent: number): number {
  let at = header;
  while (at < text.length) {
    const line = text.slice(at + 1, endOfLine(text, at + 1));
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    if (spaces <= indent && line.trim() !== '') {
      return at;
    }
    at = endOfLine(text, at + 1);
    if (at >= text.length) {
      break;
    }
  }
  return at;
}
