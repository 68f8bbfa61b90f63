import type { Node, Pair } from './nodes';
import { deepest, YamlError } from './tokens';

/** The nodes of a text that is known to be JSON. @throws YamlError when it nests too deep, or a number is too large */
export function parseJsonNodes(text: string): Node {
  return readValue(text, skipBlanks(text, text.charCodeAt(0) === 0xfeff ? 1 : 0), 0);
}

const literal = /[^\s,\]}]+/y;
const quoted = /"(?:[^"\\]|\\.)*"/y;
const blanks = /\s*/y;

function readValue(text: string, start: number, depth: number): Node {
  const first = text[start];
  if (first !== '{' && first !== '[') {
    const isText = first === '"';
    const end = endOf(isText ? quoted : literal, text, start);
    const written = text.slice(start, end);
    if (!isText && /^-?\d/.test(written) && !Number.isFinite(Number(written))) {
      throw new YamlError(`json: cannot unmarshal number ${written} into Go value of type float64`, start);
    }
    return { node: 'scalar', style: isText ? 'double' : 'plain', text: isText ? JSON.parse(written) as string : written, start, end };
  }
  if (depth >= deepest) {
    throw new YamlError('exceeded max depth', start);
  }
  const close = first === '{' ? '}' : ']';
  const items: Node[] = [];
  const pairs: Pair[] = [];
  let at = skipBlanks(text, start + 1);
  while (text[at] !== close && at < text.length) {
    const item = readValue(text, at, depth + 1);
    at = skipBlanks(text, item.end);
    if (first === '{') {
      const value = readValue(text, skipBlanks(text, at + 1), depth + 1);
      pairs.push({ key: item, value });
      at = skipBlanks(text, value.end);
    } else {
      items.push(item);
    }
    at = text[at] === ',' ? skipBlanks(text, at + 1) : at;
  }
  const end = at + 1;
  return first === '{' ? { node: 'map', isFlow: true, items: pairs, start, end } : { node: 'seq', isFlow: true, items, start, end };
}

function skipBlanks(text: string, at: number): number {
  return endOf(blanks, text, at);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : text.length;
}
