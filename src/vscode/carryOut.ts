import { randomInt } from 'node:crypto';
import { t } from '@vscode/l10n';
import { CancellationError } from 'vscode';
import { DisposableStore } from '../base/disposable';
import type { Event } from '../base/event';
import { systemClock } from '../base/timing';
import { when } from '../base/when';
import type { KubeObject } from '../domain/kubeObject';
import { isMigration } from '../domain/migration/stages';
import { outcomeOf } from '../domain/operationOutcome';
import type { Answers, Operation } from '../domain/operations';
import type { Clusters, ClusterSession } from './clusters';
import { UserError } from './report';
import { type Found, servedKind } from './target';

export interface CarryOutOptions {
  readonly clusters: Clusters;
  /** Aborting takes back what was created: the platform ends an operation whose object is deleted, where it still can. */
  readonly signal: AbortSignal;
  /** What the user has chosen for the operation. */
  readonly answers?: Answers;
  /** Told what is about to be created; gives what is to be sent. */
  readonly sending?: (object: KubeObject) => KubeObject;
  /** Whether the user has deleted what was created: that is no failure. */
  readonly isTakenBack?: (object: KubeObject) => boolean;
  /** Told what is being waited for. */
  readonly say: (message: string) => void;
}

/** How long the end of an operation is waited for whose work is done; usually it comes at once. */
const patienceMs = 10_000;

/** Sends an operation on one object and waits until the cluster has carried it out. Throws the failure in the platform's own words. */
export async function carryOut(operation: Operation, found: Found, options: CarryOutOptions): Promise<void> {
  const { session, object } = found;
  await untilFree(operation, found, options);
  const request = operation.request(object, uniqueName(), session.view, options.answers ?? {});
  switch (request.verb) {
    case 'create': {
      const created = options.sending?.(request.object) ?? request.object;
      try {
        const sent = await session.operate({ ...request, object: created }, options.signal);
        await untilEnded(sent ?? created, found, options);
      } catch (error) {
        if (options.signal.aborted) {
          await takeBack(created, session);
        }
        throw error;
      }
      return;
    }
    case 'delete':
      await session.operate(request, options.signal);
      options.say(t('waits until it is gone'));
      await whenNews(found, options, () => isGone(found) || undefined);
      return;
    case 'patch':
      await session.operate(request, options.signal);
  }
}

/** Waits for what is over in a moment and would have the request refused; when it takes longer, the cluster says what it thinks of that. */
async function untilFree(operation: Operation, found: Found, options: CarryOutOptions): Promise<void> {
  const { session, target } = found;
  const patience = new AbortController();
  const timer = systemClock.after(patienceMs, () => patience.abort());
  try {
    await whenNews(found, { ...options, signal: AbortSignal.any([options.signal, patience.signal]) }, () => {
      const object = session.view.get(target.kind, target.name, target.namespace);
      const before = object ? operation.waitsFor?.(object, session.view) : undefined;
      if (before) {
        options.say(t('waits until "{0}" has ended', before.metadata.name));
      }
      return before ? undefined : true;
    });
  } catch (error) {
    if (!patience.signal.aborted || options.signal.aborted) {
      throw error;
    }
  } finally {
    timer.dispose();
  }
}

async function untilEnded(sent: KubeObject, found: Found, options: CarryOutOptions): Promise<void> {
  const { session, target } = found;
  const { name, namespace } = sent.metadata;
  let wasSeen = false;
  const outcome = await whenNews(found, options, () => {
    const known = session.view.get(sent.kind, name, namespace);
    wasSeen ||= known !== null && known !== undefined;
    if (known === null && wasSeen) {
      if (options.isTakenBack?.(sent)) {
        throw new CancellationError();
      }
      throw new UserError(t('The operation "{0}" was deleted before it ended.', name));
    }
    const now = outcomeOf(known ?? sent);
    if (now.state !== 'running') {
      return now;
    }
    const isCut = session.view.connection.phase === 'lost';
    options.say(isCut ? t('the connection is lost, the operation goes on without it') : now.text);
    return undefined;
  });
  if (outcome.state === 'failed') {
    const where = { context: target.context, kind: sent.kind, name, namespace };
    const show = { title: t('Show migration'), command: 'dvp.vm.migration', arguments: [where] };
    const yaml = { title: t('Show YAML'), command: 'dvp.object.openYaml', arguments: [where] };
    throw new UserError([t('"{0}" failed: {1}', name, outcome.message), outcome.next].filter(Boolean).join(' '), isMigration(sent) ? [show, yaml] : [yaml]);
  }
}

async function takeBack(created: KubeObject, session: ClusterSession): Promise<void> {
  const served = servedKind(session, created.kind);
  try {
    await (served && session.api.delete(served, created.metadata));
  } catch (error) {
    // Either the request never arrived or somebody was faster.
    if (!(error instanceof Error && 'reason' in error && error.reason === 'notFound')) {
      throw error;
    }
  }
}

function isGone({ object, session, target }: Found): boolean {
  const known = session.view.get(target.kind, target.name, target.namespace);
  return known === null || (known !== undefined && known.metadata.uid !== object.metadata.uid);
}

/** As `when`, looking whenever objects or the connection change. Rejects when the context is disconnected meanwhile. */
function whenNews<T>({ session, target }: Found, { clusters, signal }: CarryOutOptions, look: () => T | undefined): Promise<T> {
  const news: Event<void> = (listener) => {
    const subscriptions = new DisposableStore();
    subscriptions.add(session.onDidChange(() => listener()));
    subscriptions.add(clusters.onDidChange(listener));
    return subscriptions;
  };
  return when(news, () => {
    if (clusters.session(target.context) !== session) {
      throw new UserError(t('The context "{0}" was disconnected. What was sent goes on in the cluster.', session.context.name));
    }
    return look();
  }, signal);
}

/** Five characters that names of Kubernetes objects may hold, without those that read alike. */
function uniqueName(): string {
  const characters = 'bcdfghjklmnpqrstvwxz2456789';
  return Array.from({ length: 5 }, () => characters[randomInt(characters.length)]).join('');
}
