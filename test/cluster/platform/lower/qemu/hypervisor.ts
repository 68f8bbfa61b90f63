import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { uidOf } from '../../objects';
import { plays } from '../annotation';
import type { GuestDisk, Hypervisor, RealGuest } from '../hypervisor';
import type { KubeObject } from '../../../../../src/domain/kubeObject';
import { imagesOf, type Images, type NamedImages } from './images';
import { QemuGuest } from './qemuGuest';

export interface QemuOptions extends NamedImages {
  /** How many guests run at the same time; the guests of further machines are simulated. Default 4. */
  readonly limit?: number;
  /** Memory of each guest, whatever its machine says. Default 128. */
  readonly memoryMib?: number;
  /** Default 12: an idle guest takes some seconds. */
  readonly migrationMibPerS?: number;
  readonly log?: (message: string) => void;
}

/** Guests in QEMU, emulated in software. @throws Error that says what is missing for them */
export async function startQemu(options: QemuOptions = {}): Promise<QemuHypervisor> {
  const images = imagesOf(options);
  // The paths of sockets may not be longer than about a hundred characters.
  return new QemuHypervisor(await mkdtemp(path.join(tmpdir(), 'dvp-qemu-')), images, options);
}

export class QemuHypervisor implements Hypervisor {
  /** Holds a folder for each process, with its `pid`, and the disks. */
  readonly folder: string;
  readonly #images: Images;
  readonly #options: QemuOptions;
  readonly #guests = new Set<QemuGuest>();
  #processes = 0;

  constructor(folder: string, images: Images, options: QemuOptions) {
    this.folder = folder;
    this.#images = images;
    this.#options = options;
  }

  start(machine: KubeObject, disks: readonly GuestDisk[]): RealGuest | undefined {
    const { limit = 4, memoryMib = 128, migrationMibPerS = 12, log = () => undefined } = this.#options;
    if (plays(machine, 'simulated-guest') || this.#guests.size >= limit) {
      return undefined;
    }
    const guest = new QemuGuest({
      name: machine.metadata.name, images: this.#images, memoryMib, migrationMibPerS, log,
      disks: disks.length > 0 ? disks : [{ id: uidOf(machine), sizeBytes: 2 ** 26, isReadOnly: false }],
      nextFolder: () => path.join(this.folder, String(++this.#processes)),
      diskFolder: path.join(this.folder, 'disks'),
    });
    this.#guests.add(guest);
    void guest.gone.then(() => this.#guests.delete(guest));
    return guest;
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#guests].map(async (guest) => {
      guest.kill();
      await guest.gone;
    }));
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
