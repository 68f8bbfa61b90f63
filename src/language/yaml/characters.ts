/** Character codes that the scanner asks for. */
export const codes = {
  tab: 9, lineFeed: 10, return: 13, space: 32, exclamation: 33, doubleQuote: 34, hash: 35, percent: 37, ampersand: 38, singleQuote: 39, star: 42, plus: 43,
  comma: 44, minus: 45, dot: 46, slash: 47, zero: 48, colon: 58, less: 60, greater: 62, question: 63, at: 64, openBracket: 91, backslash: 92, closeBracket: 93,
  backquote: 96, openBrace: 123, pipe: 124, closeBrace: 125, nextLine: 0x85, lineSeparator: 0x2028, paragraphSeparator: 0x2029,
} as const;

/** A line ends here: YAML 1.1 knows five ways. */
export function isBreak(code: number): boolean {
  return code === codes.lineFeed || code === codes.return || code === codes.nextLine || code === codes.lineSeparator || code === codes.paragraphSeparator;
}

export function isBlank(code: number): boolean {
  return code === codes.space || code === codes.tab;
}

/** Whether nothing of a word is here: a blank, the end of a line or, as `NaN`, of the text. */
export function isGap(code: number): boolean {
  return code === codes.space || code === codes.lineFeed || code === codes.tab || code === codes.return || Number.isNaN(code)
    || code === codes.nextLine || code === codes.lineSeparator || code === codes.paragraphSeparator;
}

/** Letters, digits, `_` and `-`: what names of anchors consist of. */
export function isNameCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code === 95 || code === codes.minus;
}

/** The place behind the break at `at`; CR LF is one. */
export function behindBreak(text: string, at: number): number {
  return text.charCodeAt(at) === codes.return && text.charCodeAt(at + 1) === codes.lineFeed ? at + 2 : at + 1;
}

/** What the break at `at` becomes in a scalar. */
export function breakText(text: string, at: number): string {
  const code = text.charCodeAt(at);
  return code === codes.lineSeparator || code === codes.paragraphSeparator ? String.fromCharCode(code) : '\n';
}
