import { mkdir, readFile } from 'node:fs/promises';
import { createServer, connect, type Server, type Socket } from 'node:net';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { startGuarded, type Guarded } from '../../../kube/guarded';
import { program, type Images } from './images';
import { network, Ports } from './ports';
import { Qmp } from './qmp';
import { SerialPort } from './serialPort';

export interface ProcessOptions {
  /** Of the machine; the guest has it as its host name. */
  readonly name: string;
  /** A short path of its own, for sockets; it is gone when QEMU has ended, however we end. */
  readonly folder: string;
  readonly images: Images;
  readonly memoryMib: number;
  /** Whether it waits for a guest from another process instead of booting one. */
  readonly isTarget: boolean;
}

/** How the guest ended, as QEMU says; `undefined`: it did not say anything. */
export type ShutdownReason = 'guest-shutdown' | 'guest-reset' | 'guest-panic' | 'host-qmp-quit' | 'host-signal' | undefined;

/** From the start of the program to its first connection, on two busy cores. */
const startTimeoutMs = 60_000;

/** One QEMU: started and paused, with its control connection and serial port in our hands. */
export class QemuProcess {
  readonly qmp: Qmp;
  readonly serial: SerialPort;
  readonly ports: Ports;
  /** Resolves when it is gone, with the reason that it gave. */
  readonly ended: Promise<ShutdownReason>;
  /** Where a guest can come in from another process. */
  readonly migrationSocket: string;
  readonly #guarded: Guarded;
  readonly #screen: string;
  readonly #screens = new Set<Duplex>();

  private constructor(parts: { qmp: Qmp; serial: SerialPort; guarded: Guarded; file: (name: string) => string }) {
    this.qmp = parts.qmp;
    this.serial = parts.serial;
    this.ports = new Ports(parts.qmp);
    this.#guarded = parts.guarded;
    this.#screen = parts.file('vnc');
    this.migrationSocket = parts.file('migration');
    let reason: ShutdownReason;
    this.qmp.onEvent(({ event, data }) => {
      if (event === 'SHUTDOWN') {
        reason = data?.['reason'] as ShutdownReason;
      }
    });
    this.ended = parts.guarded.ended.then(() => {
      this.disconnect();
      return reason;
    });
  }

  /** @throws Error with what QEMU printed when it does not start */
  static async start(options: ProcessOptions): Promise<QemuProcess> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 });
    const file = (name: string) => path.join(options.folder, `${name}.sock`);
    const logFile = `${options.folder}.log`;
    // QEMU connects to us, so nothing that it says is lost, and nobody else can be first.
    const [qmp, serial] = await Promise.all([listen(file('qmp')), listen(file('serial'))]);
    const guarded = startGuarded(program, argumentsOf(options, file), { logFile, folder: options.folder });
    try {
      const [control, port] = await before(Promise.all([qmp.socket, serial.socket]), guarded);
      return new QemuProcess({ qmp: await before(Qmp.open(control), guarded), serial: new SerialPort(port, options.isTarget), guarded, file });
    } catch (error) {
      await guarded.stop();
      const log = await readFile(logFile, 'utf8').catch(() => '');
      throw new Error(`QEMU does not start: ${log.trim().slice(-1000) || String(error)}`, { cause: error });
    } finally {
      qmp.server.close();
      serial.server.close();
    }
  }

  /** The screen as it is shown to a new viewer. */
  screen(): Duplex {
    const socket = connect(this.#screen);
    this.#screens.add(socket);
    socket.once('close', () => this.#screens.delete(socket));
    return socket;
  }

  /** Destroys every stream that was handed out; QEMU itself goes on. */
  disconnect(): void {
    this.serial.dispose();
    this.ports.dispose();
    this.#screens.forEach((screen) => screen.destroy());
  }

  /** Ends it; resolves when it is gone. */
  stop(): Promise<void> {
    return this.#guarded.stop();
  }
}

/** Both sides of a migration must have the same devices at the same places. */
function argumentsOf({ name, folder, images, memoryMib, isTarget }: ProcessOptions, file: (name: string) => string): string[] {
  const socket = (id: string) => ['-chardev', `socket,id=${id},path=${file(id)}`];
  return [
    // A guest that resets itself ends, as on the platform.
    '-name', name, '-nodefaults', '-no-user-config', '-machine', 'pc', '-action', 'reboot=shutdown', '-pidfile', path.join(folder, 'pid'),
    // Never the processor's own virtualization: it may be there and yet not work, and one behaviour is easier to rely on.
    '-accel', 'tcg,tb-size=32', '-cpu', 'disk' in images ? 'max' : 'qemu64', '-smp', '1', '-m', String(memoryMib),
    '-display', 'none', '-vga', 'std', '-vnc', `unix:${file('vnc')},share=force-shared`,
    ...socket('qmp'), '-mon', 'chardev=qmp,mode=control', ...socket('serial'), '-serial', 'chardev:serial',
    // The guest reaches nothing outside; we reach it.
    '-netdev', `user,id=${network},restrict=on`, '-device', `virtio-net-pci,netdev=${network},addr=0x3,romfile=`, '-device', 'pvpanic-pci,addr=0x4',
    ...('disk' in images ? [] : ['-kernel', images.kernel, '-initrd', images.initrd, '-append', `${kernelArguments} machine=${name}`]),
    // A target goes on by itself once the guest is there; all else waits for its disks.
    ...(isTarget ? ['-incoming', 'defer'] : ['-S']),
  ];
}

/** Both consoles, quiet, and nothing that only costs time under emulation. */
const kernelArguments = 'console=tty0 console=ttyS0 quiet loglevel=3 mitigations=off nokaslr no_timer_check tsc=reliable random.trust_cpu=on cryptomgr.notests rcupdate.rcu_expedited=1 8250.nr_uarts=1 pci=noaer panic=-1';

/** Resolves with the first who connects. */
async function listen(file: string): Promise<{ readonly server: Server; readonly socket: Promise<Socket> }> {
  const server = createServer();
  const socket = new Promise<Socket>((resolve) => server.once('connection', resolve));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(file, resolve);
  });
  return { server, socket };
}

async function before<T>(step: Promise<T>, guarded: Guarded): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it does not answer within ${startTimeoutMs / 1000} s`)), startTimeoutMs);
  });
  try {
    return await Promise.race([step, guarded.failed, late]);
  } finally {
    clearTimeout(timer);
  }
}
