import { entryOf } from '../values';

/** What the platform counts while memory is copied, from the end of a condition's message (virtualization v1.8 and later, recorded). Each part may be missing. */
export interface Counters {
  /** Rounded down to ten seconds by the platform. */
  readonly elapsedS?: number;
  readonly processedMib?: number;
  readonly remainingMib?: number;
  readonly totalMib?: number;
  /** 0: the first pass over all memory. */
  readonly iteration?: number;
  /** How much the guest is slowed down, 0 to 99. */
  readonly throttlePercent?: number;
  /** Counters that nobody has heard of, verbatim. */
  readonly others?: readonly (readonly [name: string, value: string])[];
}

/** A condition's message in two: what it says to people, and its counters. */
export function splitMessage(message: string): { readonly text: string; readonly counters: Counters | undefined } {
  const found = [...message.matchAll(counter)];
  if (!found.some(([, name = '']) => entryOf(fields, name) !== undefined)) {
    return { text: message.trim(), counters: undefined };
  }
  const read: Record<string, number> = {};
  const others: (readonly [string, string])[] = [];
  for (const [, name = '', value = ''] of found) {
    const field = entryOf(fields, name);
    if (field !== undefined) {
      read[field] = Number.parseFloat(value);
    } else if (name !== flag) {
      others.push([name, value]);
    }
  }
  return { text: message.replace(counter, '').trim().replace(/\.$/, ''), counters: { ...read, ...(others.length > 0 ? { others } : {}) } };
}

const counter = /(?:^|(?<=\s))([A-Z][A-Za-z]+):(\d+(?:\.\d+)?[A-Za-z]*|true|false)(?=\s|$)/g;

const fields: Readonly<Record<string, keyof Counters>> = {
  TimeElapsed: 'elapsedS', DataProcessed: 'processedMib', DataRemaining: 'remainingMib', DataTotal: 'totalMib', Iteration: 'iteration', AutoConvergeThrottle: 'throttlePercent',
};

/** Says whether a throttle follows, which its presence says as well. */
const flag = 'AutoConvergeThrottleSet';
