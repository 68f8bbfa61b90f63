import type { Clock } from '../../../src/base/timing';
import type { KubeObject } from '../../../src/domain/kubeObject';
import type { Known } from './known';
import { firstAddress } from './controllers/addressPool';
import type { Lower } from './lower/lower';
import type { Fields } from './objects';

/**
 * What one look at an object asks for. After a step that wrote, the object is looked at again, so a controller that has
 * several things to write returns them one after the other, in the order in which the platform writes them.
 */
export interface Step {
  /** The whole status that the object should have; only what differs is written. */
  readonly status?: Fields;
  /** Merge patch of the object, for the few whose spec the platform writes itself. */
  readonly patch?: Fields;
  /** Merge patch of the metadata. */
  readonly metadata?: Fields;
  readonly create?: readonly NewObject[];
  /** The object to delete; its own finalizer goes with it. */
  readonly remove?: readonly KubeObject[];
  readonly events?: readonly NewEvent[];
  /** Done after everything was written: what the layer below is told. */
  readonly then?: () => void;
  /** Look again after this time, even if nothing changes. */
  readonly againMs?: number;
}

export interface NewObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Fields;
  readonly spec?: Fields;
}

/** An Event on an object: by default on the one that the step is for. */
export interface NewEvent {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** The controller that reports it, e.g. `vm-controller`. */
  readonly by: string;
  readonly on?: KubeObject;
}

export interface Context {
  readonly known: Known;
  readonly lower: Lower;
  readonly clock: Clock;
  readonly module: '1.10' | '0.17';
  readonly memory: Memory;
}

/** What controllers remember of what they did; losing it in a restart does no harm. */
export interface Memory {
  /** How many instances a machine had had when a restart was asked for, by the operation's uid. */
  readonly restarts: Map<string, number>;
  /** Released leases that an address has asked back, by the lease's name. */
  readonly claims: Map<string, KubeObject>;
  /** Where the search for a free address goes on. */
  nextAddress: number;
}

export function newMemory(): Memory {
  return { restarts: new Map(), claims: new Map(), nextAddress: firstAddress };
}

/** Drives the objects of one kind: looks at one, and says what to write next, or nothing when it is as it should be. */
export interface Controller {
  readonly kind: string;
  reconcile(object: KubeObject, context: Context): Step | undefined;
}
