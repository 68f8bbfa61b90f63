import { t } from '@vscode/l10n';
import type { ConsoleTexts } from '../../protocol/console';

/** The words of a console's page. */
export function consoleTexts(name: string): ConsoleTexts {
  return {
    terminal: t('Serial console of "{0}"', name),
    toolbar: t('Console'),
    more: t('More'),
    reconnect: t('Reconnect'),
    find: t('Find'),
    notFound: t('Not found'),
    link: t('{0}+click follows the link', '{0}'),
    clear: t('Clear'),
    save: t('Save as text'),
    size: '{0}×{1}',
    sizeTooltip: t('Send "stty" with this size: a serial line does not tell the machine how large the terminal is.'),
    dropped: t('Not connected: what you type is not sent.'),
    capture: t('Capture keys'),
    captureTooltip: t('Sends every key to the machine, also those of the editor: Ctrl+W, Ctrl+P, F1, Alt. Ctrl+Alt+G gives them back.'),
    captured: t('Every key goes to the machine. Ctrl+Alt+G gives them back to the editor.'),
    record: t('Record'),
    recordTooltip: t('Records what the terminal shows into a file; again to stop.'),
    play: t('Play'),
    playTooltip: t('Plays a recording over the terminal.'),
    player: t('Recording'),
    resume: t('Play'),
    pause: t('Pause'),
    position: t('Position'),
    speed: t('Speed'),
    close: t('Close'),
  };
}

/** What stands in the terminal where something is missing. */
export function markText(text: string): string {
  return `\x1b[0m\r\n\x1b[2m── ${text} ──\x1b[0m\r\n`;
}

/** Brings a terminal back to normal after a guest that is gone: main screen, no modes, no mouse. Without touching what is shown. */
export const modesOfNewGuest = '\x1b[?47l\x1b[!p\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l';
