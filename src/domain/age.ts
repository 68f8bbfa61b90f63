import { t } from '@vscode/l10n';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A span in its largest fitting unit: `12 s`, `6 min`, `5 h`, `3 d`, `2 y`. Negative spans (skewed clocks) read `0 s`. */
export function formatDuration(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 2 * minuteMs) {
    return ms < minuteMs ? t('{0} s', Math.floor(ms / 1000)) : t('{0} min', 1);
  }
  if (ms < 2 * hourMs) {
    return t('{0} min', Math.floor(ms / minuteMs));
  }
  if (ms < 2 * dayMs) {
    return t('{0} h', Math.floor(ms / hourMs));
  }
  return ms < 2 * 365 * dayMs ? t('{0} d', Math.floor(ms / dayMs)) : t('{0} y', Math.floor(ms / (365 * dayMs)));
}

/** Epoch of an RFC 3339 time; `undefined` when it is missing or unreadable. */
export function timeOf(rfc3339: unknown): number | undefined {
  const ms = typeof rfc3339 === 'string' ? Date.parse(rfc3339) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** How long ago an RFC 3339 time was, e.g. `6 min`; `undefined` when it is missing or unreadable. */
export function ageOf(rfc3339: unknown, nowMs: number): string | undefined {
  const ms = timeOf(rfc3339);
  return ms === undefined ? undefined : formatDuration(nowMs - ms);
}
