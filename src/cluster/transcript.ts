import { TerminalModes } from './terminalModes';

const blockBytes = 64 * 1024;

/** What a line takes that is full of colours; xterm counts lines, this counts bytes. */
const bytesPerLine = 512;
const smallestBytes = 2 * 2 ** 20;
const largestBytes = 32 * 2 ** 20;

/** How much of a console is kept for a scrollback of so many lines. */
export function transcriptBytes(scrollbackLines: number): number {
  return Math.min(largestBytes, Math.max(smallestBytes, Math.ceil(scrollbackLines) * bytesPerLine));
}

/** The last bytes of a stream, by their position in all of it: what a terminal is built from again. Drops the oldest above its limit. */
export class Transcript {
  /** All full but the last. */
  readonly #blocks: Buffer[] = [];
  readonly #modes = new TerminalModes();
  /** Dropped, to be filled anew: in a flood the memory of the oldest serves the newest. */
  #spare: Buffer | undefined;
  #limitBytes: number;
  /** Position of the first block. */
  #start = 0;
  #end = 0;
  /** Whether the first line may lack its beginning. */
  #isCut = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  /** The oldest position that is still here. */
  get start(): number {
    return this.#start;
  }

  /** One after the newest. */
  get end(): number {
    return this.#end;
  }

  set limitBytes(limit: number) {
    this.#limitBytes = limit;
    this.#trim();
  }

  append(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const filled = (this.#end - this.#start) % blockBytes;
      const block = filled === 0 ? this.#spare ?? Buffer.allocUnsafeSlow(blockBytes) : this.#blocks.at(-1);
      if (!block) {
        break;
      }
      if (filled === 0) {
        this.#blocks.push(block);
        this.#spare = undefined;
      }
      const piece = bytes.subarray(at, at + blockBytes - filled);
      block.set(piece, filled);
      at += piece.length;
      this.#end += piece.length;
    }
    this.#trim();
  }

  /** Copies what stands from `position` on into `target`; gives the part of it that is filled. */
  read(position: number, target: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
    const first = Math.max(position, this.#start);
    const copy = target.subarray(0, Math.max(0, Math.min(target.length, this.#end - first)));
    for (let done = 0; done < copy.length;) {
      const offset = first + done - this.#start;
      const block = this.#blocks[Math.floor(offset / blockBytes)];
      const piece = block?.subarray(offset % blockBytes, offset % blockBytes + copy.length - done) ?? new Uint8Array(copy.length - done);
      copy.set(piece, done);
      done += piece.length;
    }
    return copy;
  }

  /** What brings an empty terminal to where the stream is, from the beginning of a line on. */
  replay(): Uint8Array<ArrayBuffer> {
    const kept = this.#all();
    return new Uint8Array(Buffer.concat([Buffer.from(this.#modes.restore()), kept.subarray(this.#isCut ? kept.indexOf(0x0a) + 1 : 0)]));
  }

  /** Nothing of before is shown again. */
  clear(): void {
    this.#modes.scan(this.#all());
    this.#blocks.length = 0;
    this.#start = this.#end;
    this.#isCut = false;
  }

  #all(): Uint8Array<ArrayBuffer> {
    return this.read(this.#start, new Uint8Array(this.#end - this.#start));
  }

  #trim(): void {
    while (this.#end - this.#start - blockBytes >= this.#limitBytes) {
      const block = this.#blocks.shift();
      if (!block) {
        break;
      }
      this.#modes.scan(block);
      this.#spare = block;
      this.#start += blockBytes;
      this.#isCut = true;
    }
  }
}
