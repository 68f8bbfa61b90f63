import { isFields } from './message';
import type { StreamMemory } from './stream';

export type EvacuationDown =
  /** The first message, with the page or in answer to `ready`. Every row follows anew. */
  | { readonly type: 'setup'; readonly state: StreamMemory; readonly texts: EvacuationTexts }
  /** What is different since the last such message. */
  | { readonly type: 'rows'; readonly changed: readonly ShownRow[]; readonly gone: readonly string[]; readonly summary: ShownSummary };

export type EvacuationUp =
  | { readonly type: 'ready' }
  /** Show the migration of the row, or the machine of one that has none. */
  | { readonly type: 'open'; readonly key: string };

export const rowGroups = ['stays', 'moving', 'waiting', 'left'] as const;
export type RowGroup = typeof rowGroups[number];

/** A row, in the words of the user's language. */
export interface ShownRow {
  readonly key: string;
  readonly machine: string;
  readonly namespace: string;
  readonly group: RowGroup;
  readonly text: string;
  /** One line; empty where the state says it all. */
  readonly why: string;
  /** Everything there is to say, line by line. */
  readonly detail: string;
  readonly from: string;
  readonly to: string;
  /** 0 to 100; `undefined`: not reported. */
  readonly percent: number | undefined;
  readonly duration: string;
  /** To sort by. */
  readonly durationMs: number;
}

export interface ShownSummary {
  readonly line: string;
  readonly percent: number | undefined;
  readonly counts: Readonly<Record<RowGroup, number>>;
  readonly notes: readonly string[];
  /** Nothing is known yet, and why. */
  readonly wait?: string;
}

export const columns = ['machine', 'namespace', 'state', 'progress', 'from', 'to', 'duration'] as const;
export type Column = typeof columns[number];

/** The words that are fixed for an evacuation. */
export interface EvacuationTexts {
  readonly title: string;
  readonly columns: Readonly<Record<Column, string>>;
  readonly groups: Readonly<Record<RowGroup, string>>;
  readonly show: string;
  readonly total: string;
  /** `{0}` stands for the machine. */
  readonly open: string;
  readonly noPercent: string;
  readonly nothingShown: string;
}

/** The message, or `undefined` for what the webview of an evacuation never says. */
export function evacuationUp(value: unknown): EvacuationUp | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  return value['type'] === 'ready' ? { type: 'ready' } : value['type'] === 'open' && typeof value['key'] === 'string' ? { type: 'open', key: value['key'] } : undefined;
}

/** The message, or `undefined` for what the extension never says to an evacuation. The extension's own parts are taken as they are. */
export function evacuationDown(value: unknown): EvacuationDown | undefined {
  if (!isFields(value)) {
    return undefined;
  }
  const isSetup = value['type'] === 'setup' && isFields(value['state']) && isFields(value['texts']);
  const isRows = value['type'] === 'rows' && Array.isArray(value['changed']) && Array.isArray(value['gone']) && isFields(value['summary']);
  return isSetup || isRows ? value as EvacuationDown : undefined;
}
