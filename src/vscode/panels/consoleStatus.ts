import { t } from '@vscode/l10n';
import type { ConsoleStatus, ConsoleTexts } from '../../protocol/console';
import { type StatusInput, statusOf } from './streamStatus';

/** What a console says about its connection. */
export function consoleStatus(input: StatusInput): ConsoleStatus {
  const { state, lostAt } = input;
  return {
    ...statusOf(input, {
      willConnect: t('The console connects as soon as the machine runs.'),
      isTaken: t('The console is taken'),
      perhapsTaken: t('The connection was lost twice without a visible reason. Somebody else may be using this console; it has one user at a time.'),
      takenBy: (holder) => t('"{0}" is using this console. It has one user at a time.', holder),
    }),
    ...(state.phase === 'open' && state.isResumed && lostAt !== undefined ? { gap: t('Not connected since {0}: what the machine printed meanwhile is missing.', lostAt) } : {}),
  };
}

/** The words of the panel itself. */
export function consoleTexts(name: string): ConsoleTexts {
  return {
    terminal: t('Serial console of "{0}"', name),
    toolbar: t('Console'),
    reconnect: t('Reconnect'),
    find: t('Find'),
    clear: t('Clear'),
    save: t('Save as text'),
    size: t('Send "stty size"'),
    dropped: t('Not connected: what you type is not sent.'),
    reloaded: t('The window was reloaded: what the machine printed meanwhile is missing.'),
  };
}
