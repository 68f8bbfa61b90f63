import { t } from '@vscode/l10n';
import { CancellationError, type CancellationToken, commands, ProgressLocation, window } from 'vscode';
import { stringAt } from '../domain/values';
import { type Answers, type Operation, type OperationId, operations } from '../domain/operations';
import { askInputs } from './askInputs';
import { carryOut, type CarryOutOptions } from './carryOut';
import type { Clusters } from './clusters';
import type { Migrations } from './migrations';
import type { Report } from './report';
import { UserError } from './report';
import { contextSettings } from './settings';
import { find, type Found, type Target } from './target';

export interface RunOptions {
  readonly clusters: Clusters;
  readonly migrations: Migrations;
  readonly report: Report;
}

interface Refusal {
  readonly found: Found;
  readonly because: string;
}

/** Lines listed in a message before "and N more". */
const linesShown = 10;

/** Objects that are worked on at the same time. */
const concurrency = 5;

/** Applies an operation to objects: refuses with the reason, asks where it matters, follows it to its end. */
export async function runOperation(id: OperationId, targets: readonly Target[], { clusters, migrations, report }: RunOptions): Promise<void> {
  const operation: Operation = operations[id];
  const { able, refused } = sorted(operation, targets.map((target) => find(target, clusters)));
  if (able.length === 0) {
    throw new UserError(shortened(refused.map(({ because }) => because)));
  }
  const locked = able.find(({ session }) => contextSettings(session.context.name).readOnly);
  if (locked) {
    throw new UserError(t('The context "{0}" is read-only: "{1}" is not sent.', locked.session.context.name, t(operation.title)), [{ title: t('Open settings'), command: 'dvp.settings.open' }]);
  }
  const answers = await askInputs(operation, able);
  if (operation.confirm || able.length > 1 || refused.length > 0) {
    const [first] = able;
    const question = able.length === 1 && first ? confirmation(operation, first, answers) : t('{0} {1} objects?', t(operation.title), able.length);
    if (!(await report.confirm(question, detailOf(operation, able, refused, answers), t(operation.title)))) {
      throw new CancellationError();
    }
  }
  await follow(operation, able, answers, { clusters, migrations, report });
}

function sorted(operation: Operation, found: readonly Found[]): { readonly able: readonly Found[]; readonly refused: readonly Refusal[] } {
  const able: Found[] = [];
  const refused: Refusal[] = [];
  for (const one of found) {
    const applies = operation.applies(one.object, one.session.view);
    if (applies === true) {
      able.push(one);
    } else {
      refused.push({ found: one, because: applies.because });
    }
  }
  return { able, refused };
}

function confirmation(operation: Operation, { object }: Found, answers: Answers): string {
  return operation.confirm?.(object, answers) ?? t('{0} "{1}"?', t(operation.title), object.metadata.name);
}

function detailOf(operation: Operation, able: readonly Found[], refused: readonly Refusal[], answers: Answers): string {
  const lines = able.map((found) => (able.length === 1 ? placeOf(found) : `${confirmation(operation, found, answers)} ${placeOf(found)}`));
  return [shortened(lines), ...(refused.length > 0 ? ['', t('Left out:'), shortened(refused.map(({ because }) => because))] : [])].join('\n');
}

function placeOf({ object, session }: Found): string {
  const { namespace } = object.metadata;
  return namespace === undefined ? t('Context "{0}".', session.context.name) : t('Namespace "{0}", context "{1}".', namespace, session.context.name);
}

function shortened(lines: readonly string[]): string {
  return [...lines.slice(0, linesShown), ...(lines.length > linesShown ? [t('and {0} more', lines.length - linesShown)] : [])].join('\n');
}

/** One notification for all of them. Throws the failure of a single object as it is, those of several in one message. */
async function follow(operation: Operation, able: readonly Found[], answers: Answers, { clusters, migrations, report }: RunOptions): Promise<void> {
  const [only] = able;
  const title = able.length === 1 && only ? t('{0} "{1}"', t(operation.title), only.object.metadata.name) : t('{0}: {1} objects', t(operation.title), able.length);
  await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const signal = abortOn(token);
    const ties = ({ target }: Found): Pick<CarryOutOptions, 'sending' | 'isTakenBack'> => ({
      sending: (operation) => migrations.sending(target.context, operation),
      isTakenBack: ({ metadata }) => migrations.isTakenBack(target.context, metadata),
    });
    able.filter(({ target }) => target.kind === 'VirtualMachineOperation').forEach(({ target }) => migrations.takenBack(target.context, target));
    if (able.length === 1 && only) {
      await carryOut(operation, only, { clusters, signal, answers, ...ties(only), say: (message) => progress.report({ message }) });
      if (operation.group === 'move' && only.target.kind === 'VirtualMachine') {
        const { target, session } = only;
        const node = stringAt(session.view.get(target.kind, target.name, target.namespace), 'status.nodeName');
        // Its operation may be heard of before the machine itself: then nobody knows yet where it is.
        const isKnown = node !== undefined && node !== stringAt(only.object, 'status.nodeName');
        const said = !isKnown ? t('"{0}" has moved.', target.name) : t('"{0}" has moved to "{1}".', target.name, node);
        void report.tell(said, { title: t('Show migration'), run: () => commands.executeCommand('dvp.vm.migration', target) });
      }
      return;
    }
    const failures: string[] = [];
    const waiting = [...able];
    let done = 0;
    const work = async () => {
      for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
        try {
          await carryOut(operation, next, { clusters, signal, answers, ...ties(next), say: () => undefined });
        } catch (error) {
          failures.push(`${next.object.metadata.name}: ${error instanceof Error ? error.message : String(error)}`);
        }
        progress.report({ message: t('{0} of {1} done', ++done, able.length), increment: 100 / able.length });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    signal.throwIfAborted();
    if (failures.length > 0) {
      throw new UserError(`${t('{0} failed for {1} of {2} objects.', t(operation.title), failures.length, able.length)}\n${shortened(failures)}`);
    }
  });
}

function abortOn(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort(new CancellationError()));
  return controller.signal;
}
