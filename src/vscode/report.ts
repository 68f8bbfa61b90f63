import { t } from '@vscode/l10n';
import { CancellationError, commands, window } from 'vscode';
import type { Problem, ProblemReason } from '../domain/problem';
import type { Log } from './log';

/** Something to press below a message, and what it runs. */
export interface Button {
  readonly title: string;
  readonly command: string;
  readonly arguments?: readonly unknown[];
}

/** Thrown where an action cannot go on for a reason that the user can act on: a whole sentence, and at most two buttons. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly buttons: readonly Button[];

  constructor(message: string, buttons: readonly Button[] = []) {
    super(message);
    this.buttons = buttons;
  }
}

export interface Report {
  /** Runs what the user started and says what became of it if it failed. Never rejects; `undefined` after a failure or a cancellation. */
  run<T>(attempted: string, action: () => Promise<T> | T): Promise<T | undefined>;
  /** Asks in a modal; `verb` is the button's label. False when the user turned away. */
  confirm(question: string, detail: string, verb: string): Promise<boolean>;
  /** As `confirm` with two ways to say yes; `undefined` when the user turned away. */
  choose(question: string, detail: string, ...answers: string[]): Promise<string | undefined>;
  /** Says something that the user waits for, with one thing to do about it. */
  tell(message: string, action: { readonly title: string; readonly run: () => unknown }): Promise<void>;
  /** For what nobody started and nobody waits for: the log only. */
  background(what: string, error: unknown): void;
}

/** The only place that shows messages, so that every failure is worded alike. */
export function createReport(log: Log): Report {
  const background = (what: string, error: unknown) => {
    if (!isCancellation(error)) {
      log.error(`${what}: ${problemOf(error) ? messageOf(error) : stackOf(error)}`);
    }
  };
  return {
    background,
    async run(attempted, action) {
      try {
        return await action();
      } catch (error) {
        if (!isCancellation(error)) {
          background(attempted, error);
          tell(log, attempted, error).catch((failure: unknown) => background(attempted, failure));
        }
        return undefined;
      }
    },
    confirm: async (question, detail, verb) => (await window.showWarningMessage(question, { modal: true, detail }, verb)) === verb,
    tell: async (message, { title, run }) => {
      if ((await window.showInformationMessage(message, title)) === title) {
        await run();
      }
    },
    choose: async (question, detail, ...answers) => window.showWarningMessage(question, { modal: true, detail }, ...answers),
  };
}

async function tell(log: Log, attempted: string, error: unknown): Promise<void> {
  const problem = problemOf(error);
  if (error instanceof UserError) {
    await show(error.message, error.buttons);
  } else if (problem) {
    await show([t('{0} failed.', attempted), problem.message, problem.hint].filter(Boolean).join(' '), buttonsFor(problem.reason));
  } else {
    const showLog = t('Show log');
    if ((await window.showErrorMessage(t('{0} failed with an unexpected error. The log has the details.', attempted), showLog)) === showLog) {
      log.show();
    }
  }
}

async function show(message: string, buttons: readonly Button[]): Promise<void> {
  const chosen = await window.showErrorMessage(message, ...buttons.map((button) => button.title));
  const button = buttons.find((candidate) => candidate.title === chosen);
  if (button) {
    await commands.executeCommand(button.command, ...(button.arguments ?? []));
  }
}

function buttonsFor(reason: ProblemReason): readonly Button[] {
  const log: Button = { title: t('Show log'), command: 'dvp.log.show' };
  const retry: Button = { title: t('Connect again'), command: 'dvp.context.retry' };
  const settings: Button = { title: t('Open settings'), command: 'dvp.settings.open' };
  switch (reason) {
    case 'credentials': case 'unauthorized': case 'tls': case 'proxy': case 'unreachable': case 'timeout':
      return [retry, log];
    case 'readOnly':
      return [settings];
    case 'configuration':
      return [{ title: t('Choose a kubeconfig file'), command: 'dvp.kubeconfig.pick' }, settings];
    case 'forbidden': case 'denied': case 'notFound': case 'notServed': case 'alreadyExists': case 'conflict':
    case 'gone': case 'invalid': case 'throttled': case 'server':
      return [log];
  }
}

/** By shape: importing the class would load the cluster client with this file. */
function problemOf(error: unknown): Problem | undefined {
  return error instanceof Error && error.name === 'ClusterError' && 'reason' in error ? (error as Error & Problem) : undefined;
}

function isCancellation(error: unknown): boolean {
  return error instanceof CancellationError || (error instanceof Error && (error.name === 'AbortError' || error.name === 'Canceled'));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
