import type { Terminal } from '@xterm/xterm';
import { Unpacking } from '../shared/unpacked';

/** Writes to a terminal what comes, in the order in which it came: unpacking takes a moment. */
export class Output {
  readonly #terminal: Pick<Terminal, 'write' | 'reset'>;
  readonly #consumed: (bytes: number) => void;
  readonly #unpacking = new Unpacking();
  /** Of what came packed, messages that are not drawn yet. */
  #packedCount = 0;

  /** `consumed` is told how much was drawn, unpacked. */
  constructor(terminal: Pick<Terminal, 'write' | 'reset'>, consumed: (bytes: number) => void) {
    this.#terminal = terminal;
    this.#consumed = consumed;
  }

  /** Whether much is on its way to the screen. */
  get isFlooded(): boolean {
    return this.#packedCount > 0;
  }

  /** `isPacked`: see `ConsoleDown`. */
  data(bytes: ArrayBuffer, isPacked: boolean): void {
    this.#packedCount += isPacked ? 1 : 0;
    this.#unpacking.take(bytes, isPacked, (pieces) => this.#write(pieces, () => { this.#packedCount -= isPacked ? 1 : 0; }));
  }

  /** What is on the screen is void; these bytes make it anew. */
  restart(bytes: ArrayBuffer): void {
    this.#unpacking.take(bytes, false, (pieces) => {
      this.#terminal.reset();
      this.#write(pieces);
    });
  }

  #write(pieces: readonly Uint8Array[], drawn?: () => void): void {
    pieces.slice(0, -1).forEach((piece) => this.#terminal.write(piece));
    this.#terminal.write(pieces.at(-1) ?? '', () => {
      drawn?.();
      this.#consumed(pieces.reduce((sum, { length }) => sum + length, 0));
    });
  }
}
