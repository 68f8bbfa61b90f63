import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Duplex, duplexPair, type Readable } from 'node:stream';
import { flood } from './commands';
import type { Protocol } from './guest';
import type { Machine } from './simulatedGuest';

/** Nobody listens there; `message` says it as a dialler's error does. */
export class PortRefused extends Error {}

/**
 * A connection to a port of a simulated machine. TCP: 7 echoes, 9 takes everything, 13 tells the time, 19 sends numbered
 * lines without end, 80 is a small HTTP server. UDP: 7, 9 and 13. Throws `PortRefused` for other TCP ports; nobody
 * can tell whether a UDP port is listened to before something is sent there.
 */
export function connectTo(machine: Machine, port: number, protocol: Protocol): Duplex {
  if (protocol === 'udp') {
    return new Service(port === 7 ? { onData: (chunk, stream) => stream.push(chunk) }
      : port === 13 ? { onData: (_, stream) => stream.push(`${machine.date()}\r\n`) }
      : { onData: (_, stream) => (port === 9 ? undefined : stream.destroy(new PortRefused('read: connection refused'))) });
  }
  switch (port) {
    case 7:
      return new Service({ onData: (chunk, stream) => stream.push(chunk) });
    case 9:
      return new Service({ onData: () => undefined });
    case 13:
      return new Service({ output: [`${machine.date()}\r\n`].values() });
    case 19:
      return new Service({ output: flood(Number.POSITIVE_INFINITY) });
    case 80:
      return http(machine);
    default:
      throw new PortRefused(`connect: connection refused${port === 22 ? ' (a simulated guest has no SSH server: start the cluster with "--guest qemu")' : ''}`);
  }
}

interface ServiceOptions {
  /** Absent: what comes is not looked at. False: no more for now. */
  readonly onData?: (chunk: Buffer, stream: Readable) => unknown;
  /** What is sent as fast as it is read; at its end the connection is closed. */
  readonly output?: Iterator<string | Buffer, undefined>;
}

/** How much is given before others get a turn, however fast the reader is. */
const readsPerTurn = 32;

/** One end of a connection to a service that lives in memory. */
class Service extends Duplex {
  readonly #options: ServiceOptions;
  #goOn: (() => void) | undefined;
  #reads = 0;

  constructor(options: ServiceOptions) {
    super();
    this.#options = options;
  }

  override _read(): void {
    this.#goOn?.();
    this.#goOn = undefined;
    if (++this.#reads % readsPerTurn === 0) {
      setImmediate(() => this.#give());
    } else {
      this.#give();
    }
  }

  #give(): void {
    const next = this.#options.output?.next();
    if (next && !this.destroyed) {
      this.push(next.done ? null : next.value);
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#options.onData?.(chunk, this) === false) {
      this.#goOn = done;
    } else {
      done();
    }
  }

  override _final(done: () => void): void {
    if (!this.#options.output) {
      this.push(null);
    }
    done();
  }
}

/** `/`: a page; `/bytes?mib=N`: so many MiB of numbered lines; `POST /sha256`: the sum of what was sent. */
function http(machine: Machine): Duplex {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://guest');
    if (url.pathname === '/bytes') {
      const size = (Number(url.searchParams.get('mib')) || 1) * 2 ** 20;
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
      new Service({ output: flood(size) }).pipe(response);
    } else if (url.pathname === '/sha256') {
      const hash = createHash('sha256');
      request.on('data', (chunk: Buffer) => hash.update(chunk)).on('end', () => response.end(`${hash.digest('hex')}\n`));
    } else {
      response.writeHead(url.pathname === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
      response.end(`<!doctype html><title>${machine.name}</title><h1>${machine.name}</h1><p>This is a simulated guest: nothing runs here.</p><p>${machine.date()}, up ${machine.uptime()}</p>\n`);
    }
  });
  const [ours, theirs] = duplexPair();
  ours.once('close', () => theirs.destroy());
  // What was sent before a proper end is still to be read.
  theirs.once('close', () => theirs.writableEnded || ours.destroy()).on('error', () => undefined);
  server.emit('connection', theirs);
  return ours;
}
