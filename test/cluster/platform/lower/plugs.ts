import type { KubeObject } from '../../../../src/domain/kubeObject';
import { refOf, uidOf, type Ref } from '../objects';
import type { GuestDisk, Hypervisor, RealGuest } from './hypervisor';
import type { Work } from './lower';

/** What the layer below needs to have real guests. */
export interface RealGuests {
  readonly hypervisor: Hypervisor;
  /** The disks that a machine's spec names, or the one of an attachment, as far as they exist. */
  readonly disks: (object: KubeObject) => readonly GuestDisk[];
}

interface Plug {
  readonly guest: RealGuest;
  readonly disk: GuestDisk | undefined;
  work: Work;
}

/** The disks that attachments plug into real guests, by the attachment's uid. */
export class Plugs {
  readonly #changed: (ref: Ref) => void;
  readonly #plugs = new Map<string, Plug>();

  constructor(changed: (ref: Ref) => void) {
    this.#changed = changed;
  }

  /** How far the plugging has come; begins it when this guest has not been asked yet. */
  work(attachment: KubeObject, guest: RealGuest, disk: GuestDisk | undefined): Work {
    const known = this.#plugs.get(uidOf(attachment));
    if (known?.guest === guest) {
      return known.work;
    }
    const plug: Plug = { guest, disk, work: { stage: 'running', progress: 0 } };
    this.#plugs.set(uidOf(attachment), plug);
    const end = (work: Work) => {
      plug.work = work;
      this.#changed(refOf(attachment));
    };
    (disk ? guest.plug(disk) : Promise.reject(new Error('there is no such disk'))).then(
      () => end({ stage: 'done', progress: 1 }),
      (error: unknown) => end({ stage: 'failed', progress: 0, failure: error instanceof Error ? error.message : String(error) }),
    );
    return plug.work;
  }

  forget(attachment: KubeObject): void {
    const plug = this.#plugs.get(uidOf(attachment));
    this.#plugs.delete(uidOf(attachment));
    if (plug?.disk) {
      // A guest that is gone, or does not let go, has nothing more to say here.
      plug.guest.unplug(plug.disk.id).catch(() => undefined);
    }
  }
}
