import type { Clock } from '../../../src/base/timing';
import type { JsonObject } from './model';
import type { Selector } from './selectors';
import { badRequest, expired } from './status';
import { lowerBound, type Snapshot, type Storage, type Stored } from './storage';

export interface Page {
  readonly revision: number;
  readonly items: readonly Stored[];
  /** Token of the next page. */
  readonly next?: string;
  /** How many come after this page; undefined when a selector makes that unknown. */
  readonly remaining?: number;
}

/** How long a paged list can be continued, as etcd's compaction of five minutes allows. */
const keptMs = 5 * 60_000;
/** How many begun lists of one resource are remembered. */
const keptPerResource = 50;

interface Token { readonly revision: number; readonly start: string }

/** Lists in pages that all show the same moment. */
export class Pages {
  readonly #storage: Storage;
  readonly #clock: Clock;
  readonly #begun = new Map<string, { readonly snapshot: Snapshot; readonly untilMs: number }[]>();

  constructor(storage: Storage, clock: Clock) {
    this.#storage = storage;
    this.#clock = clock;
  }

  /** Forgets all begun lists, so that their tokens are expired. */
  compact(): void {
    this.#begun.clear();
  }

  /** @throws ApiError 410 when the list of `token` is no longer kept, 400 when it is no token. */
  page(resource: string, options: { namespace: string; selector?: Selector | undefined; limit: number; token: string }): Page {
    const token = options.token === '' ? undefined : decodeToken(options.token);
    const snapshot = token && token.revision >= 0 ? this.#resume(resource, token) : this.#storage.snapshot(resource);
    const [first, end] = rangeOf(snapshot.items, options.namespace);
    const start = token ? Math.max(first, lowerBound(snapshot.items, token.start)) : first;
    const { items, next } = take(snapshot.items, start, end, options.limit, options.selector);
    if (next >= end) {
      return { revision: snapshot.revision, items };
    }
    this.#remember(resource, snapshot);
    return {
      revision: snapshot.revision, items, next: encodeToken({ revision: snapshot.revision, start: snapshot.items[next]!.key }),
      ...(options.selector ? {} : { remaining: end - next }),
    };
  }

  #resume(resource: string, token: Token): Snapshot {
    const begun = this.#begun.get(resource)?.find((list) => list.snapshot.revision === token.revision && list.untilMs > this.#clock.now());
    if (!begun) {
      throw expired('The provided continue parameter is too old to display a consistent list result. You can start a new list without '
        + 'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the '
        + 'provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk '
        + 'was returned and now may show up in the list.', { continue: encodeToken({ revision: -1, start: token.start }) } satisfies JsonObject);
    }
    return begun.snapshot;
  }

  #remember(resource: string, snapshot: Snapshot): void {
    const lists = (this.#begun.get(resource) ?? []).filter((list) => list.snapshot.revision !== snapshot.revision && list.untilMs > this.#clock.now());
    this.#begun.set(resource, [...lists.slice(-keptPerResource + 1), { snapshot, untilMs: this.#clock.now() + keptMs }]);
  }
}

function take(items: readonly Stored[], start: number, end: number, limit: number, selector: Selector | undefined): { items: readonly Stored[]; next: number } {
  if (!selector) {
    const next = limit > 0 ? Math.min(end, start + limit) : end;
    return { items: items.slice(start, next), next };
  }
  const taken: Stored[] = [];
  let next = start;
  for (; next < end && (limit === 0 || taken.length < limit); next++) {
    if (selector(items[next]!)) {
      taken.push(items[next]!);
    }
  }
  return { items: taken, next };
}

/** Where the objects of a namespace are; all when it is empty. Keys are `namespace/name`, and `0` follows `/`. */
function rangeOf(items: readonly Stored[], namespace: string): [number, number] {
  return namespace === '' ? [0, items.length] : [lowerBound(items, `${namespace}/`), lowerBound(items, `${namespace}0`)];
}

function encodeToken(token: Token): string {
  return Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: token.revision, start: token.start })).toString('base64url');
}

function decodeToken(text: string): Token {
  try {
    const { rv, start } = JSON.parse(Buffer.from(text, 'base64url').toString()) as { rv: unknown; start: unknown };
    if (typeof rv === 'number' && typeof start === 'string') {
      return { revision: rv, start };
    }
  } catch {
    // Refused below like any other text that is no token.
  }
  throw badRequest('continue key is not valid: illegal base64 data or encoding');
}
