import { t } from '@vscode/l10n';
import { formatBytes } from '../quantity';
import type { Migration } from './migration';
import { isOver } from './migration';
import { starterText } from './starter';
import { durationText } from './panelView';

type Fact = readonly [label: string, value: string, hint: string];

/** Numbers of a migration: who, how long, how much, how fast; what the platform does not report is left out. */
export function factsOf({ record, elapsed, counters, pace, ...migration }: Migration, isMine: boolean): readonly Fact[] {
  const over = isOver(migration);
  const { createdMs } = record.server;
  const mib = (value: number | undefined) => (value === undefined ? undefined : mibText(value));
  const facts: readonly (readonly [string, string | undefined, string?])[] = [
    [t('Started by'), starterText(record.starter, isMine)],
    [t('Started at'), createdMs === undefined ? undefined : new Date(createdMs).toLocaleString(), t('By the clock of the cluster.')],
    [over ? t('Took') : t('For'), elapsed && durationText(elapsed)],
    [t('Operation'), `${record.name} (${record.type}${record.force === true ? t(', with force') : record.force === false ? t(', without force') : ''})`],
    [t('Sent'), mib(counters?.processedMib), t('What went over the network. Memory that the guest changed meanwhile counts again.')],
    [t('Left'), over && migration.state === 'completed' ? undefined : mib(counters?.remainingMib)],
    [t('Memory'), mib(counters?.totalMib)],
    [t('Pace'), pace?.mibPerS === undefined ? undefined : t('{0}/s', mibText(pace.mibPerS)), t('Over the last seconds.')],
    [t('Passes'), counters?.iteration === undefined ? undefined : String(counters.iteration), t('How often memory that the guest had changed was gone through again.')],
    [t('Guest slowed down'), counters?.throttlePercent === undefined ? undefined : `${counters.throttlePercent} %`, t('So much of its processor time was taken from the guest, so that copying can keep up.')],
    ...(counters?.others ?? []).map(([name, value]) => [name, value] as const),
    [t('Downtime'), migration.state === 'completed' && !counters?.others?.some(([name]) => /downtime/i.test(name)) ? t('not reported by the platform') : undefined],
  ];
  return facts.flatMap(([label, value, hint = '']): readonly Fact[] => (value === undefined ? [] : [[label, value, hint]]));
}

function mibText(mib: number): string {
  return formatBytes({ nano: BigInt(Math.round(mib * 1024)) * 1024n * 1_000_000_000n });
}
