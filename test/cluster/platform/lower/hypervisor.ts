import type { KubeObject } from '../../../../src/domain/kubeObject';
import type { Guest } from './guest';

/**
 * Runs guests for real. Pods, nodes and storage stay played; whether such a guest is on, off or elsewhere is the
 * hypervisor's to say. Without one, and for machines that it does not take, guests are simulated.
 */
export interface Hypervisor {
  /** Begins to run a guest for a machine, with its disks; `undefined`: its guest is simulated. */
  start(machine: KubeObject, disks: readonly GuestDisk[]): RealGuest | undefined;
  /** Ends all guests. */
  dispose(): Promise<void>;
}

export interface RealGuest {
  /** What can be connected to now, another one after a migration; `undefined` until it has started. */
  readonly guest: Guest | undefined;
  /** Resolves when the guest runs; rejects when it could not be started. */
  readonly started: Promise<void>;
  /** Called once when it is off: because it was asked to (`stop`), by its own shutdown or reset, or broken down (`crash`). */
  onDidEnd: (how: GuestEnd) => void;
  /** Presses the power button. */
  shutDown(): void;
  /** Ends it without asking the guest. */
  kill(): void;
  /** Plugs a disk in; the same `id` finds the same content again. Nothing happens when it is there already. @throws Error when the guest cannot have it */
  plug(disk: GuestDisk): Promise<void>;
  /** Takes a disk out; nothing happens when it is not there. @throws Error when the guest does not let it go */
  unplug(id: string): Promise<void>;
}

export type GuestEnd = 'stop' | 'shutdown' | 'reset' | 'crash';

export interface GuestDisk {
  /** Of the disk itself, whichever machine has it: letters, digits and hyphens. */
  readonly id: string;
  readonly sizeBytes: number;
  readonly isReadOnly: boolean;
}
