import type { KubeApi, Resource } from '../../../src/cluster/api';
import { ClusterError } from '../../../src/cluster/errors';
import { follow } from '../../../src/cluster/watch';
import type { Disposable } from '../../../src/base/disposable';
import { systemClock } from '../../../src/base/timing';
import { keyOf, type KubeObject } from '../../../src/domain/kubeObject';
import type { Context, Controller, Step } from './controller';
import { dependentsOf } from './dependents';
import { difference } from './difference';
import { EventRecorder } from './events';
import { idOf, refOf, statusOf, type Fields, type Ref } from './objects';
import { isAtRest } from './rest';

export interface LoopOptions {
  readonly api: KubeApi;
  readonly context: Context;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly controllers: readonly Controller[];
  readonly log: (message: string) => void;
}

/** How many objects are written at the same time. */
const concurrency = 16;

/** After a failed write. A conflict needs no wait: the newer version is on its way. */
const retryMs = 300;

/** The one loop of all controllers: watch → look at the object → write → look again, until there is nothing to write. */
export class Loop implements Disposable {
  readonly #options: LoopOptions;
  readonly #controllers: ReadonlyMap<string, Controller>;
  readonly #events: EventRecorder;
  readonly #abort = new AbortController();
  readonly #queue = new Map<string, Ref>();
  readonly #busy = new Set<string>();
  readonly #timers = new Map<string, Disposable>();
  readonly #idle: (() => void)[] = [];
  readonly #changes: (() => void)[] = [];
  #isStarted = false;

  constructor(options: LoopOptions) {
    this.#options = options;
    this.#controllers = new Map(options.controllers.map((controller) => [controller.kind, controller]));
    this.#events = new EventRecorder(options.api, options.context.clock);
    options.context.lower.onDidChange = (ref) => {
      const object = options.context.known.get(ref.kind, ref.name, ref.namespace);
      if (object) {
        this.#changed(object, object);
      }
    };
  }

