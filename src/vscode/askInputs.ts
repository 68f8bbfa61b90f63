import { t } from '@vscode/l10n';
import { CancellationError, type QuickPickItem, QuickPickItemKind, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import { when } from '../base/when';
import type { Answers, InputChoice, Operation, OperationInput } from '../domain/operations';
import { UserError } from './report';
import type { Found } from './target';

/** How long what the choices are made of is waited for; then whatever is known is offered. */
const patienceMs = 3000;

interface Item extends QuickPickItem {
  readonly choice?: InputChoice;
}

/** Asks for what an operation needs, once for all objects; they are of one context then. */
export async function askInputs(operation: Operation, able: readonly Found[]): Promise<Answers> {
  const answers: Record<string, string> = {};
  for (const input of operation.inputs ?? []) {
    answers[input.id] = await ask(operation, input, able);
  }
  return answers;
}

async function ask(operation: Operation, input: OperationInput, able: readonly Found[]): Promise<string> {
  const session = able[0]?.session;
  if (!session || able.some((one) => one.session !== session)) {
    throw new UserError(t('Choose objects of one context for "{0}".', t(operation.title)));
  }
  const watches = new DisposableStore();
  try {
    for (const kind of input.needs) {
      watches.add(session.watch(kind));
    }
    const isKnown = () => (input.needs.every((kind) => !['unlisted', 'loading'].includes(session.view.state(kind).phase)) ? true : undefined);
    await when(session.onDidChange, isKnown, AbortSignal.timeout(patienceMs)).catch(() => undefined);
    const objects = able.flatMap(({ target }) => session.view.get(target.kind, target.name, target.namespace) ?? []);
    const choices = input.choices(objects, session.view);
    const title = able.length === 1 && able[0] ? t('{0} "{1}"', t(operation.title), able[0].object.metadata.name) : t('{0}: {1} objects', t(operation.title), able.length);
    const answer = choices ? await pick(title, t(input.title), choices) : await window.showInputBox({ title, prompt: t(input.title), validateInput: (value) => (value.trim() === '' ? t('Type a name.') : undefined) });
    if (answer === undefined) {
      throw new CancellationError();
    }
    return answer.trim();
  } finally {
    watches.dispose();
  }
}

/** The impossible ones stand below, with the reason; choosing one of them asks again. */
async function pick(title: string, placeHolder: string, choices: readonly InputChoice[]): Promise<string | undefined> {
  const possible = choices.filter(({ because }) => because === undefined);
  const impossible = choices.filter(({ because }) => because !== undefined);
  const items: Item[] = [
    ...possible.map((choice): Item => ({ label: choice.label, ...(choice.detail === undefined ? {} : { detail: choice.detail }), choice })),
    ...(impossible.length > 0 ? [{ label: t('Not possible now'), kind: QuickPickItemKind.Separator }] : []),
    ...impossible.map(({ label, because = '' }): Item => ({ label: `$(circle-slash) ${label}`, detail: because })),
  ];
  for (;;) {
    const chosen = await window.showQuickPick(items, { title, placeHolder });
    if (!chosen || chosen.choice) {
      return chosen?.choice?.value;
    }
  }
}
