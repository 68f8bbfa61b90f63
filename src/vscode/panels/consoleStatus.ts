import { t } from '@vscode/l10n';
import type { StreamStatus } from '../../protocol/stream';
import { type StatusInput, statusOf } from './streamStatus';

/** What a console says about its connection. */
export function consoleStatus(input: StatusInput): StreamStatus {
  return statusOf(input, {
    willConnect: t('The console connects as soon as the machine runs.'),
    isTaken: t('The console is taken'),
    perhapsTaken: t('The connection was lost twice without a visible reason. Somebody else may be using this console; it has one user at a time.'),
    takenBy: (holder) => t('"{0}" is using this console. It has one user at a time.', holder),
  });
}

/** What a terminal says when it is connected again; `undefined`: nothing is missing. */
export function gapOf({ state, lost }: StatusInput): string | undefined {
  if (state.phase !== 'open' || !state.isResumed || !lost) {
    return undefined;
  }
  return [lost.why, t('Not connected since {0}: what the machine printed meanwhile is missing.', lost.at)].filter(Boolean).join(' ');
}
