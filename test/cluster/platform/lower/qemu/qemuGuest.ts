import path from 'node:path';
import type { Guest } from '../guest';
import type { GuestDisk, GuestEnd, RealGuest } from '../hypervisor';
import { emptyDisk, overlay, placed, plugIn, pullOut, type PluggedDisk } from './disks';
import type { Images } from './images';
import { QemuProcess, type ShutdownReason } from './process';
import { qemuTransfer } from './transfer';

export interface QemuGuestOptions {
  readonly name: string;
  readonly disks: readonly GuestDisk[];
  readonly images: Images;
  readonly memoryMib: number;
  /** How fast memory is copied in a migration; slow enough to be watched. */
  readonly migrationMibPerS: number;
  /** Where the processes keep what is theirs; a new one for each. */
  readonly nextFolder: () => string;
  /** Where disks are kept, for whichever guest has them next. */
  readonly diskFolder: string;
  readonly log: (message: string) => void;
}

/** A guest in QEMU: in one process at a time, and in another one after each migration. */
export class QemuGuest implements RealGuest {
  readonly started: Promise<void>;
  /** Resolves when nothing of it is left. */
  readonly gone: Promise<void>;
  onDidEnd: (how: GuestEnd) => void = () => undefined;
  readonly options: QemuGuestOptions;
  readonly #processes = new Set<QemuProcess>();
  readonly #disks: PluggedDisk[] = [];
  #current: QemuProcess | undefined;
  #guest: Guest | undefined;
  #isEnding = false;
  #end: () => void = () => undefined;
  /** Disks come and go one after the other, and not while a migration has the list. */
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: QemuGuestOptions) {
    this.options = options;
    this.gone = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.started = this.#boot();
    this.started.catch((error: unknown) => {
      options.log(`${options.name}: ${error instanceof Error ? error.message : String(error)}`);
      this.#ended('crash');
    });
  }

  get guest(): Guest | undefined {
    return this.#guest;
  }

  shutDown(): void {
    this.#current?.qmp.command('system_powerdown').catch(() => undefined);
  }

  kill(): void {
    this.#isEnding = true;
    this.#processes.forEach((process) => void process.stop());
  }

  plug(disk: GuestDisk): Promise<void> {
    return this.#next(async () => {
      const { qmp } = this.#process();
      if (this.#disks.every(({ id }) => id !== disk.id)) {
        const plugged = placed(disk, await emptyDisk(this.options.diskFolder, disk), this.#disks);
        await plugIn(qmp, plugged);
        this.#disks.push(plugged);
      }
    });
  }

  unplug(id: string): Promise<void> {
    return this.#next(async () => {
      const plugged = this.#disks.find((each) => each.id === id);
      if (plugged) {
        await pullOut(this.#process().qmp, plugged);
        this.#disks.splice(this.#disks.indexOf(plugged), 1);
      }
    });
  }

  /** A second process that waits for the guest, with the same devices; no disk comes or goes until `move` has ended. @throws Error when it does not start */
  moving(move: (source: QemuProcess, target: QemuProcess) => Promise<void>): Promise<void> {
    return this.#next(async () => {
      const source = this.#process();
      const target = await this.#start(true);
      try {
        for (const disk of this.#disks) {
          await plugIn(target.qmp, disk);
        }
        await move(source, target);
      } finally {
        if (this.#current !== target) {
          await target.stop();
        }
      }
    });
  }

  /** The guest runs in `target` from now on: everybody who was connected has to connect anew. */
  moveTo(target: QemuProcess): void {
    const source = this.#current;
    this.#live(target);
    source?.disconnect();
  }

  async #boot(): Promise<void> {
    const { disks, images, diskFolder } = this.options;
    const process = await this.#start(false);
    for (const [index, disk] of disks.entries()) {
      const file = index === 0 && 'disk' in images ? await overlay(process.qmp, diskFolder, disk.id, path.resolve(images.disk)) : await emptyDisk(diskFolder, disk);
      const plugged = placed(disk, file, this.#disks);
      await plugIn(process.qmp, plugged);
      this.#disks.push(plugged);
    }
    this.#live(process);
    await process.qmp.command('cont');
  }

  async #start(isTarget: boolean): Promise<QemuProcess> {
    const { name, images, memoryMib, nextFolder } = this.options;
    const process = await QemuProcess.start({ name, images, memoryMib, folder: nextFolder(), isTarget });
    this.#processes.add(process);
    void process.ended.then((reason) => {
      this.#processes.delete(process);
      if (process === this.#current || this.#isEnding) {
        this.#ended(endOf(reason));
      }
    });
    if (this.#isEnding) {
      await process.stop();
      throw new Error('it was killed while it started');
    }
    return process;
  }

  #live(process: QemuProcess): void {
    this.#current = process;
    this.#guest = {
      kind: 'qemu',
      serial: () => process.serial.open(),
      screen: () => process.screen(),
      connect: (port, protocol) => process.ports.connect(port, protocol),
      transfer: (options) => qemuTransfer(this, options),
    };
  }

  #ended(how: GuestEnd): void {
    this.#isEnding = true;
    this.#guest = undefined;
    this.#processes.forEach((process) => void process.stop());
    if (this.#processes.size === 0) {
      this.#end();
    }
    const tell = this.onDidEnd;
    this.onDidEnd = () => undefined;
    tell(how);
  }

  #process(): QemuProcess {
    if (!this.#current || this.#isEnding) {
      throw new Error('the guest does not run');
    }
    return this.#current;
  }

  #next<T>(step: () => Promise<T>): Promise<T> {
    const next = this.#queue.then(step);
    this.#queue = next.catch(() => undefined);
    return next;
  }
}

function endOf(reason: ShutdownReason): GuestEnd {
  switch (reason) {
    case 'guest-shutdown':
      return 'shutdown';
    case 'guest-reset':
      return 'reset';
    case 'host-qmp-quit':
    case 'host-signal':
      return 'stop';
    case 'guest-panic':
    case undefined:
    default:
      return 'crash';
  }
}
