import { t } from '@vscode/l10n';
import type { MigrationRecord, Sample } from './record';
import { stageOf } from './stages';

/** How fast memory is copied, where that can be told. */
export interface Pace {
  /** What goes over the network; `undefined`: too little was heard to tell. */
  readonly mibPerS: number | undefined;
  /** Until nothing is left, if it goes on as it has lately; `undefined`: what is left does not get less, or too little was heard. */
  readonly remainingMs: number | undefined;
  /** What is left does not get less: there is no end in sight. */
  readonly isStalled: boolean;
}

/** Counters come about every two seconds; a shorter look back would jump. */
const windowMs = 12_000;
const shortestMs = 3_500;

/** From the counters of the last seconds, as long as nothing was missed in between. */
export function paceOf(record: MigrationRecord): Pace | undefined {
  const last = record.samples.at(-1);
  if (!last || stageOf(last.phase, last.reason) !== 'copying') {
    return undefined;
  }
  const gapEndMs = Math.max(...record.gaps.map(({ toMs }) => toMs ?? Number.POSITIVE_INFINITY), Number.NEGATIVE_INFINITY);
  const lately = distinct(record.samples.filter(({ atMs, counters }) => counters && atMs >= gapEndMs && atMs >= last.atMs - windowMs));
  const [first] = lately;
  const newest = lately.at(-1);
  const unknown: Pace = { mibPerS: undefined, remainingMs: undefined, isStalled: last.reason === 'NotConverging' };
  if (!first?.counters || !newest?.counters || newest.atMs - first.atMs < shortestMs) {
    return unknown;
  }
  const seconds = (newest.atMs - first.atMs) / 1000;
  const per = (from: number | undefined, to: number | undefined) => (from === undefined || to === undefined ? undefined : (to - from) / seconds);
  const sent = per(first.counters.processedMib, newest.counters.processedMib);
  const less = per(newest.counters.remainingMib, first.counters.remainingMib);
  const left = newest.counters.remainingMib;
  return {
    mibPerS: sent === undefined || sent < 0 ? undefined : sent,
    remainingMs: less === undefined || less <= 0 || left === undefined || unknown.isStalled ? undefined : left / less * 1000,
    isStalled: unknown.isStalled || less !== undefined && less <= 0 && left !== undefined && left > 0,
  };
}

/** The platform repeats a count with a higher percentage: the first moment of each is what counts. */
function distinct(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter((sample, index) => JSON.stringify(sample.counters) !== JSON.stringify(samples[index - 1]?.counters));
}

/** A moment at which the percentage fell, and why. */
export interface FallBack {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
  readonly because: string;
}

/** Every moment at which the platform took a percentage back. */
export function fallBacksOf({ samples }: Pick<MigrationRecord, 'samples'>): readonly FallBack[] {
  const found: FallBack[] = [];
  let before: Sample | undefined;
  for (const sample of samples) {
    if (before?.percent !== undefined && sample.percent !== undefined && sample.percent < before.percent) {
      found.push({ atMs: sample.atMs, from: before.percent, to: sample.percent, because: whyBack(before, sample) });
    }
    before = sample.percent === undefined ? before : sample;
  }
  return found;
}

function whyBack(before: Sample, sample: Sample): string {
  const stage = stageOf(sample.phase, sample.reason);
  if (stage === 'switching') {
    return t('The platform reports the two halves of the switch-over in this order; nothing is lost.');
  }
  if (sample.reason === 'WaitingForSyncSlot' || stage === 'waiting') {
    return t('It went back into a queue.');
  }
  if (sample.counters?.remainingMib !== undefined && before.counters?.remainingMib !== undefined && sample.counters.remainingMib > before.counters.remainingMib) {
    return t('The guest wrote to memory that was copied already: it has to be copied again.');
  }
  return t('The platform corrected its own estimate.');
}
