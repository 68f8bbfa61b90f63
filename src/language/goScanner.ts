/** What Go's YAML scanner sees differently from the parser used here; found by walking over the tokens of a text. */
export interface ScannerFindings {
  /** Offset of a tab where the scanner wants something else: at the beginning of a line, after `-`, or in the indentation of a block text; outside of flow collections. */
  readonly tab: number | undefined;
  /** Offsets of lines within quoted texts and flow collections: to Go their indentation means nothing. */
  readonly continuations: readonly number[];
  /** Offset of the bracket that nests deeper than {@link deepestFlow}. */
  readonly tooDeep: number | undefined;
}

/** Brackets within brackets; no kind has fields that deep, and a parser that calls itself must stop somewhere. */
export const deepestFlow = 500;

/** Walks over a text once. Plain scalars and block texts are skipped; what is broken is left to the parser. */
export function scanAsGo(text: string): ScannerFindings {
  const continuations: number[] = [];
  let tab: number | undefined;
  let at = 0;
  let flowDepth = 0;
  let tooDeep: number | undefined;
  let lineStart = 0;
  let mayIndent = true;
  /** A plain scalar may go on in the next line, and then a tab there is one of its blanks. */
  let isPlain = false;
  while (at < text.length) {
    const char = text[at] ?? '';
    if (char === '\n') {
      at++;
      mayIndent = !isPlain;
      lineStart = at;
      if (flowDepth > 0) {
        continuations.push(at);
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
      isPlain = false;
    } else if (char === '"' || char === "'") {
      const end = endOfQuoted(text, at);
      for (let line = text.indexOf('\n', at); line >= 0 && line < end; line = text.indexOf('\n', line + 1)) {
        continuations.push(line + 1);
      }
      at = end;
      mayIndent = false;
      isPlain = false;
    } else if (char === '[' || char === '{') {
      flowDepth++;
      if (flowDepth > deepestFlow) {
        tooDeep = at;
        break;
      }
      at++;
      mayIndent = false;
    } else if (char === ']' || char === '}') {
      flowDepth = Math.max(0, flowDepth - 1);
      at++;
    } else if ((char === '|' || char === '>') && flowDepth === 0) {
      const block = scanBlockText(text, at, indentOfParent(text.slice(lineStart, at)));
      tab ??= block.tab;
      at = block.end;
      isPlain = false;
    } else if (char === ',' || char === ':' || char === '&' || char === '*' || char === '!') {
      at = char === ',' || char === ':' ? at + 1 : endOfWord(text, at);
      mayIndent = false;
      isPlain = false;
    } else {
      at = endOfPlain(text, at, flowDepth > 0);
      mayIndent = false;
      isPlain = flowDepth === 0;
    }
  }
  return { tab, continuations, tooDeep };
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

/** The column of what holds a block text: of the key before its header, or of the `-`; -1 for none. `before` is the line up to the header. */
function indentOfParent(before: string): number {
  const indicators = /^ *(?:[-?][ \t]+)*/.exec(before)?.[0] ?? '';
  return before.length > indicators.length ? indicators.length : Math.max(indicators.lastIndexOf('-'), indicators.lastIndexOf('?'));
}

/**
 * The lines below a header that are empty or indented more than `parent`; ends at the line feed before the first that is not.
 * A tab among the blanks that indent it is refused, and so is one before the indentation is known.
 */
function scanBlockText(text: string, header: number, parent: number): { readonly end: number; readonly tab: number | undefined } {
  const start = endOfLine(text, header);
  const given = /[1-9]/.exec(text.slice(header, Math.min(start, header + 3)))?.[0];
  let indent = given === undefined ? undefined : Math.max(parent, 0) + Number(given);
  let tab: number | undefined;
  let at = start;
  while (at < text.length) {
    let first = at + 1;
    while (text[first] === ' ') {
      first++;
    }
    const spaces = first - at - 1;
    const isEmpty = first >= text.length || text[first] === '\n' || text[first] === '\r';
    if (text[first] === '\t' && (indent === undefined || spaces < indent)) {
      tab ??= first;
    } else if (!isEmpty && spaces <= parent) {
      return { end: at, tab };
    } else if (!isEmpty) {
      indent ??= spaces;
    }
    at = endOfLine(text, first);
  }
  return { end: at, tab };
}
