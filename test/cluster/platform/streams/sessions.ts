import { randomUUID } from 'node:crypto';
import type { KubeApi } from '../../../../src/cluster/api';
import { ClusterError } from '../../../../src/cluster/errors';
import { pathOf } from '../../../../src/cluster/paths';
import type { Disposable } from '../../../../src/base/disposable';
import { systemClock } from '../../../../src/base/timing';
import type { KubeObject } from '../../../../src/domain/kubeObject';
import { numberAt, stringAt } from '../../../../src/domain/values';
import { EventRecorder } from '../events';
import { uidOf } from '../objects';

export type SessionKind = 'console' | 'vnc';

export interface Holder { readonly holder?: string; readonly startTime?: string; readonly client?: string }

const leases = { group: 'coordination.k8s.io', version: 'v1', plural: 'leases', namespaced: true };

/** From the module: how long a session counts without being renewed, how often it is, and how much a client may say of itself. */
const leaseSeconds = 30;
const renewMs = 10_000;
const longestClient = 128;

const annotation = { id: 'virtualization.deckhouse.io/session-id', client: 'virtualization.deckhouse.io/session-client' };
const label = 'virtualization.deckhouse.io/session';
const words = { console: { reason: 'ConsoleSessionPreempted', stream: 'serial console' }, vnc: { reason: 'VNCSessionPreempted', stream: 'VNC' } };

/** Two who connect at the same time race for the Lease; the loser tries again. */
const attempts = 5;

/**
 * Notes in Leases who has a console or a screen, as releases after 1.10 do: others can ask before they take it. It is told
 * only; whatever goes wrong here keeps nobody from connecting.
 */
export class Sessions implements Disposable {
  readonly #api: KubeApi;
  readonly #events: EventRecorder;
  readonly #log: (message: string) => void;
  readonly #timers = new Set<Disposable>();

  constructor(api: KubeApi, log: (message: string) => void) {
    this.#api = api;
    this.#events = new EventRecorder(api, systemClock);
    this.#log = log;
  }

  /** Who has it; nothing where nobody has. Throws `ClusterError`. */
  async current(machine: KubeObject, kind: SessionKind): Promise<Holder> {
    const lease = await this.#find(machine, kind);
    const holder = lease && holderOf(lease);
    const client = lease?.metadata.annotations?.[annotation.client];
    const startTime = stringAt(lease, 'spec.acquireTime');
    return lease && holder ? { holder, ...(startTime ? { startTime: `${startTime.slice(0, 19)}Z` } : {}), ...(client ? { client } : {}) } : {};
  }

  /** Notes that `user` has it from now on. Gives what ends that; never throws. */
  async acquire(machine: KubeObject, kind: SessionKind, user: string, client: string): Promise<() => Promise<void>> {
    try {
      const lease = await this.#take(machine, kind, user, [...client].slice(0, longestClient).join(''));
      return this.#keep(lease);
    } catch (error) {
      this.#log(`The session could not be noted: ${String(error)}`);
      return () => Promise.resolve();
    }
  }

  dispose(): void {
    this.#timers.forEach((timer) => timer.dispose());
  }

  async #take(machine: KubeObject, kind: SessionKind, user: string, client: string): Promise<KubeObject> {
    for (let attempt = 1; ; attempt++) {
      try {
        const current = await this.#find(machine, kind);
        const taken = leaseOf(machine, kind, user, client, current);
        const lease = current ? await this.#api.replace(leases, taken) : await this.#api.create(leases, taken);
        const displaced = current && holderOf(current);
        if (displaced && displaced !== user) {
          const { reason, stream } = words[kind];
          await this.#events.record(machine, {
            type: 'Warning', reason, by: 'virtualization-api',
            message: `The ${stream} of the VirtualMachine was taken over by user "${user}", the session of user "${displaced}" was disconnected.`,
          });
        }
        return lease;
      } catch (error) {
        if (attempt === attempts || !isReason(error, 'conflict', 'alreadyExists', 'notFound')) {
          throw error;
        }
      }
    }
  }

  #keep(lease: KubeObject): () => Promise<void> {
    const { name, namespace = '' } = lease.metadata;
    const id = lease.metadata.annotations?.[annotation.id];
    const ours = async () => {
      const current = await this.#api.get(leases, name, namespace);
      return current.metadata.annotations?.[annotation.id] === id ? current : undefined;
    };
    let timer: Disposable;
    const renewLater = () => {
      timer = systemClock.after(renewMs, () => {
        void ours().then(async (current) => {
          this.#timers.delete(timer);
          if (current) {
            await this.#api.replace(leases, { ...current, spec: { ...(current['spec'] as object), renewTime: microTime() } });
            renewLater();
          }
        }).catch((error: unknown) => this.#log(`A session could not be renewed: ${String(error)}`));
      });
      this.#timers.add(timer);
    };
    renewLater();
    return async () => {
      timer.dispose();
      this.#timers.delete(timer);
      try {
        const current = await ours();
        if (current) {
          const { uid, resourceVersion } = current.metadata;
          await this.#api.request('DELETE', pathOf(leases, { name, namespace }), { body: { preconditions: { uid, resourceVersion } } });
        }
      } catch (error) {
        if (!isReason(error, 'conflict', 'notFound')) {
          this.#log(`A session could not be ended: ${String(error)}`);
        }
      }
    };
  }

  async #find(machine: KubeObject, kind: SessionKind): Promise<KubeObject | undefined> {
    try {
      return await this.#api.get(leases, nameOf(machine, kind), machine.metadata.namespace);
    } catch (error) {
      if (isReason(error, 'notFound')) {
        return undefined;
      }
      throw error;
    }
  }
}

const nameOf = (machine: KubeObject, kind: SessionKind) => `d8v-vm-${kind}-${machine.metadata.name}-${uidOf(machine)}`;

function leaseOf(machine: KubeObject, kind: SessionKind, user: string, client: string, current: KubeObject | undefined): KubeObject {
  const now = microTime();
  const { name, namespace } = machine.metadata;
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease',
    metadata: {
      name: nameOf(machine, kind), namespace, labels: { [label]: kind }, annotations: { [annotation.id]: randomUUID(), [annotation.client]: client },
      ownerReferences: [{ apiVersion: machine.apiVersion, kind: machine.kind, name, uid: uidOf(machine) }],
      ...(current ? { resourceVersion: current.metadata.resourceVersion } : {}),
    },
    spec: {
      holderIdentity: user, leaseDurationSeconds: leaseSeconds, acquireTime: now, renewTime: now,
      ...(current ? { leaseTransitions: (numberAt(current, 'spec.leaseTransitions') ?? 0) + 1 } : {}),
    },
  } as KubeObject;
}

/** Who still renews it. */
function holderOf(lease: KubeObject): string | undefined {
  const renewedMs = Date.parse(stringAt(lease, 'spec.renewTime') ?? '');
  const seconds = numberAt(lease, 'spec.leaseDurationSeconds') ?? leaseSeconds;
  return systemClock.now() - renewedMs <= seconds * 1000 ? stringAt(lease, 'spec.holderIdentity') : undefined;
}

/** With microseconds, as Leases have it. */
const microTime = () => new Date(systemClock.now()).toISOString().replace('Z', '000Z');

function isReason(error: unknown, ...reasons: readonly string[]): boolean {
  return error instanceof ClusterError && reasons.includes(error.reason);
}
