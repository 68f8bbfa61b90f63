import { Duplex } from 'node:stream';
import type { StartTransfer } from './transfer';

/** What runs in a machine. Its life is the layer below's; this is what can be connected to while it runs. */
export interface Guest {
  readonly kind: 'simulated' | 'qemu';
  /** The serial port, bytes both ways. Ends when the stream is destroyed; one user at a time is the caller's care. */
  serial(): Duplex;
  /** The screen as a raw RFB stream; absent: it has none. */
  readonly screen?: () => Duplex;
  /** A TCP port inside; absent: nothing listens there. */
  readonly connect?: (port: number) => Duplex;
  /** Moves it to another node; absent: the move is only played. */
  readonly transfer?: StartTransfer;
}

export function simulatedGuest(name: string): Guest {
  return { kind: 'simulated', serial: () => new SimulatedSerial(name) };
}

/** A login and a few commands, enough to see that the way to it works. What is typed is echoed, but for passwords. */
class SimulatedSerial extends Duplex {
  readonly #name: string;
  #line = '';
  #stage: 'login' | 'password' | 'shell' = 'login';
  #user = '';
  /** What a long command still has to print, piece by piece as fast as it is read. */
  #output: Iterator<Buffer | string, undefined> | undefined;

  constructor(name: string) {
    super();
    this.#name = name;
    this.push(`\r\nThis is a simulated guest: nothing runs here.\r\n\r\n${this.#prompt()}`);
  }

  override _read(): void {
    for (let isWanted = true; isWanted && this.#output;) {
      const { done, value } = this.#output.next();
      if (done) {
        this.#output = undefined;
        isWanted = this.push(this.#prompt());
      } else {
        isWanted = this.push(value);
      }
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    for (const character of chunk.toString('utf8')) {
      this.#type(character);
    }
    done();
  }

  #type(character: string): void {
    if (character === '\r' || character === '\n') {
      this.push('\r\n');
      this.#enter(this.#line);
      this.#line = '';
    } else if (character === '\x7f' || character === '\b') {
      this.push(this.#line === '' || this.#stage === 'password' ? '' : '\b \b');
      this.#line = this.#line.slice(0, -1);
    } else if (character === '\x03' || character === '\x04') {
      this.#line = '';
      this.#stage = character === '\x04' ? 'login' : this.#stage;
      this.push(`^${character === '\x03' ? 'C' : 'D'}\r\n${this.#prompt()}`);
    } else if (character >= ' ') {
      this.#line += character;
      this.push(this.#stage === 'password' ? '' : character);
    }
  }

  #enter(line: string): void {
    if (this.#stage === 'login') {
      this.#user = line.trim();
      this.#stage = this.#user === '' ? 'login' : 'password';
    } else if (this.#stage === 'password') {
      this.#stage = 'shell';
    } else {
      this.#output = long(line.trim());
      if (this.#output) {
        this._read();
        return;
      }
      this.push(this.#run(line.trim()));
    }
    this.push(this.#prompt());
  }

  #prompt(): string {
    return this.#stage === 'login' ? `${this.#name} login: ` : this.#stage === 'password' ? 'Password: ' : `${this.#user}@${this.#name}:~$ `;
  }

  #run(command: string): string {
    const [name = '', ...rest] = command.split(/\s+/);
    switch (name) {
      case '':
        return '';
      case 'echo':
        return `${rest.join(' ')}\r\n`;
      case 'hostname':
        return `${this.#name}\r\n`;
      case 'whoami':
        return `${this.#user}\r\n`;
      case 'help':
        return 'echo hostname whoami bytes flood help exit\r\n';
      case 'exit':
        this.#stage = 'login';
        return '';
      default:
        return `-sh: ${name}: not found\r\n`;
    }
  }
}

/** Commands that print much or odd things: `bytes` every byte there is, `flood N` N MiB of lines. */
function long(command: string): Iterator<Buffer | string, undefined> | undefined {
  const [name, size] = command.split(/\s+/);
  return name === 'bytes' ? [Buffer.from(Uint8Array.from({ length: 256 }, (_, byte) => byte))].values() : name === 'flood' ? flood(Number(size) * 2 ** 20) : undefined;
}

/** Numbered lines, so that a missing or doubled piece is seen. */
export function* flood(sizeBytes: number): Generator<string, undefined> {
  for (let at = 0; at < sizeBytes;) {
    let piece = '';
    for (; piece.length < 8192 && at + piece.length < sizeBytes;) {
      piece += `${String(at + piece.length).padStart(62, '.')}\r\n`;
    }
    at += piece.length;
    yield piece;
  }
}
