import { t } from '@vscode/l10n';
import { formatDuration } from './age';
import type { EvacuationGroup, EvacuationRow } from './evacuationRow';

/** A row as a webview shows it, in the words of the user's language. */
export interface ShownRow {
  readonly key: string;
  readonly machine: string;
  readonly namespace: string;
  readonly group: EvacuationGroup;
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

/** Remembers what a webview has been told, so that it is told only what is new. */
export class ToldRows {
  readonly #told = new Map<string, ShownRow>();

  /** What differs from what was told before. */
  news(rows: readonly EvacuationRow[]): { readonly changed: readonly ShownRow[]; readonly gone: readonly string[] } {
    const changed: ShownRow[] = [];
    const gone = new Set(this.#told.keys());
    for (const row of rows) {
      const shown = shownRow(row);
      gone.delete(shown.key);
      if (!isSame(this.#told.get(shown.key), shown)) {
        this.#told.set(shown.key, shown);
        changed.push(shown);
      }
    }
    gone.forEach((key) => this.#told.delete(key));
    return { changed, gone: [...gone] };
  }

  /** The webview has begun anew. */
  clear(): void {
    this.#told.clear();
  }
}

/** Times are shown in steps, so that a row is not written anew every second. */
const stepMs = 5_000;

function shownRow({ key, machine, namespace, group, text, why, next, message, from, to, percent, elapsed, starter }: EvacuationRow): ShownRow {
  const durationMs = elapsed === undefined ? 0 : group === 'moving' ? Math.floor(elapsed.ms / stepMs) * stepMs : elapsed.ms;
  // Below a second nothing is said of what was not heard from its beginning.
  const duration = elapsed === undefined || elapsed.isAtLeast && durationMs < 1000 ? '' : elapsed.isAtLeast ? t('over {0}', formatDuration(durationMs)) : formatDuration(durationMs);
  const advice = group === 'stays' || group === 'waiting';
  return {
    key, machine, namespace, group, text, percent, duration, durationMs, from: from ?? '', to: to ?? '',
    why: advice ? [why, next].filter(Boolean).join(' ') : '',
    detail: [why, next, message, starter].filter(Boolean).join('\n'),
  };
}

function isSame(a: ShownRow | undefined, b: ShownRow): boolean {
  return a !== undefined && (Object.keys(b) as (keyof ShownRow)[]).every((field) => a[field] === b[field]);
}
