import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import { sleep } from '../base/timing';
import type { Clock } from '../base/timing';
import type { KubeObject } from '../domain/kubeObject';
import type { Problem } from '../domain/problem';
import type { KubeApi, Resource } from './api';
import { Backoff } from './backoff';
import { asClusterError, ClusterError, problemOf, watchError } from './errors';
import { InvalidEvent } from './watchStream';
import type { WatchEvent } from './watchStream';

/** What a watch has to say about the objects of one kind in one scope. */
export type Change =
  /** A part of a long list, which `listed` will end; only for who asked for pages. */
  | { readonly type: 'page'; readonly objects: readonly KubeObject[]; readonly isFirst: boolean }
  /** All objects there are, together with the pages before if it is `isContinued`: what is not among them is gone. */
  | { readonly type: 'listed'; readonly objects: readonly KubeObject[]; readonly isContinued?: boolean }
  | { readonly type: 'set' | 'deleted'; readonly object: KubeObject }
  /** What is known is true again, without a new list. */
  | { readonly type: 'resumed' }
  /** What is known was last true at `sinceMs`; `undefined`: nothing ever was. `retryAtMs` absent: no further try by itself. */
  | { readonly type: 'failed'; readonly problem: Problem; readonly sinceMs: number | undefined; readonly retryAtMs?: number };

export interface FollowOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Absent: all namespaces, or a kind without namespaces. */
  readonly namespace?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** Waits between attempts; may return early when the user wants a retry. */
  readonly wait?: (waitMs: number, signal: AbortSignal) => Promise<void>;
  readonly random?: () => number;
  readonly inactivityMs?: number;
  /** Hand on the pages of a long list one by one, so that tens of thousands of objects need not be taken in at once; default: one `listed`. */
  readonly byPage?: boolean;
}

/** Objects per page of a list, as kubectl asks for. */
const pageSize = 500;

/** kube-apiserver sends a bookmark about every minute: a connection silent for longer than this is taken for dead. */
const defaultInactivityMs = 90_000;

const lookEveryMs = 5000;

/** A watch that ends sooner than this is a failure, not the end of a long one. */
const shortestWatchMs = 1000;

/**
 * Lists one kind in one scope and follows its changes until the signal aborts, through everything that can be waited out.
 * Ends by itself, after a `failed`, only when the kind may not be listed or is not served: then waiting does not help.
 */
export async function* follow(api: KubeApi, resource: Resource, options: FollowOptions): AsyncGenerator<Change, void, undefined> {
  for await (const changes of followInBatches(api, resource, options)) {
    yield* changes;
  }
}

/** As `follow`; changes that came together stay together, so that thousands of them cost little more than reading them. Never an empty batch. */
export function followInBatches(api: KubeApi, resource: Resource, options: FollowOptions): AsyncGenerator<readonly Change[], void, undefined> {
  return new Follower(api, resource, options).changes();
}

class Follower {
  readonly #api: KubeApi;
  readonly #resource: Resource;
  readonly #options: FollowOptions;
  readonly #backoff: Backoff;
  /** Where the watch goes on; `undefined`: list first. */
  #version: string | undefined;
  /** When the server was last heard of while what is known was true. */
  #contactMs: number | undefined;
  /** The last attempt failed and nothing has come since. */
  #isBroken = false;
  #listedMs = Number.NEGATIVE_INFINITY;

  constructor(api: KubeApi, resource: Resource, options: FollowOptions) {
    this.#api = api;
    this.#resource = resource;
    this.#options = options;
    this.#backoff = new Backoff(options.clock, options.random);
  }

