import type { Terminal } from '@xterm/xterm';
import { Unpacking } from '../shared/unpacked';

/** Writes to a terminal what comes, in the order in which it came: unpacking takes a moment. */
export class Output {
  readonly #terminal: Pick<Terminal, 'write' | 'reset'>;
  readonly #consumed: (bytes: number) => void;
  readonly #unpacking = new Unpacking();

  /** `consumed` is told how much was drawn, unpacked. */
  constructor(terminal: Pick<Terminal, 'write' | 'reset'>, consumed: (bytes: number) => void) {
    this.#terminal = terminal;
    this.#consumed = consumed;
  }

  /** `isPacked`: see `ConsoleDown`. */
  data(bytes: ArrayBuffer, isPacked: boolean): void {
    this.#unpacking.take(bytes, isPacked, (pieces) => this.#write(pieces));
  }

  /** What is on the screen is void; these bytes make it anew. */
  restart(bytes: ArrayBuffer): void {
    this.#unpacking.take(bytes, false, (pieces) => {
      this.#terminal.reset();
      this.#write(pieces);
    });
  }

  #write(pieces: readonly Uint8Array[]): void {
    pieces.slice(0, -1).forEach((piece) => this.#terminal.write(piece));
    this.#terminal.write(pieces.at(-1) ?? '', () => this.#consumed(pieces.reduce((sum, { length }) => sum + length, 0)));
  }
}
