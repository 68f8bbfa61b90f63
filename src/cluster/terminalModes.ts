const escape = 0x1b;

/** No sequence that sets modes is longer. */
const longestSequence = 64;

/** Modes of a terminal (DECSET and DECRST) as a stream left them, for whoever is shown only its end. */
export class TerminalModes {
  /** In the order of their last change. */
  readonly #modes = new Map<string, boolean>();
  #carry = Buffer.alloc(0);

  scan(bytes: Uint8Array): void {
    const data = this.#carry.length > 0 ? Buffer.concat([this.#carry, bytes]) : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#carry = Buffer.alloc(0);
    for (let at = data.indexOf(escape); at >= 0; at = data.indexOf(escape, at + 1)) {
      const sequence = data.toString('latin1', at, at + longestSequence);
      if (/^\x1b(?:\[(?:[?!][\d;]*)?)?$/.test(sequence) && sequence.length < longestSequence) {
        this.#carry = Buffer.from(data.subarray(at));
        return;
      }
      this.#apply(sequence);
    }
  }

  /** Sequences that bring a new terminal into the same modes. */
  restore(): string {
    return [...this.#modes].map(([mode, isSet]) => `\x1b[?${mode}${isSet ? 'h' : 'l'}`).join('');
  }

  #apply(sequence: string): void {
    const [, modes, final] = /^\x1b\[\?([\d;]+)([hl])/.exec(sequence) ?? [];
    if (modes !== undefined) {
      for (const mode of modes.split(';').filter((one) => one !== '')) {
        this.#modes.delete(mode);
        this.#modes.set(mode, final === 'h');
      }
    } else if (/^\x1b(?:c|\[!p)/.test(sequence)) {
      this.#modes.clear();
    }
  }
}
