import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Qmp } from './qmp';

export type Protocol = 'tcp' | 'udp';

/** The id of the guest's network, which QEMU plays. */
export const network = 'net0';

/** How often another local port is tried when somebody has taken it meanwhile. */
const attempts = 5;

/** Ways into the guest: ports on loopback that QEMU forwards, opened when they are first asked for. */
export class Ports {
  readonly #qmp: Qmp;
  readonly #forwarded = new Map<string, Promise<number>>();
  readonly #open = new Set<Duplex>();

  constructor(qmp: Qmp) {
    this.#qmp = qmp;
  }

  /** A connection to a port of the guest. That nobody listens there shows as its end at once. */
  connect(port: number, protocol: Protocol): Duplex {
    const key = `${protocol} ${port}`;
    const local = this.#forwarded.get(key) ?? this.#forward(port, protocol);
    this.#forwarded.set(key, local);
    local.catch(() => this.#forwarded.delete(key));
    const connection = protocol === 'udp' ? new Datagrams(local) : new Stream(local);
    this.#open.add(connection);
    connection.once('close', () => this.#open.delete(connection));
    return connection;
  }

  dispose(): void {
    this.#open.forEach((connection) => connection.destroy());
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

class Stream extends Duplex {
  readonly #local: Promise<number>;
  #socket: Socket | undefined;
  connecting = true;

  constructor(local: Promise<number>) {
    super({ allowHalfOpen: true });
    this.#local = local;
  }

  override _construct(done: (error?: Error) => void): void {
    this.#local.then((port) => {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      this.#socket = socket;
      const failed = (error: Error) => done(error);
      socket.once('error', failed);
      socket.once('connect', () => {
        socket.off('error', failed);
        this.#joined(socket);
        done();
        this.connecting = false;
        this.emit('connect');
      });
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

  #joined(socket: Socket): void {
    socket.on('data', (chunk: Buffer) => void (this.push(chunk) || socket.pause()));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }
}

/** One datagram per chunk, both ways. */
class Datagrams extends Duplex {
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

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
