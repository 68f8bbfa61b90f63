import { t } from '@vscode/l10n';
import type { LinkState } from '../../cluster/consoleLink';
import type { ConsoleStatus, ConsoleTexts } from '../../protocol/console';
import type { StreamIntent } from '../../protocol/stream';

export interface StatusInput {
  readonly state: LinkState;
  /** Of the machine; `undefined`: not known. */
  readonly phase: string | undefined;
  readonly node: string | undefined;
  /** Local time of the loss, for the gap. */
  readonly lostAt: string | undefined;
  readonly name: string;
}

/** What a console says about its connection. */
export function statusOf({ state, phase, node, lostAt, name }: StatusInput): ConsoleStatus {
  switch (state.phase) {
    case 'connecting':
      return { phase: 'connecting', line: t('connecting') };
    case 'open':
      return {
        phase: 'open', line: [t('connected'), phase === 'Running' ? undefined : phase, node].filter(Boolean).join(' · '),
        ...(state.isResumed && lostAt !== undefined ? { gap: t('Not connected since {0}: what the machine printed meanwhile is missing.', lostAt) } : {}),
      };
    case 'waiting': {
      const line = t('connection lost, trying again in {0} s', '{0}');
      return { phase: 'waiting', line, retryAtMs: state.retryAtMs, overlay: overlay(t('Connection lost'), [state.problem?.message, phaseLine(phase)], ['connect', 'stop']) };
    }
    case 'stopped': {
      const actions: StreamIntent[] = phase === 'Stopped' ? ['start', 'stop'] : ['stop'];
      return { phase: 'stopped', line: [t('not running'), phase].filter(Boolean).join(' · '), overlay: overlay(t('"{0}" is not running', name), [phaseLine(phase), t('The console connects as soon as the machine runs.')], actions) };
    }
    case 'held': {
      const who = state.holder === undefined
        ? t('The connection was lost twice without a visible reason. Somebody else may be using this console; it has one user at a time.')
        : t('"{0}" is using this console. It has one user at a time.', state.holder);
      return { phase: 'held', line: state.holder === undefined ? t('perhaps taken') : t('taken by {0}', state.holder), overlay: overlay(t('The console is taken'), [who, state.client === undefined ? undefined : t('Program: {0}', state.client)], ['takeOver']) };
    }
    case 'ended':
      return { phase: 'ended', line: t('not connected'), overlay: overlay(t('Not connected'), [state.problem?.message, state.problem?.hint], ['connect']) };
  }
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

function phaseLine(phase: string | undefined): string {
  return phase === undefined ? t('The phase of the machine is not known.') : t('Phase of the machine: {0}.', phase);
}

function overlay(title: string, details: readonly (string | undefined)[], intents: readonly StreamIntent[]) {
  return { title, detail: details.filter(Boolean).join('\n'), actions: intents.map((intent) => ({ intent, label: labelOf(intent) })) };
}

function labelOf(intent: StreamIntent): string {
  switch (intent) {
    case 'connect': return t('Connect now');
    case 'takeOver': return t('Take over');
    case 'stop': return t('Stop trying');
    case 'start': return t('Start');
  }
}
