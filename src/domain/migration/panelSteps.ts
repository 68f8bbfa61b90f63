import { t } from '@vscode/l10n';
import { formatDuration } from '../age';
import type { Migration } from './migration';
import { stageText } from './stages';
import type { Step } from './timeline';
import type { ShownStep } from '../../protocol/migration';

/** Narrowest and widest share of the timeline, so that a step of milliseconds can still be read. */
const leastWeight = 1;
const mostWeight = 6;

/** The timeline: what was heard with its lengths, what the cluster's clock told, what nobody heard, what is to come. */
export function stepsOf(migration: Migration): readonly ShownStep[] {
  const { steps } = migration;
  const longest = Math.max(1, ...steps.map(({ durationMs }) => durationMs ?? 0));
  const lastSeen = steps.findLastIndex(({ from }) => from === 'watched' || from === 'cluster');
  return steps.map((step, index) => ({
    label: labelOf(step), detail: detailOf(step),
    state: step.from === 'ahead' ? 'ahead' : step.from === 'unseen' ? 'unseen' : step.isCurrent ? 'current' : migration.state === 'failed' && index === lastSeen ? 'failed' : 'done',
    weight: leastWeight + (mostWeight - leastWeight) * Math.sqrt((step.durationMs ?? 0) / longest),
  }));
}

function labelOf({ stage, reason, from }: Step): string {
  if (from === 'unseen') {
    return t('Not heard');
  }
  return from === 'cluster' && stage === 'other' ? t('Before it was watched') : stageText(stage, reason);
}

function detailOf({ durationMs, from, stage, reason }: Step): string {
  const length = durationMs === undefined ? undefined : durationMs < 1000 ? t('under 1 s') : formatDuration(durationMs);
  switch (from) {
    case 'ahead': return '';
    case 'cluster': return length === undefined ? t('not timed') : t('{0} by the cluster\'s clock', length);
    case 'unseen': return [length, stage === 'ended' ? undefined : t('at: {0}', stageText(stage, reason))].filter(Boolean).join(' · ');
    case 'watched': return length ?? '';
  }
}
