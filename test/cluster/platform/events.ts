import type { KubeApi } from '../../../src/cluster/api';
import type { Clock } from '../../../src/base/timing';
import type { KubeObject } from '../../../src/domain/kubeObject';
import { timestamp, uidOf } from './objects';
import type { NewEvent } from './controller';

const resource = { group: '', version: 'v1', plural: 'events', namespaced: true };

/** As many series as the real recorder remembers. */
const memory = 4096;

/** Writes Events as the platform's recorder does: the same words on the same object count up one Event. */
export class EventRecorder {
  readonly #api: KubeApi;
  readonly #clock: Clock;
  readonly #series = new Map<string, { readonly name: string; count: number }>();
  #next = 0;

  constructor(api: KubeApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  async record(object: KubeObject, event: NewEvent): Promise<void> {
    const namespace = object.metadata.namespace ?? 'default';
    const key = [uidOf(object), event.by, event.reason, event.message].join('\n');
    const now = timestamp(this.#clock.now());
    const known = this.#series.get(key);
    if (known) {
      known.count++;
      await this.#api.patch(resource, { name: known.name, namespace }, { count: known.count, lastTimestamp: now }, { type: 'merge' });
      return;
    }
    const name = `${object.metadata.name}.${this.#clock.now().toString(16)}${(this.#next++).toString(16).padStart(4, '0')}`;
    this.#series.set(key, { name, count: 1 });
    for (const oldest of this.#series.size > memory ? [...this.#series.keys()].slice(0, 1) : []) {
      this.#series.delete(oldest);
    }
    const component = `${event.by}/${event.reason}`;
    await this.#api.create(resource, {
      apiVersion: 'v1', kind: 'Event', metadata: { name, namespace },
      involvedObject: {
        apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name, uid: uidOf(object), resourceVersion: object.metadata.resourceVersion,
        ...(object.metadata.namespace === undefined ? {} : { namespace }),
      },
      reason: event.reason, message: event.message, type: event.type, source: { component }, reportingComponent: component, reportingInstance: '',
      firstTimestamp: now, lastTimestamp: now, count: 1,
    });
  }
}
