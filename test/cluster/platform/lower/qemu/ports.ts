import { createServer, type AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { Protocol } from '../guest';
import { Datagrams, PortStream } from './portStream';
import type { Qmp } from './qmp';

/** The id of the guest's network, which QEMU plays. */
export const network = 'net0';

/** How often another local port is tried when somebody has taken it meanwhile. */
const attempts = 5;

/** Between two questions for the state of a connection. */
const pollMs = 5;

/** After so many answers QEMU has been around its loop, and has seen a connection that was there before the first. */
const rounds = 3;

/** Ways into the guest: ports on loopback that QEMU forwards, opened when they are first asked for. */
export class Ports {
  readonly #qmp: Qmp;
  readonly #forwarded = new Map<string, Promise<number>>();
  /** The last who dials, by local port. */
  readonly #turns = new Map<number, Promise<void>>();
  readonly #open = new Set<Duplex>();

  constructor(qmp: Qmp) {
    this.#qmp = qmp;
  }

  /** A connection to a port of the guest; it tells later whether somebody listens there. */
  connect(port: number, protocol: Protocol): Duplex {
    const key = `${protocol} ${port}`;
    const local = this.#forwarded.get(key) ?? this.#forward(port, protocol);
    this.#forwarded.set(key, local);
    local.catch(() => this.#forwarded.delete(key));
    const connection = protocol === 'udp' ? new Datagrams(local) : new PortStream(local, (each, dial) => this.#inTurn(each, dial));
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
    return connection;
  }

  dispose(): void {
    this.#open.forEach((connection) => connection.destroy());
  }

  /** QEMU keeps only one waiting at a port, and does not tell several apart: they dial one after the other. */
  #inTurn(local: number, dial: () => Promise<void>): Promise<void> {
    const turn = (this.#turns.get(local) ?? Promise.resolve()).then(async () => {
      await dial();
      await this.#settled(local);
    });
    this.#turns.set(local, turn.catch(() => undefined));
    return turn;
  }

  /** The system takes a connection before QEMU does, and QEMU before the guest: resolves when the guest has answered all that came in at `local`. */
  async #settled(local: number): Promise<void> {
    const pending = new RegExp(`TCP\\[SYN_\\w+\\].* 127\\.0\\.0\\.1 +${local} `);
    for (let quiet = 0; quiet < rounds;) {
      const isPending = pending.test(await this.#qmp.command<string>('human-monitor-command', { 'command-line': 'info usernet' }));
      quiet = isPending ? 0 : quiet + 1;
      if (isPending) {
        await pause(pollMs);
      }
    }
  }

  async #forward(port: number, protocol: Protocol): Promise<number> {
    for (let attempt = 1; ; attempt++) {
      const local = await freePort();
      try {
        await this.#qmp.monitor(`hostfwd_add ${network} ${protocol}:127.0.0.1:${local}-:${port}`);
        return local;
      } catch (error) {
        if (attempt === attempts) {
          throw error;
        }
      }
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
