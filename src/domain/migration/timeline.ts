import type { MigrationRecord, Sample } from './record';
import { hasEnded } from './record';
import { type StageId, stageOf, usualStages } from './stages';

/** One stretch of a migration's life. */
export interface Step {
  readonly stage: StageId;
  /** As reported, of the last event in it. */
  readonly reason: string | undefined;
  /** `watched`: between two events that were heard. `cluster`: from times that the cluster gave. `unseen`: nothing was heard meanwhile. `ahead`: has not come yet. */
  readonly from: 'watched' | 'cluster' | 'unseen' | 'ahead';
  /** `undefined`: not known, or not begun. Both ends are of one clock, so that it holds whatever the clocks say. */
  readonly durationMs: number | undefined;
  /** Milliseconds since the first event that was heard; `undefined` for what came before it or has not come. */
  readonly startMs: number | undefined;
  readonly isCurrent: boolean;
}

/** The steps of a migration from left to right, those that are still to come included while it goes on. */
export function timelineOf(record: MigrationRecord, nowMs: number): readonly Step[] {
  const isOver = hasEnded(record);
  const stretches = watchedSteps(record, isOver ? undefined : nowMs);
  return [...before(record), ...stretches, ...(isOver ? [] : ahead(stretches))];
}

/** The first sample shows how far it was; the cluster's clock tells how long that had taken. */
function before({ isFromStart, samples, server }: MigrationRecord): readonly Step[] {
  const [first] = samples;
  if (isFromStart || !first) {
    return [];
  }
  const { createdMs, startedMs, endedMs, firstChangedMs } = server;
  if (stageOf(first.phase, first.reason) !== 'ended') {
    // How long the step that was under way had lasted is on nobody's clock that could be compared with ours.
    return [told('other', createdMs, firstChangedMs), { ...told(stageOf(first.phase, first.reason), undefined, undefined), reason: first.reason, from: 'unseen' }];
  }
  return startedMs === undefined || endedMs === undefined ? [told('other', createdMs, firstChangedMs)] : [told('preparing', createdMs, startedMs), told('copying', startedMs, endedMs)];
}

function told(stage: StageId, fromMs: number | undefined, toMs: number | undefined): Step {
  return { stage, reason: undefined, from: 'cluster', durationMs: fromMs === undefined || toMs === undefined ? undefined : Math.max(0, toMs - fromMs), startMs: undefined, isCurrent: false };
}

/** How long a migration has taken so far, or in all. `isAtLeast`: a part of it was not heard. `undefined`: not known. */
export function elapsedOf(record: MigrationRecord, nowMs: number): { readonly ms: number; readonly isAtLeast: boolean } | undefined {
  const { samples, server, goneMs, isFromStart, gaps } = record;
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last) {
    return undefined;
  }
  const isEnd = stageOf(last.phase, last.reason) === 'ended';
  const endMs = isEnd ? last.atMs : goneMs ?? nowMs;
  const isEndHeard = !gaps.some(({ toMs }) => toMs === undefined || isEnd && toMs === last.atMs);
  if (isFromStart && isEndHeard) {
    return { ms: Math.max(0, endMs - first.atMs), isAtLeast: false };
  }
  const { createdMs, changedMs, firstChangedMs } = server;
  if (isEnd && createdMs !== undefined && changedMs !== undefined) {
    return { ms: Math.max(0, changedMs - createdMs), isAtLeast: false };
  }
  const earlierMs = isFromStart || createdMs === undefined || firstChangedMs === undefined ? 0 : Math.max(0, firstChangedMs - createdMs);
  return { ms: earlierMs + Math.max(0, endMs - first.atMs), isAtLeast: !isFromStart };
}

interface Stretch {
  readonly stage: StageId;
  readonly fromMs: number;
  toMs: number;
  reason: string | undefined;
  readonly isUnseen: boolean;
}

function watchedSteps(record: MigrationRecord, nowMs: number | undefined): readonly Step[] {
  const { samples, gaps } = record;
  const [first] = samples;
  if (!first) {
    return [];
  }
  const stretches: Stretch[] = [];
  const add = (sample: Sample, fromMs: number, toMs: number, isUnseen: boolean) => {
    const stage = stageOf(sample.phase, sample.reason);
    const last = stretches.at(-1);
    if (last && !isUnseen && !last.isUnseen && last.stage === stage && (stage !== 'other' || last.reason === sample.reason)) {
      last.toMs = toMs;
      last.reason = sample.reason;
    } else if (toMs > fromMs || nowMs !== undefined && toMs === nowMs) {
      stretches.push({ stage, fromMs, toMs, reason: sample.reason, isUnseen });
    }
  };
  samples.forEach((sample, index) => {
    if (stageOf(sample.phase, sample.reason) === 'ended') {
      return;
    }
    let fromMs = sample.atMs;
    const endMs = samples[index + 1]?.atMs ?? record.goneMs ?? nowMs ?? sample.atMs;
    for (const gap of gaps.filter((one) => one.fromMs >= sample.atMs && one.fromMs < endMs)) {
      const toMs = Math.min(gap.toMs ?? endMs, endMs);
      add(sample, fromMs, gap.fromMs, false);
      add(sample, gap.fromMs, toMs, true);
      fromMs = toMs;
    }
    add(sample, fromMs, Math.max(fromMs, endMs), false);
  });
  return stretches.map(({ stage, fromMs, toMs, reason, isUnseen }, index): Step => ({
    stage, reason, from: isUnseen ? 'unseen' : 'watched', durationMs: toMs - fromMs, startMs: fromMs - first.atMs, isCurrent: nowMs !== undefined && index === stretches.length - 1,
  }));
}

function ahead(stretches: readonly Step[]): readonly Step[] {
  const current = stretches.at(-1)?.stage;
  const passed = Math.max(-1, ...stretches.map(({ stage }) => usualStages.indexOf(stage)));
  return current === 'cancelling' ? [] : usualStages.slice(passed + 1).map((stage) => ({ stage, reason: undefined, from: 'ahead', durationMs: undefined, startMs: undefined, isCurrent: false }));
}
