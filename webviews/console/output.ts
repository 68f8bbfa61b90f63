import type { Terminal } from '@xterm/xterm';
import { unpacked } from '../shared/unpacked';

/** Writes to a terminal what comes, in the order in which it came: unpacking takes a moment. */
export class Output {
  readonly #terminal: Pick<Terminal, 'write' | 'reset'>;
  readonly #consumed: (bytes: number) => void;
  #last: Promise<unknown> = Promise.resolve();

  /** `consumed` is told how much was drawn, unpacked. */
  constructor(terminal: Pick<Terminal, 'write' | 'reset'>, consumed: (bytes: number) => void) {
    this.#terminal = terminal;
    this.#consumed = consumed;
  }

  /** `isPacked`: see `ConsoleDown`. */
  data(bytes: ArrayBuffer, isPacked: boolean): void {
    const pieces = isPacked ? unpacked(bytes) : [new Uint8Array(bytes)];
    this.#after(async () => this.#write(await pieces));
  }

  /** What is on the screen is void; these bytes make it anew. */
  restart(bytes: ArrayBuffer): void {
    this.#after(() => {
      this.#terminal.reset();
      this.#write([new Uint8Array(bytes)]);
    });
  }

  #after(run: () => unknown): void {
    // What cannot be unpacked is reported as every other fault of a page, and what comes after it is still shown.
    const done = this.#last.catch(() => undefined).then(run);
    this.#last = done;
  }

  #write(pieces: readonly Uint8Array[]): void {
    pieces.slice(0, -1).forEach((piece) => this.#terminal.write(piece));
    this.#terminal.write(pieces.at(-1) ?? '', () => this.#consumed(pieces.reduce((sum, { length }) => sum + length, 0)));
  }
}
