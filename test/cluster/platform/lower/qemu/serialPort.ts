import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Of what a guest prints between its arrival and the first one who reads there. */
const keptBytes = 64 * 1024;

/**
 * The one connection that QEMU's serial port takes, shared by all who open it: everybody reads what comes from then on,
 * and everybody writes. What nobody reads is lost, as on a wire. Who reads slowly makes the guest wait.
 */
export class SerialPort {
  readonly #socket: Socket;
  readonly #lanes = new Set<Lane>();
  readonly #full = new Set<Lane>();
  #kept: Buffer[] | undefined;

  /** `isArrival`: the guest comes from elsewhere, and whoever followed it shall miss nothing of what it prints until then. */
  constructor(socket: Socket, isArrival: boolean) {
    this.#socket = socket;
    this.#kept = isArrival ? [] : undefined;
    socket.on('data', (chunk: Buffer) => {
      this.#kept = this.#kept && [Buffer.concat([...this.#kept, chunk]).subarray(-keptBytes)];
      for (const lane of this.#lanes) {
        if (!lane.push(chunk)) {
          this.#full.add(lane);
        }
      }
      if (this.#full.size > 0) {
        socket.pause();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => this.dispose());
  }

  open(): Duplex {
    const lane = new Lane({
      wanted: () => this.#drained(lane),
      write: (chunk, done) => void (this.#socket.destroyed ? done() : this.#socket.write(chunk, () => done())),
      closed: () => {
        this.#lanes.delete(lane);
        this.#drained(lane);
      },
    });
    this.#lanes.add(lane);
    this.#kept?.forEach((chunk) => lane.push(chunk));
    this.#kept = undefined;
    if (this.#socket.destroyed) {
      lane.destroy();
    }
    return lane;
  }

  /** Ends all that are open; the guest itself may go on elsewhere. */
  dispose(): void {
    this.#lanes.forEach((lane) => lane.destroy());
  }

  #drained(lane: Lane): void {
    if (this.#full.delete(lane) && this.#full.size === 0) {
      this.#socket.resume();
    }
  }
}

interface Ends {
  readonly wanted: () => void;
  readonly write: (chunk: Buffer, done: () => void) => void;
  readonly closed: () => void;
}

class Lane extends Duplex {
  readonly #ends: Ends;

  constructor(ends: Ends) {
    super();
    this.#ends = ends;
  }

  override _read(): void {
    this.#ends.wanted();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#ends.write(chunk, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#ends.closed();
    done(error);
  }
}
