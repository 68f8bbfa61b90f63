import type { Path } from '../../domain/values';
import { flowCursor } from './flow';
import type { BlockCursor, Cursor } from './place';
import { readAround } from './place';

/** An open level of the structure above the cursor. */
interface Level {
  readonly column: number;
  readonly step: string | number;
  /** The key has a scalar on its own line, so nothing can be below it. */
  readonly isScalar: boolean;
}

interface Block {
  readonly column: number;
  readonly path: Path;
  readonly start: number;
}

/** `undefined` in comments and where nothing can be completed. */
export function cursorAt(text: string, offset: number): Cursor | BlockCursor | undefined {
  const levels: Level[] = [];
  let block: Block | undefined;
  let flow: { start: number; path: Path } | undefined;
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  for (let at = 0; at < lineStart;) {
    const end = text.indexOf('\n', at);
    const line = text.slice(at, end).replace(/\r$/, '');
    if (flow) {
      flow = isClosed(text.slice(flow.start, end)) ? undefined : flow;
    } else if (!(block && isInside(line, block.column)) && !/^\s*(?:#|---|$)/.test(line)) {
      const opened = openLine(line, at, levels);
      block = opened.block;
      flow = opened.flow !== undefined && !isClosed(text.slice(opened.flow, end)) ? { start: opened.flow, path: pathOf(levels) } : undefined;
    }
    at = end + 1;
  }
  const lineEnd = endOfLine(text, offset);
  const line = text.slice(lineStart, lineEnd);
  if (flow) {
    return flowCursor(text, flow.start, offset, flow.path);
  }
  if (block && (isInside(line, block.column) || (line.trim() === '' && offset - lineStart > block.column))) {
    return blockCursor(text, block, offset);
  }
  return lineCursor(text, { lineStart, lineEnd, offset, levels });
}

const keyPattern = /^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s#:{}[\]"'|>&*!-][^:#]*?|-[^\s:][^:#]*?)[ \t]*:(?=[ \t]|$)/;

/** Follows one finished line; `levels` ends as it is below that line. */
function openLine(line: string, lineStart: number, levels: Level[]): { block?: Block; flow?: number } {
  let column = openItems(line, indentOf(line), levels);
  const match = keyPattern.exec(line.slice(column));
  let rest = line.slice(column);
  if (match) {
    rest = line.slice(column + match[0].length);
    popTo(levels, column);
    const value = rest.trim().replace(/^[&!]\S+\s*/, '');
    levels.push({ column, step: unquoted(match[1] ?? ''), isScalar: value !== '' && !value.startsWith('#') });
    column += match[0].length;
  }
  const value = rest.trimStart().replace(/^[&!]\S+\s*/, '');
  const valueStart = lineStart + line.length - value.length;
  if (/^[|>][-+\d]*\s*(?:#.*)?$/.test(value)) {
    return { block: { column: levels.at(-1)?.column ?? -1, path: pathOf(levels), start: lineStart + line.length + 1 } };
  }
  return value.startsWith('{') || value.startsWith('[') ? { flow: valueStart } : {};
}

/** Opens the list items that a line begins with; the column behind the last dash. */
function openItems(line: string, from: number, levels: Level[]): number {
  let column = from;
  while (/^-(?:[ \t]|$)/.test(line.slice(column))) {
    while ((levels.at(-1)?.column ?? -1) > column) {
      levels.pop();
    }
    const previous = levels.at(-1);
    const isNext = previous?.column === column && typeof previous.step === 'number';
    if (isNext) {
      levels.pop();
    }
    levels.push({ column, step: isNext ? Number(previous.step) + 1 : 0, isScalar: false });
    column += /^-[ \t]*/.exec(line.slice(column))?.[0].length ?? 1;
  }
  return column;
}

interface Line {
  readonly lineStart: number;
  readonly lineEnd: number;
  readonly offset: number;
  readonly levels: Level[];
}

function lineCursor(text: string, { lineStart, lineEnd, offset, levels }: Line): Cursor | undefined {
  const line = text.slice(lineStart, lineEnd);
  const before = text.slice(lineStart, offset);
  if (/^\s*#|\s#/.test(before) || /^---/.test(before)) {
    return undefined;
  }
  const start = openItems(before, Math.min(indentOf(before), before.length), levels);
  const typed = before.slice(start);
  const key = keyPattern.exec(typed);
  if (key || /^\s*[{[]/.test(typed)) {
    return behindKey(text, { line, lineStart, lineEnd, offset, start, levels, typed, key: key?.[0], name: unquoted(key?.[1] ?? '') });
  }
  popTo(levels, start);
  while (levels.at(-1)?.isScalar) {
    levels.pop();
  }
  const word = /^[^\s:#]*/.exec(line.slice(start))?.[0] ?? '';
  const range = { start: lineStart + start, end: Math.max(offset, lineStart + start + word.length) };
  const hasColon = /^[ \t]*:/.test(text.slice(range.end, lineEnd));
  const cut = { start: range.start, end: lineEnd };
  return { role: 'key', path: pathOf(levels), prefix: typed, range, column: start, style: 'block', hasColon, needsBlank: false, value: readAround(text, hasColon ? { start: cut.start, end: cut.start } : cut) };
}

interface Behind extends Line {
  readonly line: string;
  readonly start: number;
  readonly typed: string;
  readonly key: string | undefined;
  readonly name: string;
}

function behindKey(text: string, { lineStart, lineEnd, offset, start, levels, typed, key = '', name }: Behind): Cursor | undefined {
  popTo(levels, start);
  const path = key === '' ? pathOf(levels) : [...pathOf(levels), name];
  const rest = typed.slice(key.length);
  const valueStart = offset - rest.trimStart().length;
  if (/^[{[]/.test(rest.trimStart())) {
    return flowCursor(text, valueStart, offset, path);
  }
  const comment = /\s#/.exec(text.slice(valueStart, lineEnd))?.index;
  const end = valueStart + text.slice(valueStart, comment === undefined ? lineEnd : valueStart + comment).trimEnd().length;
  const range = { start: valueStart, end: Math.max(offset, end) };
  return { role: 'value', path, prefix: rest.trimStart(), range, column: start, style: 'block', hasColon: true, needsBlank: rest === '', value: readAround(text, { start: lineStart + start + key.length, end: lineEnd }) };
}

function blockCursor(text: string, { path, start, column }: Block, offset: number): BlockCursor {
  const lines = text.slice(start).split('\n');
  const first = lines.find((line) => line.trim() !== '');
  const written = first === undefined ? 0 : indentOf(first);
  const current = indentOf(text.slice(text.lastIndexOf('\n', offset - 1) + 1, endOfLine(text, offset)));
  const indent = written > column ? written : Math.max(current, column + 1);
  const kept: string[] = [];
  for (const line of lines) {
    if (line.trim() !== '' && indentOf(line) < indent && kept.length > 0 && indentOf(line) <= column) {
      break;
    }
    kept.push(line.slice(Math.min(indent, indentOf(line))));
  }
  const before = text.slice(start, offset).split('\n');
  const inner = before.map((line) => line.slice(Math.min(indent, indentOf(line)))).join('\n').length;
  return { role: 'block', path, text: kept.join('\n'), offset: inner, indent, start };
}

function isInside(line: string, column: number): boolean {
  return line.trim() !== '' && indentOf(line) > column;
}

/** Closes what a key at this column ends. */
function popTo(levels: Level[], column: number): void {
  while ((levels.at(-1)?.column ?? -1) >= column) {
    levels.pop();
  }
}

function pathOf(levels: readonly Level[]): Path {
  return levels.map(({ step }) => step);
}

function isClosed(flow: string): boolean {
  let depth = 0;
  for (const [char] of flow.matchAll(/"(?:[^"\\]|\\.)*"|'[^']*'|[{}[\]]/g)) {
    depth += char === '{' || char === '[' ? 1 : char === '}' || char === ']' ? -1 : 0;
    if (depth === 0 && (char === '}' || char === ']')) {
      return true;
    }
  }
  return false;
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : text[end - 1] === '\r' ? end - 1 : end;
}

function unquoted(key: string): string {
  return /^["']/.test(key) ? key.slice(1, -1) : key.trim();
}
