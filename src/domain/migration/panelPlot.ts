import { t } from '@vscode/l10n';
import { fallBacksOf } from './pace';
import { hasEnded, type MigrationRecord } from './record';
import { stageOf, stageText } from './stages';
import type { MigrationPlot, MigrationTexts, PlotPoint } from '../../protocol/migration';

/** What a plot lacks that has `known` points already: every point that the cluster has reported, none twice. */
export function plotOf(record: MigrationRecord, known: number, nowMs: number): MigrationPlot {
  const { samples, gaps } = record;
  const startMs = samples[0]?.atMs ?? nowMs;
  const endMs = hasEnded(record) ? record.goneMs ?? samples.at(-1)?.atMs ?? nowMs : nowMs;
  const seconds = (atMs: number) => Math.max(0, (atMs - startMs) / 1000);
  return {
    uid: record.uid, from: known,
    points: samples.slice(known).map(({ atMs, phase, reason, percent, counters }): PlotPoint => ({
      seconds: seconds(atMs), percent, remainingMib: counters?.remainingMib, processedMib: counters?.processedMib, step: stepText(phase, reason),
    })),
    gaps: gaps.map(({ fromMs, toMs }) => [seconds(fromMs), seconds(Math.min(toMs ?? endMs, endMs))] as const).filter(([from, to]) => to > from),
    fallBacks: fallBacksOf(record).map(({ atMs }) => seconds(atMs)),
    totalMib: samples.findLast(({ counters }) => counters?.totalMib !== undefined)?.counters?.totalMib,
    endSeconds: seconds(endMs),
  };
}

function stepText(phase: string | undefined, reason: string | undefined): string {
  const stage = stageOf(phase, reason);
  return stage === 'ended' ? [phase, reason].filter(Boolean).join(' · ') : stageText(stage, reason);
}

/** The words of the panel itself. */
export function migrationTexts(): MigrationTexts {
  return {
    progress: t('Progress'), remaining: t('Left to copy'), sent: t('Sent'), step: t('Step'), time: t('Time'),
    plot: t('Progress over time'), plotKeys: t('Arrow keys go from point to point.'),
    table: t('The plot as a table'), timeline: t('Steps'), facts: t('Numbers'), history: t('Migrations of this machine'),
    gap: t('nothing heard'), notReported: t('not reported'), mib: 'MiB',
  };
}
