import { randomInt } from 'node:crypto';
import { t } from '@vscode/l10n';
import { type CancellationToken, ProgressLocation, window } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { Event } from '../base/event';
import { when } from '../base/when';
import type { KubeObject } from '../domain/kubeObject';
import { outcomeOf } from '../domain/operationOutcome';
import { type Operation, type OperationId, operations } from '../domain/operations';
import type { Clusters, ClusterSession } from './clusters';
import type { Report } from './report';
import { UserError } from './report';
import { contextSettings } from './settings';
import { find, type Found, servedKind, type Target } from './target';

interface Refusal {
  readonly found: Found;
  readonly because: string;
}

/** Names listed in a confirmation before "and N more". */
const namesShown = 10;

/** Applies an operation to objects: refuses with the reason, asks where it matters, follows it to its end. */
export async function runOperation(id: OperationId, targets: readonly Target[], { clusters, report }: { readonly clusters: Clusters; readonly report: Report }): Promise<void> {
  const operation: Operation = operations[id];
  const { able, refused } = sorted(operation, targets.map((target) => find(target, clusters)));
  const [first] = able;
  if (!first) {
    throw new UserError(refused.map(({ because }) => because).slice(0, namesShown).join('\n'));
  }
  const locked = able.find(({ session }) => contextSettings(session.context.name).readOnly);
  if (locked) {
    throw new UserError(t('The context "{0}" is read-only: "{1}" is not sent.', locked.session.context.name, t(operation.title)), [{ title: t('Open settings'), command: 'dvp.settings.open' }]);
  }
  if (operation.confirm || able.length > 1 || refused.length > 0) {
    const question = able.length === 1 ? (operation.confirm?.(first.object) ?? t('{0} "{1}"?', t(operation.title), first.object.metadata.name)) : t('{0} {1} objects?', t(operation.title), able.length);
    if (!(await report.confirm(question, detailOf(operation, able, refused), t(operation.title)))) {
      return;
    }
  }
  const results = await Promise.allSettled(able.map((found) => report.run(`${t(operation.title)} "${found.object.metadata.name}"`, () => follow(operation, found))));
  for (const result of results) {
    if (result.status === 'rejected') {
      report.background('Running an operation', result.reason);
    }
  }
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

function detailOf(operation: Operation, able: readonly Found[], refused: readonly Refusal[]): string {
  const [first] = able;
  const places = able.length === 1 && first ? [placeOf(first)] : able.slice(0, namesShown).map((found) => operation.confirm?.(found.object) ?? `"${found.object.metadata.name}"`).map((line, index) => `${line} ${placeOf(able[index] as Found)}`);
  return [
    ...places,
    ...(able.length > namesShown ? [t('and {0} more', able.length - namesShown)] : []),
    ...(refused.length > 0 ? ['', t('Left out:'), ...refused.slice(0, namesShown).map(({ because }) => because)] : []),
  ].join('\n');
}

function placeOf({ object, session }: Found): string {
  const { namespace } = object.metadata;
  return namespace === undefined ? t('Context "{0}".', session.context.name) : t('Namespace "{0}", context "{1}".', namespace, session.context.name);
}

/** Sends the request and shows progress until the cluster has carried it out. Throws the failure in the platform's own words. */
async function follow(operation: Operation, found: Found): Promise<void> {
  const { object, session } = found;
  const title = `${t(operation.title)} "${object.metadata.name}"`;
  await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const abort = abortOn(token);
    const request = operation.request(object, uniqueName(), session.view);
    switch (request.verb) {
      case 'create':
        return undoneOnAbort(request.object, session, abort, async () => {
          const sent = await session.operate(request, abort);
          await untilEnded(sent ?? request.object, found, abort, (message) => progress.report({ message }));
        });
      case 'delete':
        await session.operate(request, abort);
        progress.report({ message: t('waits until it is gone') });
        return when(news(session), () => isGone(found) || undefined, abort);
      case 'patch':
        return session.operate(request, abort);
    }
  });
}

/** Cancelling takes back what was created: the platform ends an operation whose object is deleted, where it still can. */
async function undoneOnAbort(created: KubeObject, session: ClusterSession, abort: AbortSignal, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    const served = servedKind(session, created.kind);
    if (abort.aborted && served) {
      await session.api.delete(served, created.metadata).catch((failure: unknown) => {
        if (!(failure instanceof Error && 'reason' in failure && failure.reason === 'notFound')) {
          throw failure;
        }
      });
    }
    throw error;
  }
}

/** Objects or the connection are different now. */
function news({ onDidChange, onDidChangeState }: ClusterSession): Event<void> {
  return (listener) => {
    const subscriptions = new DisposableStore();
    subscriptions.add(onDidChange(() => listener()));
    subscriptions.add(onDidChangeState(listener));
    return subscriptions;
  };
}

function isGone({ object, session, target }: Found): boolean {
  const known = session.view.get(target.kind, target.name, target.namespace);
  return known === null || (known !== undefined && known.metadata.uid !== object.metadata.uid);
}

async function untilEnded(sent: KubeObject, { session, target }: Found, abort: AbortSignal, say: (message: string) => void): Promise<void> {
  const { name, namespace } = sent.metadata;
  let wasSeen = false;
  const current = () => {
    const known = session.view.get(sent.kind, name, namespace);
    wasSeen ||= known !== null && known !== undefined;
    if (known === null && wasSeen) {
      return { state: 'failed', message: t('The operation "{0}" was deleted before it ended.', name), next: undefined } as const;
    }
    const outcome = outcomeOf(known ?? sent);
    if (outcome.state !== 'running') {
      return outcome;
    }
    const isCut = session.view.connection.phase === 'lost';
    say(isCut ? t('the connection is lost, the operation goes on without it') : [outcome.phase ?? t('waits for the platform'), outcome.message].filter(Boolean).join(' · '));
    return undefined;
  };
  const outcome = await when(news(session), current, abort);
  if (outcome.state === 'failed') {
    const yaml = { title: t('Show YAML'), command: 'dvp.object.openYaml', arguments: [{ context: target.context, kind: sent.kind, name, namespace }] };
    throw new UserError([t('"{0}" failed: {1}', name, outcome.message), outcome.next].filter(Boolean).join(' '), [yaml]);
  }
}

function abortOn(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort(new DOMException('Cancelled by the user', 'AbortError')));
  return controller.signal;
}

/** Five characters that names of Kubernetes objects may hold, without those that read alike. */
function uniqueName(): string {
  const characters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => characters[randomInt(characters.length)]).join('');
}
