import { t } from '@vscode/l10n';

/** What happened `atS` seconds after the beginning: output, input, a marker with its label, a new size as `80x24`. */
export type CastEvent = readonly [atS: number, kind: 'o' | 'i' | 'm' | 'r', data: string];

/** A recording of a terminal; asciicast version 2, docs.asciinema.org. */
export interface Cast {
  readonly columns: number;
  readonly rows: number;
  readonly title?: string;
  /** In the order of their times. */
  readonly events: readonly CastEvent[];
}

export interface CastHeader {
  readonly columns: number;
  readonly rows: number;
  /** Epoch. */
  readonly startMs: number;
  readonly title: string;
}

/** The first line of a file, with its end. */
export function castHeader({ columns, rows, startMs, title }: CastHeader): string {
  return `${JSON.stringify({ version: 2, width: columns, height: rows, timestamp: Math.floor(startMs / 1000), title, env: { TERM: 'xterm-256color' } })}\n`;
}

/** A further line, with its end. Times are kept to the microsecond. */
export function castLine([atS, kind, data]: CastEvent): string {
  return `[${atS.toFixed(6)}, "${kind}", ${JSON.stringify(data)}]\n`;
}

/** Reads a file. A last line that was never finished is left out, as are kinds that are not known. Gives a sentence when it is no recording. */
export function parseCast(text: string): Cast | { readonly problem: string } {
  const [first = '', ...lines] = text.split('\n');
  const header = parsed(first);
  if (!isFields(header) || typeof header['version'] !== 'number') {
    return { problem: t('This is not a recording: its first line is no header of asciicast.') };
  }
  if (header['version'] !== 2) {
    return { problem: t('This recording has version {0} of asciicast. Version 2 can be played.', header['version']) };
  }
  const { width, height, title } = header;
  if (!isSize(width) || !isSize(height)) {
    return { problem: t('The header of this recording lacks the size of the terminal.') };
  }
  const events: CastEvent[] = [];
  for (const [index, line] of lines.entries()) {
    const event = line.trim() === '' ? undefined : parsed(line);
    if (Array.isArray(event) && isEvent(event)) {
      events.push(event);
    } else if (line.trim() !== '' && !Array.isArray(event) && index < lines.length - 1) {
      return { problem: t('Line {0} of this recording cannot be read.', index + 2) };
    }
  }
  return { columns: width, rows: height, ...(typeof title === 'string' && { title }), events: events.sort(([a], [b]) => a - b) };
}

/** Seconds from the beginning to the last event. */
export function durationOf({ events }: Cast): number {
  return events.at(-1)?.[0] ?? 0;
}

/** The size that an event of kind `r` names. */
export function sizeIn(data: string): { readonly columns: number; readonly rows: number } | undefined {
  const [, columns, rows] = /^(\d{1,4})x(\d{1,4})$/.exec(data) ?? [];
  return isSize(Number(columns)) && isSize(Number(rows)) ? { columns: Number(columns), rows: Number(rows) } : undefined;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** More columns or rows than any screen has would only take memory. */
function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 1000;
}

function isEvent(value: readonly unknown[]): value is CastEvent {
  const [atS, kind, data] = value;
  return typeof atS === 'number' && Number.isFinite(atS) && atS >= 0 && (kind === 'o' || kind === 'i' || kind === 'm' || kind === 'r') && typeof data === 'string';
}
