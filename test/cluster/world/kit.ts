import type { Condition, KubeObject } from '../../../src/domain/kubeObject';
import { platformGroup } from '../../../src/domain/kind';
import { Random } from './random';

/** Which generation of the platform the world is made for. */
export type Module = '1.10' | '0.17';

/**
 * Makes the objects of a world. Ages are minutes before `nowMs`; addresses and uids never repeat within one kit.
 */
export class Kit {
  readonly module: Module;
  readonly random: Random;
  readonly #nowMs: number;
  #nextAddress = 10;

  constructor(module: Module, seed: number, nowMs: number) {
    this.module = module;
    this.random = new Random(seed);
    this.#nowMs = nowMs;
  }

  /** RFC 3339, whole seconds, as the API server writes times. */
  ago(minutes: number): string {
    return new Date(Math.floor((this.#nowMs - minutes * 60_000) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  }

  /** The next address of 10.66.0.0/16, then of the ranges above it. */
  address(): string {
    const n = this.#nextAddress++;
    return `10.${66 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
  }

  /** An object of the platform with uid, generation 1 and age; `finalizer` is the `…-cleanup` one of its kind. */
  object(kind: string, name: string, options: ObjectOptions): KubeObject {
    return {
      apiVersion: `${platformGroup}/${options.version ?? 'v1alpha2'}`,
      kind,
      metadata: {
        name,
        ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
        uid: this.random.uid(),
        generation: options.generation ?? 1,
        creationTimestamp: this.ago(options.ageMinutes),
        ...(options.labels ? { labels: options.labels } : {}),
        ...(options.annotations ? { annotations: options.annotations } : {}),
        ...(options.finalizers ? { finalizers: options.finalizers.map((f) => `${platformGroup}/${f}`) } : {}),
        ...(options.owner ? { ownerReferences: [ownerOf(options.owner)] } : {}),
      },
      ...(options.spec === undefined ? {} : { spec: options.spec }),
      ...(options.status === undefined ? {} : { status: options.status }),
    };
  }

  condition(type: string, status: Condition['status'], reason: string, ageMinutes: number, message = '', generation = 1): Condition {
    return { type, status, reason, message, lastTransitionTime: this.ago(ageMinutes), observedGeneration: generation };
  }
}

export interface ObjectOptions {
  readonly namespace?: string;
  readonly version?: string;
  readonly ageMinutes: number;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Without the group, e.g. `vd-cleanup`. */
  readonly finalizers?: readonly string[];
  readonly owner?: KubeObject;
  readonly spec?: unknown;
  readonly status?: unknown;
}

export function ownerOf(owner: KubeObject) {
  return { apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid ?? '', controller: true, blockOwnerDeletion: true };
}

/** A core object (namespace, node, Secret, …) without the platform's metadata. */
export function plain(apiVersion: string, kind: string, name: string, rest: Readonly<Record<string, unknown>> = {}, metadata: Readonly<Record<string, unknown>> = {}): KubeObject {
  return { apiVersion, kind, metadata: { name, ...metadata }, ...rest };
}