  /** Resolves when every kind has been listed: only then are controllers asked, so that nothing seems missing that is not. */
  async start(): Promise<void> {
    const { resources, context } = this.#options;
    await Promise.all([...resources].map(([kind, resource]) => new Promise<void>((listed) => void this.#follow(kind, resource, listed))));
    for (const kind of resources.keys()) {
      for (const object of context.known.all(kind)) {
        if (!isAtRest(object)) {
          this.wake(refOf(object));
        }
      }
    }
    this.#isStarted = true;
  }

  async #follow(kind: string, resource: Resource, listed: () => void): Promise<void> {
    const { api, context: { known }, log } = this.#options;
    for await (const change of follow(api, resource, { clock: systemClock, signal: this.#abort.signal })) {
      if (change.type === 'listed') {
        const names = new Set(change.objects.map(({ metadata }) => keyOf(metadata)));
        change.objects.forEach((object) => this.#took(object));
        [...known.all(kind)].filter(({ metadata }) => !names.has(keyOf(metadata))).forEach((object) => this.#lost(object));
        listed();
      } else if (change.type === 'set') {
        this.#took(change.object);
      } else if (change.type === 'deleted') {
        this.#lost(change.object);
      } else if (change.type === 'failed') {
        log(`${kind}: ${change.problem.message}`);
      }
    }
    listed();
  }

  /** Has an object looked at soon; many calls are one. */
  wake(ref: Ref): void {
    if (!this.#controllers.has(ref.kind)) {
      return;
    }
    this.#queue.set(idOf(ref), ref);
    this.#pump();
  }

  /** Resolves as soon as no object is waiting to be looked at or being written. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#pump();
    });
  }

  /** Resolves when the next version of any object, or its deletion, has arrived. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#changes.push(resolve));
  }

  dispose(): void {
    this.#abort.abort();
    this.#queue.clear();
    for (const timer of this.#timers.values()) {
      timer.dispose();
    }
  }

  #changed(object: KubeObject | undefined, old: KubeObject | undefined): void {
    if (object) {
      this.wake(refOf(object));
    }
    for (const ref of dependentsOf(object, old, this.#options.context.known)) {
      this.wake(ref);
    }
  }

  #pump(): void {
    for (const [id, ref] of this.#queue) {
      if (this.#busy.size >= concurrency || this.#abort.signal.aborted) {
        return;
      }
      if (!this.#busy.has(id)) {
        this.#queue.delete(id);
        this.#busy.add(id);
        void this.#look(id, ref);
      }
    }
    if (this.#queue.size + this.#busy.size === 0) {
      this.#idle.splice(0).forEach((resolve) => resolve());
    }
  }

  async #look(id: string, ref: Ref): Promise<void> {
    // Reconciling in a later turn lets several events that arrive together become one look.
    await Promise.resolve();
    try {
      const object = this.#options.context.known.get(ref.kind, ref.name, ref.namespace);
      const step = object && this.#controllers.get(ref.kind)?.reconcile(object, this.#options.context);
      if (object && step && await this.#apply(object, step)) {
        this.#queue.set(id, ref);
      }
    } catch (error) {
      const isStale = error instanceof ClusterError && (error.reason === 'conflict' || error.reason === 'notFound');
      if (!isStale && !this.#abort.signal.aborted) {
        this.#options.log(`${id}: ${error instanceof Error ? error.message : String(error)}`);
      }
      this.#later(id, ref, retryMs);
    } finally {
      this.#busy.delete(id);
      this.#pump();
    }
  }

  /** Gives whether something was written. */
  async #apply(object: KubeObject, step: Step): Promise<boolean> {
    let wrote = false;
    for (const created of step.create ?? []) {
      this.#took(await this.#options.api.create(this.#resource(created.kind), created as unknown as KubeObject));
      wrote = true;
    }
    const status = step.status && difference(statusOf(object), step.status);
    const current = status ? await this.#patch(object, { status }, 'status') : object;
    if (status && current.metadata.resourceVersion === object.metadata.resourceVersion) {
      this.#options.log(`${idOf(refOf(object))}: the server does not keep all of ${JSON.stringify(status)}`);
    } else {
      wrote ||= status !== undefined;
    }
    if (step.metadata || step.patch) {
      await this.#patch(current, step.patch ?? { metadata: step.metadata });
      wrote = true;
    }
    for (const doomed of step.remove ?? []) {
      await this.#options.api.delete(this.#resource(doomed.kind), doomed.metadata, { uid: doomed.metadata.uid }).catch(ignoreMissing);
      wrote = true;
    }
    step.then?.();
    for (const event of step.events ?? []) {
      await this.#events.record(event.on ?? object, event).catch((error: unknown) => this.#options.log(`Event ${event.reason}: ${String(error)}`));
    }
    if (step.againMs !== undefined) {
      this.#later(idOf(refOf(object)), refOf(object), step.againMs);
    }
    return wrote;
  }

  async #patch(object: KubeObject, patch: Fields, subresource?: string): Promise<KubeObject> {
    const metadata = { ...(patch['metadata'] as Fields | undefined), resourceVersion: object.metadata.resourceVersion };
    const written = await this.#options.api.patch(this.#resource(object.kind), object.metadata, { ...patch, metadata }, { type: 'merge', ...(subresource ? { subresource } : {}) });
    // The answer to a patch that takes the last finalizer away is the object that no longer exists.
    const isGone = written.metadata.deletionTimestamp !== undefined && (written.metadata.finalizers ?? []).length === 0;
    if (isGone) {
      this.#lost(written);
    } else {
      this.#took(written);
    }
    return written;
  }

  #took(object: KubeObject): void {
    const old = this.#options.context.known.put(object);
    if (old !== null && this.#isStarted) {
      this.#changed(object, old);
    }
    this.#changes.splice(0).forEach((resolve) => resolve());
  }

  #lost(object: KubeObject): void {
    if (this.#options.context.known.remove(object)) {
      this.#changed(undefined, object);
    }
    this.#changes.splice(0).forEach((resolve) => resolve());
  }

  #resource(kind: string): Resource {
    const resource = this.#options.resources.get(kind);
    if (!resource) {
      throw new Error(`No resource for ${kind}`);
    }
    return resource;
  }

  #later(id: string, ref: Ref, delayMs: number): void {
    this.#timers.get(id)?.dispose();
    this.#timers.set(id, this.#options.context.clock.after(delayMs, () => {
      this.#timers.delete(id);
      this.wake(ref);
    }));
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof ClusterError && error.reason === 'notFound')) {
    throw error;
  }
}
