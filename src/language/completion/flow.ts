import type { Path } from '../../domain/values';
import type { Cursor } from './place';
import { readAround } from './place';

interface Frame {
  readonly type: '{' | '[';
  key: string | undefined;
  index: number;
}

/** The place inside `{…}` or `[…]` that begins at `start` and stands at `path`; a whole document of it is JSON. */
export function flowCursor(text: string, start: number, offset: number, path: Path): Cursor | undefined {
  const frames: Frame[] = [];
  let token = start;
  for (let at = start; at < offset; at++) {
    const char = text[at] ?? '';
    const frame = frames.at(-1);
    if (char === '"' || char === "'") {
      const end = closingQuote(text, at, offset);
      if (end === undefined) {
        break;
      }
      at = end;
    } else if (char === '{' || char === '[') {
      frames.push({ type: char, key: undefined, index: 0 });
      token = at + 1;
    } else if (char === '}' || char === ']') {
      frames.pop();
      token = at + 1;
    } else if (char === ',' && frame) {
      frame.key = undefined;
      frame.index++;
      token = at + 1;
    } else if (char === ':' && frame?.type === '{' && /[\s"']/.test(`${text[at + 1] ?? ' '}${text[at - 1] ?? ''}`)) {
      frame.key = text.slice(token, at).trim().replace(/^["']|["']$/g, '');
      token = at + 1;
    }
  }
  const frame = frames.at(-1);
  if (!frame) {
    return undefined;
  }
  const written = text.slice(token, offset);
  const from = token + written.length - written.trimStart().length;
  const rest = /^(?:[\w./-]*["']?)/.exec(text.slice(offset))?.[0].length ?? 0;
  const range = { start: from, end: offset + rest };
  const steps = frames.slice(0, -1).map(({ type, key, index }) => (type === '{' ? key ?? '' : index));
  const isKey = frame.type === '{' && frame.key === undefined;
  const here = isKey ? [] : [frame.type === '{' ? frame.key ?? '' : frame.index];
  return {
    role: isKey ? 'key' : 'value', path: [...path, ...steps, ...here], prefix: written.trimStart(), range,
    column: from - (text.lastIndexOf('\n', from - 1) + 1), style: path.length === 0 && /^\s*\{/.test(text) ? 'json' : 'flow',
    hasColon: isKey && /^\s*:/.test(text.slice(range.end)), needsBlank: !isKey && frame.type === '{' && written === '', value: readAround(text, range),
  };
}

function closingQuote(text: string, from: number, limit: number): number | undefined {
  for (let at = from + 1; at < limit; at++) {
    if (text[at] === '\\' && text[from] === '"') {
      at++;
    } else if (text[at] === text[from]) {
      return at;
    }
  }
  return undefined;
}
