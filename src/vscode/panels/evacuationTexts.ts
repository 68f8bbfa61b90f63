import { t } from '@vscode/l10n';
import { groupText } from '../../domain/evacuationSummary';
import type { EvacuationTexts } from '../../protocol/evacuation';

/** The fixed words of the view of a node, or of all. */
export function evacuationTexts(node: string | undefined, title: string): EvacuationTexts {
  return {
    title,
    columns: { machine: t('Machine'), namespace: t('Namespace'), state: t('State'), progress: t('Progress'), from: t('From'), to: t('To'), duration: t('Duration') },
    groups: { stays: groupText('stays', node), moving: groupText('moving', node), waiting: groupText('waiting', node), left: groupText('left', node) },
    show: t('Show only'), total: t('All machines together'), open: t('Show the migration of "{0}"'), noPercent: t('not reported'), nothingShown: t('None of these.'),
  };
}
