const token = /\s*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|(?:true|false|null)(?!\w))/uy;

const blank = /\s*/y;

/** Where a text stops being JSON, as an offset: the engine's own message names no place for short texts. */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: 'value' | 'firstItem' | 'firstKey' | 'key' | 'colon' | 'next' | 'end' = 'value';
  token.lastIndex = 0;
  for (let at = 0; ; at = token.lastIndex) {
    blank.lastIndex = at;
    const start = at + (blank.exec(text)?.[0].length ?? 0);
    const match = token.exec(text);
    if (!match) {
      return start;
    }
    const [, mark, string] = match;
    const isValue = mark === undefined;
    if ((expected === 'value' || expected === 'firstItem') && (isValue || mark === '{' || mark === '[')) {
      if (mark === '{' || mark === '[') {
        open.push(mark);
        expected = mark === '{' ? 'firstKey' : 'firstItem';
      } else {
        expected = open.length > 0 ? 'next' : 'end';
      }
    } else if ((expected === 'key' || expected === 'firstKey') && string !== undefined) {
      expected = 'colon';
    } else if (expected === 'colon' && mark === ':') {
      expected = 'value';
    } else if (expected === 'next' && mark === ',') {
      expected = open.at(-1) === '{' ? 'key' : 'value';
    } else if ((expected === 'next' || expected === 'firstKey' || expected === 'firstItem') && mark === (open.at(-1) === '{' ? '}' : ']')) {
      open.pop();
      expected = open.length > 0 ? 'next' : 'end';
    } else {
      return start;
    }
  }
}
