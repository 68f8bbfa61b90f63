import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Dials when it is this one's turn at the local port; resolves when the guest has taken or refused it. */
export type InTurn = (local: number, dial: () => Promise<void>) => Promise<void>;

/** A connection to a port inside a guest. It fails where nobody listens, which is known only after `connecting`. */
export class PortStream extends Duplex {
  readonly #local: Promise<number>;
  readonly #inTurn: InTurn;
  #socket: Socket | undefined;
  connecting = true;

  /** `local` is the port on loopback that leads there. */
  constructor(local: Promise<number>, inTurn: InTurn) {
    super({ allowHalfOpen: true });
    this.#local = local;
    this.#inTurn = inTurn;
  }

  override _construct(done: (error?: Error) => void): void {
    this.#connect().then(() => {
      done();
      this.connecting = false;
      this.emit('connect');
    }, done);
  }

  override _read(): void {
    this.#socket?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket?.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket?.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket?.destroy();
    done(error);
  }

  async #connect(): Promise<void> {
    const port = await this.#local;
    let isEnded = false;
    let isHeard = false;
    await this.#inTurn(port, async () => {
      if (this.destroyed) {
        throw new Error('The guest is gone.');
      }
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#socket = socket;
      await once(socket, 'connect');
      socket.on('data', (chunk: Buffer) => {
        isHeard = true;
        if (!this.push(chunk)) {
          socket.pause();
        }
      });
      socket.on('end', () => {
        isEnded = true;
        this.push(null);
      });
      socket.on('error', (error) => this.destroy(error));
      socket.on('close', () => {
        // What came before a regular end is still to be read.
        if (!isEnded) {
          this.destroy();
        }
      });
    });
    // A refusal is there by now, but it may be the next thing to be read.
    await new Promise((resolve) => setImmediate(resolve));
    if (isEnded && !isHeard) {
      throw new Error('connect: connection refused');
    }
  }
}

/** One datagram per chunk, both ways. */
export class Datagrams extends Duplex {
  readonly #local: Promise<number>;
  readonly #socket: DatagramSocket = createSocket('udp4');
  connecting = true;

  constructor(local: Promise<number>) {
    super();
    this.#local = local;
  }

  override _construct(done: (error?: Error) => void): void {
    this.#socket.on('error', (error) => this.destroy(error));
    this.#socket.on('message', (message) => this.push(message));
    this.#local.then((port) => this.#socket.connect(port, '127.0.0.1', () => {
      done();
      this.connecting = false;
      this.emit('connect');
    }), done);
  }

  override _read(): void {
    // Datagrams come when they come.
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.send(chunk, done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.close();
    done(error);
  }
}
