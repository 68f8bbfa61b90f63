import type { Disposable } from '../../../src/base/disposable';
import { DisposableStore } from '../../../src/base/disposable';
import type { Clock } from '../../../src/base/timing';
import { writeHead, type Exchange } from './answer';
import type { Conversion } from './conversion';
import { groupVersionOf, type Resource } from './model';
import { present, type Presentation } from './presentation';
import { storageKey } from './registry';
import type { Selector } from './selectors';
import { expired } from './status';
import { decode, type Change, type Storage, type Stored } from './storage';
import { encodeObject } from './conversion';
import type { WatchHub } from './watchHub';

export interface WatchOptions {
  readonly resource: Resource;
  readonly namespace: string;
  readonly selector: Selector | undefined;
  /** Undefined: begin with the objects that exist. */
  readonly revision: number | undefined;
  /** Whether to say when the objects that exist have all been sent. */
  readonly announcesEnd: boolean;
  readonly bookmarks: boolean;
  readonly timeoutMs: number;
  readonly as: Presentation;
}

/** How often an idle watch is told the current revision; as kube-apiserver does. */
const bookmarkIntervalMs = 60_000;
/** A watcher that is this far behind is cut off. */
const backlogLimitBytes = 64 * 1024 * 1024;

interface Parts { readonly storage: Storage; readonly hub: WatchHub; readonly conversion: Conversion; readonly clock: Clock }

/** Answers a watch until the client leaves or its time is over. */
export function streamWatch(parts: Parts, exchange: Exchange, options: WatchOptions): void {
  const { storage, hub, clock } = parts;
  const { response } = exchange;
  const key = storageKey(options.resource);
  const owned = new DisposableStore();
  const sink = new Sink(exchange, () => owned.dispose());
  response.once('close', () => owned.dispose());
  writeHead(exchange, 200, { 'content-type': 'application/json' });
  response.flushHeaders();

  const inScope = options.namespace === '' ? () => true : (stored: Stored) => stored.namespace === options.namespace;
  const matches = (stored: Stored | undefined) => stored !== undefined && inScope(stored) && (options.selector?.(stored) ?? true);
  const render = (type: string, stored: Stored, change?: Change) => {
    sink.push(change && options.as.form === 'object' && options.resource.version === options.resource.storageVersion
      ? sharedLine(change) : line(type, present(parts.conversion, options.resource, stored, options.as)));
  };
  const follow = (change: Change) => {
    const [before, after] = [matches(change.previous), change.type !== 'DELETED' && matches(change.stored)];
    const type = after ? (before ? 'MODIFIED' : 'ADDED') : before ? 'DELETED' : undefined;
    if (type === undefined) {
      return;
    }
    if (type === change.type) {
      render(type, change.stored, change);
    } else {
      // An object that leaves the selection is shown as it was while it was in it.
      render(type, type === 'DELETED' ? withRevision(change.previous!, change.stored.revision) : change.stored);
    }
  };
  const bookmark = (annotations?: Record<string, string>) => {
    sink.push(Buffer.from(`${JSON.stringify({ type: 'BOOKMARK', object: {
      kind: options.resource.kind, apiVersion: groupVersionOf(options.resource),
      metadata: { resourceVersion: String(storage.revision), ...(annotations ? { annotations } : { }), creationTimestamp: null },
    } })}\n`));
  };

  if (options.revision === undefined) {
    storage.snapshot(key).items.filter(matches).forEach((stored) => render('ADDED', stored));
    if (options.announcesEnd) {
      bookmark({ 'k8s.io/initial-events-end': 'true' });
    }
  } else {
    const missed = hub.since(key, options.revision);
    if ('tooOld' in missed) {
      sink.push(Buffer.from(`${JSON.stringify({ type: 'ERROR', object: expired(`too old resource version: ${options.revision} (${missed.tooOld})`).status() })}\n`));
      sink.end();
      return;
    }
    missed.forEach(follow);
  }
  owned.add(hub.listen(key, (change) => {
    if (options.revision === undefined || change.stored.revision > options.revision) {
      follow(change);
    }
  }));
  if (options.bookmarks) {
    owned.add(every(clock, bookmarkIntervalMs, () => bookmark()));
    // One more shortly before the end, so that the client resumes from there.
    owned.add(clock.after(Math.max(0, options.timeoutMs - 2000), () => bookmark()));
  }
  owned.add(clock.after(options.timeoutMs, () => sink.end()));
}

/** Writes lines in order, even when some of them have to be waited for, many to a packet. */
class Sink {
  readonly #exchange: Exchange;
  readonly #close: () => void;
  #pending: Promise<void> | undefined;
  #isCorked = false;

  constructor(exchange: Exchange, close: () => void) {
    this.#exchange = exchange;
    this.#close = close;
  }

  push(line: Buffer | Promise<Buffer>): void {
    if (Buffer.isBuffer(line) && !this.#pending) {
      this.#write(line);
      return;
    }
    const before = this.#pending ?? Promise.resolve();
    const own: Promise<void> = before.then(() => line).then((bytes) => this.#write(bytes), () => this.#abort()).then(() => {
      if (this.#pending === own) {
        this.#pending = undefined;
      }
    });
    this.#pending = own;
  }

  end(): void {
    this.#close();
    // After what is corked, which Node would otherwise put behind the end.
    void (this.#pending ?? Promise.resolve()).then(() => setImmediate(() => this.#exchange.response.end()));
  }

  #abort(): void {
    this.#close();
    this.#exchange.response.destroy();
  }

  #write(bytes: Buffer): void {
    const { response } = this.#exchange;
    if (!this.#isCorked) {
      this.#isCorked = true;
      response.cork();
      setImmediate(() => {
        this.#isCorked = false;
        response.uncork();
      });
    }
    response.write(bytes);
    if (response.writableLength > backlogLimitBytes) {
      this.#abort();
    }
  }
}

const lines = new WeakMap<Change, Buffer>();

/** The line of a change, the same bytes for all who watch. */
function sharedLine(change: Change): Buffer {
  let bytes = lines.get(change);
  if (!bytes) {
    bytes = join(change.type, change.stored.json);
    lines.set(change, bytes);
  }
  return bytes;
}

function line(type: string, object: Buffer | Promise<Buffer>): Buffer | Promise<Buffer> {
  return Buffer.isBuffer(object) ? join(type, object) : object.then((bytes) => join(type, bytes));
}

function join(type: string, object: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`{"type":"${type}","object":`), object, Buffer.from('}\n')]);
}

function withRevision(stored: Stored, revision: number): Stored {
  const object = decode(stored);
  object.metadata.resourceVersion = String(revision);
  return { ...stored, revision, json: encodeObject(object) };
}

function every(clock: Clock, intervalMs: number, run: () => void): Disposable {
  let timer = clock.after(intervalMs, tick);
  function tick(): void {
    timer = clock.after(intervalMs, tick);
    run();
  }
  return { dispose: () => timer.dispose() };
}
