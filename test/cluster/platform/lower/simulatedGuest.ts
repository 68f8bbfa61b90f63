import { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Clock } from '../../../../src/base/timing';
import type { Disposable } from '../../../../src/base/disposable';
import type { Guest, Protocol } from './guest';
import { connectTo } from './ports';
import { RfbServer } from './rfb';
import { Screen } from './screen';
import { Tty } from './tty';

/** What the terminals, the screen and the ports of a machine have in common. */
export interface Machine {
  readonly name: string;
  readonly ttys: readonly Tty[];
  readonly display: Screen;
  readonly files: Map<string, string>;
  clipboard: string;
  date(): string;
  uptime(): string;
  /** Calls `run` again and again until the result is called, or the machine ends. */
  every(ms: number, run: () => void): () => void;
  onDidChange(): void;
  onPower(what: 'shutdown' | 'reset'): void;
  onCopy(text: string): void;
  onKey: ((keysym: number, isDown: boolean) => void) | undefined;
}

export interface SimulatedGuestOptions {
  readonly name: string;
  readonly clock: Clock;
  /** Epoch; absent: now. */
  readonly startedAtMs?: number | undefined;
  /** What is done when somebody inside shuts the machine down. */
  readonly onPower?: (what: 'shutdown' | 'reset') => void;
}

/** A machine that is only played: it stays the same one as long as it runs, whoever connects and wherever it moves. */
export class SimulatedGuest implements Guest, Machine {
  readonly kind = 'simulated';
  readonly name: string;
  readonly display = new Screen();
  readonly files = new Map<string, string>();
  readonly ttys: readonly [Tty, Tty];
  clipboard = '';
  onKey: ((keysym: number, isDown: boolean) => void) | undefined;
  readonly #options: SimulatedGuestOptions;
  readonly #startedAtMs: number;
  readonly #open = new Set<Duplex>();
  readonly #timers = new Set<() => void>();
  #serial: Serial | undefined;
  readonly #viewers = new Set<RfbServer>();
  /** What the serial port printed at the start, for the first who reads it. */
  #unread: string | undefined = '';

  constructor(options: SimulatedGuestOptions) {
    this.name = options.name;
    this.#options = options;
    this.#startedAtMs = options.startedAtMs ?? options.clock.now();
    const serial = new Tty(this, 'ttyS0', (text) => this.#print(text));
    const console = new Tty(this, 'tty1', (text) => {
      this.display.write(typeof text === 'string' ? text : text.toString('latin1'));
      return true;
    });
    this.ttys = [serial, console];
    this.onDidChange();
  }

  /** A port has one wire: whoever connects has it from then on. */
  serial(): Duplex {
    const [tty] = this.ttys;
    const serial = new Serial(tty);
    this.#serial = serial;
    serial.once('close', () => {
      if (this.#serial === serial) {
        this.#serial = undefined;
        tty.drain();
      }
    });
    serial.push(this.#unread ?? '');
    this.#unread = undefined;
    return this.#hold(serial);
  }

  screen(): Duplex {
    const viewer = new RfbServer(this, (text) => this.ttys[1].type(text));
    this.#viewers.add(viewer);
    viewer.once('close', () => this.#viewers.delete(viewer));
    return this.#hold(viewer);
  }

  connect(port: number, protocol: Protocol): Duplex {
    return this.#hold(connectTo(this, port, protocol));
  }

  date(): string {
    return new Date(this.#options.clock.now()).toISOString().slice(0, 19).replace('T', ' ');
  }

  uptime(): string {
    const seconds = Math.floor((this.#options.clock.now() - this.#startedAtMs) / 1000);
    return [seconds / 3600, seconds / 60 % 60, seconds % 60].map((part) => String(Math.floor(part)).padStart(2, '0')).join(':');
  }

  every(ms: number, run: () => void): () => void {
    let timer: Disposable;
    const next = () => {
      timer = this.#options.clock.after(ms, () => {
        next();
        run();
      });
    };
    next();
    const stop = () => {
      timer.dispose();
      this.#timers.delete(stop);
    };
    this.#timers.add(stop);
    return stop;
  }

  onDidChange(): void {
    const [serial] = this.ttys ?? [];
    const who = serial?.user === undefined ? 'nobody' : `${serial.user} $ ${serial.lastCommand}`;
    this.display.setStatus(` SIMULATED GUEST  ${this.name}  serial port: ${who}`);
  }

  onPower(what: 'shutdown' | 'reset'): void {
    this.ttys.forEach((tty) => tty.print(what === 'shutdown' ? 'The machine is going down.\r\n' : 'The machine is restarting.\r\n'));
    this.#options.onPower?.(what);
  }

  onCopy(text: string): void {
    this.#viewers.forEach((viewer) => viewer.copy(text));
  }

  /** Cuts all streams, as a move to another node does: the machine goes on. */
  disconnect(): void {
    for (const stream of [...this.#open]) {
      stream.destroy();
    }
  }

  /** The machine is off. */
  dispose(): void {
    this.disconnect();
    this.ttys.forEach((tty) => tty.dispose());
    [...this.#timers].forEach((stop) => stop());
  }

  #print(text: string | Buffer): boolean {
    if (this.#serial) {
      return this.#serial.push(text);
    }
    if (this.#unread !== undefined) {
      this.#unread += String(text);
    }
    return true;
  }

  #hold<T extends Duplex>(stream: T): T {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    return stream;
  }
}

class Serial extends Duplex {
  readonly isFleeting = true;
  readonly #tty: Tty;
  readonly #decoder = new StringDecoder('utf8');

  constructor(tty: Tty) {
    super();
    this.#tty = tty;
  }

  override _read(): void {
    this.#tty.flow();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#tty.type(this.#decoder.write(chunk));
    done();
  }
}
