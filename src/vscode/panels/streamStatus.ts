import { t } from '@vscode/l10n';
import type { LinkState } from '../../cluster/consoleLink';
import { timeOf } from '../../domain/age';
import type { StreamIntent, StreamStatus } from '../../protocol/stream';

export interface StatusInput {
  readonly state: LinkState;
  /** Of the machine; `undefined`: not known. */
  readonly phase: string | undefined;
  readonly node: string | undefined;
  /** Of the loss, for the gap: its local time, and what is known of its cause. */
  readonly lost: { readonly at: string; readonly why: string | undefined } | undefined;
  readonly name: string;
}

/** What is said of one stream in other words than of the next. */
export interface StreamWords {
  readonly willConnect: string;
  readonly isTaken: string;
  readonly perhapsTaken: string;
  readonly takenBy: (holder: string) => string;
}

/** What a panel says about its connection. */
export function statusOf({ state, phase, node, name }: StatusInput, words: StreamWords): StreamStatus {
  switch (state.phase) {
    case 'connecting':
      return { phase: 'connecting', line: t('connecting'), overlay: overlay(t('Connecting to "{0}"', name), [], ['stop']) };
    case 'open':
      return { phase: 'open', line: [t('connected'), phase === 'Running' ? undefined : phase, node].filter(Boolean).join(' · ') };
    case 'waiting': {
      const line = t('connection lost, trying again in {0} s', '{0}');
      return { phase: 'waiting', line, retryAtMs: state.retryAtMs, overlay: overlay(t('Connection lost'), [state.problem?.message, phaseLine(phase)], ['connect', 'stop']) };
    }
    case 'stopped': {
      const actions: StreamIntent[] = phase === 'Stopped' ? ['start', 'stop'] : ['stop'];
      return { phase: 'stopped', line: [t('not running'), phase].filter(Boolean).join(' · '), overlay: overlay(t('"{0}" is not running', name), [phaseLine(phase), words.willConnect], actions) };
    }
    case 'held':
      return heldStatus(state, words);
    case 'ended':
      return { phase: 'ended', line: t('not connected'), overlay: overlay(t('Not connected'), [state.problem?.message, state.problem?.hint], ['connect']) };
  }
}

function heldStatus({ holder, client, startTime, isWaiting }: Extract<LinkState, { phase: 'held' }>, words: StreamWords): StreamStatus {
  const startMs = timeOf(startTime);
  const details = [
    holder === undefined ? words.perhapsTaken : words.takenBy(holder),
    startMs === undefined ? undefined : t('Since {0}.', new Date(startMs).toLocaleString()),
    client === undefined ? undefined : t('Program: {0}', client),
    isWaiting ? t('It connects as soon as nobody else is connected.') : undefined,
  ];
  const line = isWaiting ? t('waiting until it is free') : holder === undefined ? t('perhaps taken') : t('taken by {0}', holder);
  return { phase: 'held', line, overlay: overlay(words.isTaken, details, isWaiting ? ['takeOver', 'stop'] : holder === undefined ? ['takeOver'] : ['wait', 'takeOver']) };
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
    case 'wait': return t('Wait until it is free');
    case 'stop': return t('Stop trying');
    case 'start': return t('Start');
  }
}
