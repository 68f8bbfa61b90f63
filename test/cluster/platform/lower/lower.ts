import type { KubeObject } from '../../../../src/domain/kubeObject';
import type { Fields, Ref } from '../objects';
import type { Guest } from './guest';

/**
 * What lies below the controllers: hypervisor, pods, storage. They ask it for the state of an object and tell it what
 * to do; it calls `onDidChange` when the state of an object has changed by itself.
 */
export interface Lower {
  /** The internal machine of a VirtualMachine, taken over from its status when it has not been seen before. */
  machine(machine: KubeObject): InternalMachine;
  /** Whether the machine should run; creating or ending an instance is said separately. */
  want(machine: KubeObject, wanted: boolean, because: Because): void;
  /** Makes an instance; it appears after a moment. */
  create(machine: KubeObject): void;
  /** Ends the instance; `force` does not wait for the guest. */
  end(machine: KubeObject, ending: 'stop' | 'restart', force: boolean): void;
  /** Begins a live migration for the operation with this uid, or takes up one that had come as far as `fromPercent` says. */
  migrate(machine: KubeObject, operation: string, options: MigrateOptions): void;
  abortMigration(machine: KubeObject): void;
  /** Lets a machine stay on the node that it was to leave. */
  spare(machine: KubeObject): void;
  forget(machine: KubeObject): void;
  /** What runs in the machine; `undefined` while nothing does. */
  guest(machine: KubeObject): Guest | undefined;

  /** The work of filling a volume or the registry for a disk or an image; starts it when `start` and none is known. */
  work(object: KubeObject, job: Job): Work;
  forgetWork(object: KubeObject): void;

  onDidChange: (ref: Ref) => void;
  dispose(): void;
}

export interface InternalMachine {
  readonly wanted: boolean;
  /** Why it is wanted, until its next instance exists. */
  readonly because: Because;
  /** An instance was asked for and has not appeared. */
  readonly creating: boolean;
  /** Counts instances, so that a restart can be told from what it replaces. */
  readonly instances: number;
  /** The spec that the instance was made of; `undefined` when that is not known. */
  readonly applied?: Fields;
  readonly instance?: Instance;
  /** Its node is drained: it has to go elsewhere. */
  readonly isEvacuating: boolean;
}

export type Because = 'creation' | 'policy' | 'operation' | 'restart' | 'guest';

/** `ended`: the guest is off and its pod terminates; `finished`: the pod is done, the instance has not been cleared away. */
export type Stage = 'created' | 'scheduling' | 'scheduled' | 'running' | 'ended' | 'finished';

/** How an instance came to its end; the last three happen inside the guest. */
export type Ending = 'stop' | 'restart' | 'kill' | 'shutdown' | 'reset' | 'crash';

export interface Instance {
  readonly stage: Stage;
  readonly pod: string | undefined;
  readonly node: string | undefined;
  /** Epoch, when the guest began to run. */
  readonly startedAtMs: number | undefined;
  /** Its pod has been asked to terminate. */
  readonly stopping: boolean;
  readonly ending: Ending | undefined;
  readonly agent: boolean;
  /** What keeps it from going on; said by the annotation of the machine. */
  readonly blockedBy: Trouble | undefined;
  /** The pod of a migration that has not ended. */
  readonly migration: Migration | undefined;
}

export type Trouble = 'quota' | 'unschedulable' | 'attach-error';

export type MigrationStage =
  | 'queued' | 'scheduling' | 'preparing' | 'prepared' | 'ready' | 'copying' | 'resumed' | 'suspended'
  | 'succeeded' | 'failed' | 'aborted';

export interface Migration {
  readonly operation: string;
  readonly stage: MigrationStage;
  readonly sourceNode: string;
  readonly targetNode: string | undefined;
  readonly targetPod: string | undefined;
  /** Epoch, when the copy began. */
  readonly copyStartedMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly counters: Counters | undefined;
  /** While it copies: at full throttle the rest does not shrink. */
  readonly isStuck: boolean;
  /** What it waits for: a free slot in the queue, the project's quota, a node for its target. */
  readonly blockedBy: 'slot' | 'quota' | 'node' | undefined;
  readonly failure: string | undefined;
  /** What failed, where the platform tells it apart. */
  readonly cause: FailureCause | undefined;
}

export type FailureCause = 'unschedulable' | 'disk' | 'convergence';

export interface MigrateOptions {
  readonly autoConverge: boolean;
  /** Percent that the operation had reported when a migration is taken up again; absent: it begins. */
  readonly fromPercent?: number;
}

export interface Counters {
  readonly elapsedS: number;
  readonly processedMib: number;
  readonly remainingMib: number;
  readonly totalMib: number;
  readonly iteration: number;
  /** Percent by which the guest is slowed down; `undefined` where that is not allowed. */
  readonly throttle: number | undefined;
}

/** `import`: bytes come into the registry; `copy`: from the registry into a volume; `claim`: an empty volume; `resize`. */
export type Job = 'import' | 'copy' | 'claim' | 'resize';

export interface Work {
  readonly stage: 'waiting' | 'unscheduled' | 'running' | 'done' | 'failed';
  /** 0 to 1. */
  readonly progress: number;
  readonly failure?: string;
}
