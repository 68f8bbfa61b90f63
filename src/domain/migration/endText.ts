import { t } from '@vscode/l10n';
import { migrationOf } from './migration';
import type { MigrationRecord } from './record';

/** How a migration ended: in the platform's own words where it failed, with what to do next. */
export function endText(record: MigrationRecord, nowMs: number): { readonly isFailure: boolean; readonly text: string } {
  const { state, meaning, next, message, reason } = migrationOf(record, nowMs);
  const { machine, name, target } = record;
  switch (state) {
    case 'completed':
      return { isFailure: false, text: target === undefined ? t('"{0}" has moved.', machine) : t('"{0}" has moved to "{1}".', machine, target) };
    case 'failed': case 'superseded':
      return { isFailure: true, text: [t('"{0}" failed: {1}', name, message ?? reason ?? ''), next ?? meaning].filter(Boolean).join(' ') };
    case 'waiting': case 'running': case 'cancelling': case 'cancelled': case 'gone':
      return { isFailure: false, text: [`"${machine}":`, meaning, next].filter(Boolean).join(' ') };
  }
}