  async* changes(): AsyncGenerator<readonly Change[], void, undefined> {
    const { signal, clock } = this.#options;
    while (!signal.aborted) {
      try {
        yield* this.#round();
      } catch (thrown) {
        if (signal.aborted) {
          return;
        }
        const error = asClusterError(thrown, this.#api.connection.context.server);
        if (error.reason === 'gone') {
          // The place is too old. The list that follows tells exactly what has happened since.
          this.#version = undefined;
          if (clock.now() - this.#listedMs >= shortestWatchMs) {
            continue;
          }
        }
        if (error.reason === 'forbidden' || error.reason === 'notServed') {
          yield [{ type: 'failed', problem: problemOf(error), sinceMs: this.#contactMs }];
          return;
        }
        const waitMs = Math.max(this.#backoff.nextMs(), error.retryAfterMs ?? 0);
        if (this.#isBroken || error instanceof InvalidEvent) {
          // Not even the next attempt got anywhere: the place may be what is wrong, and a server that comes back may have another history.
          this.#version = undefined;
        }
        this.#isBroken = true;
        yield [{ type: 'failed', problem: problemOf(error), sinceMs: this.#contactMs, retryAtMs: clock.now() + waitMs }];
        await this.#wait(waitMs);
      }
    }
  }

  /** One list if needed and one watch, to its proper end. */
  async* #round(): AsyncGenerator<readonly Change[], void, undefined> {
    const { clock, signal } = this.#options;
    this.#version ??= yield* this.#list();
    const startedMs = clock.now();
    yield* this.#watch(this.#version);
    signal.throwIfAborted();
    if (clock.now() - startedMs < shortestWatchMs) {
      throw new ClusterError('server', t('The server ended the watch of "{0}" at once.', this.#resource.plural));
    }
  }

  /** Answers with the version of the list. */
  async* #list(): AsyncGenerator<readonly Change[], string, undefined> {
    try {
      return yield* this.#listPages(pageSize);
    } catch (error) {
      if (!(error instanceof ClusterError && error.reason === 'gone') || this.#options.signal.aborted) {
        throw error;
      }
      // The pages came too slowly for the server's memory: all at once, then.
      return yield* this.#listPages(undefined);
    }
  }

  async* #listPages(limit: number | undefined): AsyncGenerator<readonly Change[], string, undefined> {
    const { namespace, fieldSelector, signal, clock, byPage = false } = this.#options;
    let objects: KubeObject[] = [];
    let isContinued = false;
    let version = '';
    for await (const page of this.#api.listPages(this.#resource, { namespace, fieldSelector, signal, limit })) {
      signal.throwIfAborted();
      objects = byPage || !isContinued ? page.items : objects.concat(page.items);
      version = page.resourceVersion;
      if (page.continue === undefined) {
        this.#listedMs = clock.now();
        this.#heard();
        yield [{ type: 'listed', objects, ...(byPage && isContinued && { isContinued }) }];
      } else if (byPage) {
        yield [{ type: 'page', objects, isFirst: !isContinued }];
      }
      isContinued = true;
    }
    return version;
  }

  async* #watch(resourceVersion: string): AsyncGenerator<readonly Change[], void, undefined> {
    const { namespace, fieldSelector, signal, clock, random = Math.random } = this.#options;
    const silence = new Silence(clock, this.#options.inactivityMs ?? defaultInactivityMs);
    const isResuming = this.#isBroken;
    let openedMs = Number.POSITIVE_INFINITY;
    try {
      const events = await this.#api.openWatch(this.#resource, {
        // Spread over five to ten minutes, as client-go does, so that not all kinds come back at the same time.
        namespace, fieldSelector, resourceVersion, timeoutSeconds: Math.round(300 + random() * 300),
        signal: AbortSignal.any([signal, silence.signal]),
      });
      signal.throwIfAborted();
      openedMs = clock.now();
      this.#contact();
      if (isResuming) {
        yield [{ type: 'resumed' }];
      }
      for await (const batch of events) {
        signal.throwIfAborted();
        silence.broken();
        const { changes, error } = this.#take(batch);
        if (changes.length > 0) {
          yield changes;
        }
        if (error) {
          throw watchError(error);
        }
      }
    } catch (error) {
      this.#isBroken &&= clock.now() - openedMs < shortestWatchMs;
      // A dead connection is no failure before the next one fails too.
      if (signal.aborted || !silence.signal.aborted) {
        throw error;
      }
    } finally {
      silence.dispose();
    }
  }

  /** What the events change, and the `Status` of the one that ends the watch. */
  #take(events: readonly WatchEvent[]): { readonly changes: readonly Change[]; readonly error: unknown } {
    const changes: Change[] = [];
    for (const { type, object } of events) {
      if (type === 'ERROR') {
        return { changes, error: object };
      }
      if (changes.length === 0) {
        this.#heard();
      }
      this.#version = object.metadata.resourceVersion ?? this.#version;
      if (type !== 'BOOKMARK') {
        changes.push({ type: type === 'DELETED' ? 'deleted' : 'set', object });
      }
    }
    return { changes, error: undefined };
  }

  #contact(): void {
    this.#contactMs = this.#options.clock.now();
    this.#backoff.succeeded();
  }

  #heard(): void {
    this.#contact();
    this.#isBroken = false;
  }

  async #wait(waitMs: number): Promise<void> {
    const { clock, signal, wait } = this.#options;
    await (wait ?? ((ms, until) => sleep(clock, ms, until)))(waitMs, signal).catch(() => undefined);
  }
}

/** Aborts when nothing has come for too long. */
class Silence implements Disposable {
  readonly #clock: Clock;
  readonly #limitMs: number;
  readonly #controller = new AbortController();
  #lastMs: number;
  #timer: Disposable;

  constructor(clock: Clock, limitMs: number) {
    this.#clock = clock;
    this.#limitMs = limitMs;
    this.#lastMs = clock.now();
    this.#timer = this.#look();
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  broken(): void {
    this.#lastMs = this.#clock.now();
  }

  dispose(): void {
    this.#timer.dispose();
  }

  /** Looks often: the timers of a machine that sleeps stand still, its clock does not. */
  #look(): Disposable {
    return this.#clock.after(Math.min(this.#limitMs, lookEveryMs), () => {
      if (this.#clock.now() - this.#lastMs >= this.#limitMs) {
        this.#controller.abort(new Error('Silence'));
      } else {
        this.#timer = this.#look();
      }
    });
  }
}
