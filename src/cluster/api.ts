import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import { sleep, systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { KubeObject } from '../domain/kubeObject';
import { decode, readBody, retryAfterMs, warningsOf } from './answer';
import type { Connection, Outgoing } from './connection';
import { asClusterError, ClusterError, statusError, timeoutProblem } from './errors';
import { isDryRun, isReview, pathOf, withQuery } from './paths';
import type { Query, Resource, Target } from './paths';
import { TimeLimit } from './timeLimit';
import { ownTurn } from './turn';
import { eventsOf } from './watchStream';
import type { WatchEvent } from './watchStream';
import { shared } from './share';
import { trimmed } from './trim';
import type { Dispatcher } from './undici';

export type { Resource } from './paths';
export type { WatchEvent } from './watchStream';

export interface RequestOptions {
  readonly query?: Query;
  /** An object is sent as JSON, a string as it is. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal | undefined;
  /** For request and answer, not for getting credentials; default 30 s, for lists 60 s. */
  readonly timeoutMs?: number;
  /** Called for every `Warning` header of the answer. */
  readonly onWarning?: ((warning: string) => void) | undefined;
  /** Answer lists of a kind that may be large: longer default time limit, compressed on the way. */
  readonly isList?: boolean;
}

export interface ListOptions {
  readonly namespace?: string | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListPage {
  readonly items: KubeObject[];
  readonly resourceVersion: string;
  /** Where the next page begins; absent on the last. */
  readonly continue?: string;
}

export interface WriteOptions {
  readonly dryRun?: boolean | undefined;
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined;
  readonly fieldManager?: string | undefined;
  readonly subresource?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((warning: string) => void) | undefined;
}

export interface PatchOptions extends WriteOptions {
  readonly type: 'merge' | 'json' | 'apply';
  /** For `apply`: take the fields of other managers. */
  readonly force?: boolean | undefined;
}

export interface DeleteOptions {
  /** Only the object with this uid, never a namesake. */
  readonly uid?: string | undefined;
  readonly propagationPolicy?: 'Foreground' | 'Background' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly dryRun?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface WatchOptions {
  readonly namespace?: string | undefined;
  readonly resourceVersion: string;
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  /** How long the server may keep it open before it closes it properly. */
  readonly timeoutSeconds?: number | undefined;
  readonly signal: AbortSignal;
}

export interface ApiOptions {
  readonly connection: Connection;
  readonly userAgent: string;
  /** While true every write is refused here, before it leaves. */
  readonly isReadOnly?: () => boolean;
  readonly clock?: Clock;
}

interface RawList {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly KubeObject[];
}

const defaultTimeoutMs = 30_000;
const listTimeoutMs = 60_000;

/** How often a GET that the server asked to come back later is sent again. */
const maxRetries = 3;

/** A server may ask for minutes; beyond this the caller is told instead. */
const longestRetryMs = 10_000;

const patchTypes = { merge: 'application/merge-patch+json', json: 'application/json-patch+json', apply: 'application/apply-patch+yaml' } as const;

/** The Kubernetes API of one context. Every method throws `ClusterError`, or the reason of its own signal. Owns the connection. */
export class KubeApi implements Disposable {
  readonly #connection: Connection;
  readonly #userAgent: string;
  readonly #isReadOnly: () => boolean;
  readonly #clock: Clock;

  constructor(options: ApiOptions) {
    this.#connection = options.connection;
    this.#userAgent = options.userAgent;
    this.#isReadOnly = options.isReadOnly ?? (() => false);
    this.#clock = options.clock ?? systemClock;
  }

  get connection(): Connection {
    return this.#connection;
  }

  /** One request with a JSON answer; a text answer comes as a string. `path` begins with `/`. */
  async request<T = unknown>(method: Outgoing['method'], path: string, options: RequestOptions = {}): Promise<T> {
    if (method !== 'GET' && this.#isReadOnly() && !isReview(path) && !isDryRun(options.query)) {
      throw new ClusterError('readOnly', t('The context "{0}" is read-only: nothing was changed.', this.#connection.context.name), { hint: t('Switch read-only mode off for this context to make changes.') });
    }
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#once<T>(method, path, options);
      } catch (error) {
        const waitMs = error instanceof ClusterError && method === 'GET' ? error.retryAfterMs : undefined;
        if (waitMs === undefined || waitMs > longestRetryMs || attempt >= maxRetries) {
          throw error;
        }
        await sleep(this.#clock, waitMs, options.signal);
      }
    }
  }

  async get(resource: Resource, name: string, namespace?: string, options: { readonly signal?: AbortSignal } = {}): Promise<KubeObject> {
    return trimmed(await this.request<KubeObject>('GET', pathOf(resource, { name, namespace }), options));
  }

  /** The pages of a list. Each is asked for as soon as the one before is read, so that neither side waits while the other works. */
  async* listPages(resource: Resource, options: ListOptions = {}): AsyncGenerator<ListPage, void, undefined> {
    const ended = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, ended.signal]) : ended.signal;
    const ask = async (token: string | undefined): Promise<Asked> => {
      const list = await this.#rawList(resource, { ...options, signal, continue: token });
      const more = list.metadata?.continue;
      const next = more ? ask(more) : undefined;
      // Its failure is told when its turn has come.
      next?.catch(() => undefined);
      return { list, next };
    };
    try {
      let asked: Promise<Asked> | undefined = ask(options.continue);
      while (asked) {
        const { list, next }: Asked = await asked;
        asked = next;
        await ownTurn();
        yield pageOf(list);
      }
    } finally {
      ended.abort(new Error('No longer wanted'));
    }
  }

  /** The first page of a list. */
  async listPage(resource: Resource, options: ListOptions = {}): Promise<ListPage> {
    return pageOf(await this.#rawList(resource, options));
  }

  async create(resource: Resource, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return this.#write('POST', pathOf(resource, { namespace: object.metadata.namespace }), object, options);
  }

  async replace(resource: Resource, object: KubeObject, options: WriteOptions = {}): Promise<KubeObject> {
    return this.#write('PUT', pathOf(resource, object.metadata, options.subresource), object, options);
  }

  /** `patch`: an object for `merge`, a list for `json`, an object or YAML text for `apply`. */
  async patch(resource: Resource, target: Target, patch: unknown, options: PatchOptions): Promise<KubeObject> {
    return this.#write('PATCH', pathOf(resource, target, options.subresource), patch, options, { contentType: patchTypes[options.type], force: options.force });
  }

  /** Returns when the server has accepted it; finalizers may keep the object for long. */
  async delete(resource: Resource, target: Target, options: DeleteOptions = {}): Promise<void> {
    const { uid, propagationPolicy, gracePeriodSeconds, dryRun, signal } = options;
    await this.request('DELETE', pathOf(resource, target), {
      signal, query: { dryRun: dryRun ? 'All' : undefined },
      body: { kind: 'DeleteOptions', apiVersion: 'v1', ...(uid && { preconditions: { uid } }), ...(propagationPolicy && { propagationPolicy }), ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }) },
    });
  }

  /** One connection. Ends when the server closes it; throws when it breaks. Events of the type `ERROR` are passed on. */
  async* watch(resource: Resource, options: WatchOptions): AsyncGenerator<WatchEvent, void, undefined> {
    for await (const events of await this.openWatch(resource, options)) {
      yield* events;
    }
  }

  /** As `watch`, with the events that came together; returns once the server has agreed. They must be iterated, or the signal aborted. */
  async openWatch(resource: Resource, options: WatchOptions): Promise<AsyncIterable<readonly WatchEvent[]>> {
    const { namespace, signal, ...query } = options;
    const path = withQuery(pathOf(resource, { namespace }), { ...query, watch: true, allowWatchBookmarks: true });
    const { body } = await this.#timed(signal, defaultTimeoutMs, (limit) => this.#send({ method: 'GET', path }, limit, signal));
    return eventsOf(body, { signal, target: this.#target });
  }

  dispose(): void {
    this.#connection.dispose();
  }

  async #rawList(resource: Resource, options: ListOptions): Promise<RawList> {
    const { namespace, signal, ...query } = options;
    const list = await this.request<RawList | undefined>('GET', pathOf(resource, { namespace }), { query, signal, isList: true });
    if (!Array.isArray(list?.items)) {
      throw new ClusterError('server', t('The server answered with something that is no list of "{0}".', resource.plural));
    }
    return list;
  }

  get #target(): string {
    return this.#connection.context.server;
  }

  async #write(method: 'POST' | 'PUT' | 'PATCH', path: string, body: unknown, options: WriteOptions, patch: { contentType?: string; force?: boolean | undefined } = {}): Promise<KubeObject> {
    const { dryRun, fieldValidation, fieldManager, signal, onWarning } = options;
    const query = { dryRun: dryRun ? 'All' : undefined, fieldValidation, fieldManager, force: patch.force };
    return trimmed(await this.request<KubeObject>(method, path, { query, body, signal, onWarning, ...(patch.contentType && { contentType: patch.contentType }) }));
  }

  #once<T>(method: Outgoing['method'], path: string, options: RequestOptions): Promise<T> {
    const { query, body, contentType = 'application/json', accept = 'application/json', signal, isList, onWarning } = options;
    return this.#timed(signal, options.timeoutMs ?? (isList ? listTimeoutMs : defaultTimeoutMs), async (limit) => {
      const headers = { accept, ...(body !== undefined && { 'content-type': contentType }), ...(isList && !this.#connection.isLocal && { 'accept-encoding': 'gzip' }) };
      const text = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
      const answer = await this.#send({ method, path: withQuery(path, query), headers, ...(text !== undefined && { body: text }) }, limit, signal);
      const bytes = await readBody(answer);
      if (isList) {
        await ownTurn();
      }
      for (const warning of warningsOf(answer.headers)) {
        onWarning?.(warning);
      }
      return decode<T>(bytes, answer.headers['content-type']);
    });
  }

  /** Throws what a failure code means; otherwise the body is still to be read. */
  async #send(request: Outgoing, limit: TimeLimit, signal: AbortSignal | undefined): Promise<Dispatcher.ResponseData> {
    const answer = await this.#connection.send({ ...request, headers: { accept: 'application/json', ...request.headers, 'user-agent': this.#userAgent } }, { signal, limit });
    if (answer.statusCode >= 200 && answer.statusCode < 300) {
      return answer;
    }
    const text = (await readBody(answer)).toString('utf8');
    throw statusError(answer.statusCode, text, retryAfterMs(answer.headers, this.#clock.now()));
  }

  /** Runs `work` with a limit on the time that the server takes; once it is done the limit is lifted. */
  async #timed<T>(signal: AbortSignal | undefined, timeoutMs: number, work: (limit: TimeLimit) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const limit = new TimeLimit(this.#clock, timeoutMs);
    try {
      return await work(limit);
    } catch (error) {
      if (signal?.aborted) {
        throw signal.reason;
      }
      if (limit.signal.aborted) {
        const { message, hint } = timeoutProblem(this.#target);
        throw new ClusterError('timeout', message, { hint });
      }
      throw asClusterError(error, this.#target);
    } finally {
      limit.dispose();
    }
  }
}

/** A page that has come, and the one that was asked for after it. */
interface Asked {
  readonly list: RawList;
  readonly next: Promise<Asked> | undefined;
}

/** The objects say their `apiVersion` and `kind`, which servers leave out in lists of their own kinds. */
function pageOf({ apiVersion = '', kind: listKind = '', items = [], metadata = {} }: RawList): ListPage {
  const kind = listKind.replace(/List$/, '');
  return {
    items: items.map((item) => shared(trimmed(item.kind ? item : Object.assign({ apiVersion, kind }, item)))),
    resourceVersion: metadata.resourceVersion ?? '', ...(metadata.continue && { continue: metadata.continue }),
  };
}
