import type { LinkState } from '../../src/cluster/consoleLink';

const problem = { reason: 'forbidden', message: 'User "me" cannot get resource "virtualmachines/console".', hint: 'Ask an administrator for the right.' } as const;

/** Every state that a stream can be in. */
export const linkStates: readonly LinkState[] = [
  { phase: 'connecting' },
  { phase: 'open', isResumed: false, isFresh: true },
  { phase: 'waiting', retryAtMs: 0, problem: { reason: 'unreachable', message: 'The connection was cut.' } },
  { phase: 'stopped' },
  { phase: 'held', holder: 'bob', client: 'd8/1', startTime: '2030-01-01T00:00:00Z' },
  { phase: 'held' },
  { phase: 'held', holder: 'bob', isWaiting: true },
  { phase: 'ended', problem },
];
