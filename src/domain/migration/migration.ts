import { t } from '@vscode/l10n';
import type { Counters } from './counters';
import { fallBacksOf, type FallBack, paceOf, type Pace } from './pace';
import { knownKind } from '../kinds/index';
import { type MigrationRecord, type Sample } from './record';
import { stageOf, stageText, type StageId } from './stages';
import { elapsedOf, type Step, timelineOf } from './timeline';
import { entryOf } from '../values';

/** `cancelled`: its operation was deleted while it went on. `gone`: nobody heard how it ended. */
export type MigrationState = 'waiting' | 'running' | 'cancelling' | 'completed' | 'failed' | 'superseded' | 'cancelled' | 'gone';

/** One migration as people see it. */
export interface Migration {
  readonly record: MigrationRecord;
  readonly state: MigrationState;
  readonly stage: StageId;
  /** The step that it ended in, for one that did not arrive. */
  readonly endedIn: StageId | undefined;
  /** In plain words; what the platform says where we have none. */
  readonly meaning: string;
  /** What to do next. */
  readonly next: string | undefined;
  /** The platform's own words, without counters. */
  readonly message: string | undefined;
  /** As reported, for those who search for it. */
  readonly reason: string | undefined;
  /** As reported last; `undefined`: the platform does not report it. */
  readonly percent: number | undefined;
  /** The highest so far: a bar does not run backwards. */
  readonly highest: number | undefined;
  readonly elapsed: ReturnType<typeof elapsedOf>;
  readonly steps: readonly Step[];
  readonly pace: Pace | undefined;
  readonly fallBacks: readonly FallBack[];
  /** The last that were heard: the end itself has none. */
  readonly counters: Counters | undefined;
}

/** Reads a record at one moment. `nowMs` is of the clock that received the events. */
export function migrationOf(record: MigrationRecord, nowMs: number): Migration {
  const last = record.samples.at(-1);
  const state = stateOf(record, last);
  const isOver = ['completed', 'failed', 'superseded', 'cancelled', 'gone'].includes(state);
  const beforeEnd = [...record.samples].reverse().find(({ phase, reason }) => !['ended', 'cancelling'].includes(stageOf(phase, reason)));
  const percents = record.samples.flatMap(({ percent }) => percent ?? []);
  return {
    record, state, stage: stageOf(last?.phase, last?.reason), ...wordsOf(state, last),
    endedIn: isOver && state !== 'completed' && beforeEnd ? stageOf(beforeEnd.phase, beforeEnd.reason) : undefined,
    reason: last?.reason,
    percent: percents.at(-1), highest: percents.length === 0 ? undefined : Math.max(...percents),
    elapsed: elapsedOf(record, nowMs), steps: timelineOf(record, nowMs), pace: isOver ? undefined : paceOf(record), fallBacks: fallBacksOf(record),
    counters: [...record.samples].reverse().find(({ counters }) => counters)?.counters,
  };
}

function stateOf({ goneMs }: MigrationRecord, last: Sample | undefined): MigrationState {
  switch (last?.phase) {
    case 'Completed': return last.reason === 'Superseded' ? 'superseded' : 'completed';
    case 'Superseded': return 'superseded';
    case 'Failed': return last.reason === 'Aborted' ? 'cancelled' : 'failed';
    case 'Terminating': return goneMs === undefined ? 'cancelling' : 'cancelled';
    case 'InProgress': return goneMs === undefined ? 'running' : 'gone';
    case undefined: default: return goneMs === undefined ? 'waiting' : 'gone';
  }
}

function wordsOf(state: MigrationState, last: Sample | undefined): Pick<Migration, 'meaning' | 'next' | 'message'> {
  const help = entryOf(knownKind('VirtualMachineOperation')?.conditions['Completed']?.reasons, last?.reason);
  const message = last?.text || undefined;
  switch (state) {
    case 'cancelling':
      return { meaning: t('The migration is being cancelled. The machine goes on on its old node.'), next: undefined, message };
    case 'cancelled':
      return { meaning: t('The migration was cancelled; the machine goes on on its old node.'), next: undefined, message };
    case 'gone':
      return { meaning: t('The operation was deleted. Nobody saw how the migration ended.'), next: t('The node of the machine tells where it is now.'), message };
    case 'waiting': case 'running': case 'completed': case 'failed': case 'superseded':
      return {
        meaning: help ? t(help.meaning) : message ?? last?.reason ?? last?.phase ?? t('The platform has not taken it up yet.'),
        next: help?.next === undefined ? undefined : t(help.next),
        message: help ? message : undefined,
      };
  }
}

/** `Failed while copying memory`, `Copying memory`. */
export function stateText({ state, stage, endedIn, reason }: Pick<Migration, 'state' | 'stage' | 'endedIn' | 'reason'>): string {
  const at = endedIn && stageText(endedIn, undefined);
  switch (state) {
    case 'completed': return t('Completed');
    case 'failed': return refusals.includes(reason ?? '') ? t('Refused') : at === undefined || endedIn === 'other' ? t('Failed') : t('Failed at: {0}', at);
    case 'cancelled': return at === undefined || endedIn === 'other' ? t('Cancelled') : t('Cancelled at: {0}', at);
    case 'superseded': return t('Superseded');
    case 'gone': return t('Deleted');
    case 'cancelling': case 'waiting': case 'running': return stageText(stage, reason);
  }
}

/** The platform did not begin (virtualization v1.10). */
const refusals = ['VirtualMachineNotFound', 'NotApplicableForVirtualMachineRunPolicy', 'NotApplicableForVirtualMachinePhase', 'NotApplicableForLiveMigrationPolicy', 'NotReadyToBeExecuted', 'OtherMigrationInProgress', 'MigrationNetworkUnavailable', 'HotplugDisksNotShared'];

/** Whether nothing more is to come. */
export function isOver({ state }: Pick<Migration, 'state'>): boolean {
  return !['waiting', 'running', 'cancelling'].includes(state);
}
