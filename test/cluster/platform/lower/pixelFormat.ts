import type { Rect } from './screen';

interface Channel { readonly max: number; readonly shift: number }

/** How a viewer wants its pixels (RFC 6143, 7.4); true colour only. */
export class PixelFormat {
  /** 32 bits, 0x00RRGGBB, little endian. */
  static readonly standard = new PixelFormat(32, false, [{ max: 255, shift: 16 }, { max: 255, shift: 8 }, { max: 255, shift: 0 }]);
  readonly #bits: number;
  readonly #isBig: boolean;
  readonly #channels: readonly Channel[];

  constructor(bits: number, isBig: boolean, channels: readonly Channel[]) {
    this.#bits = bits;
    this.#isBig = isBig;
    this.#channels = channels;
  }

  /** The 16 bytes of a message. Throws where colours come from a palette. */
  static from(bytes: Buffer): PixelFormat {
    const bits = bytes[0] ?? 0;
    if (bytes[3] === 0 || ![8, 16, 32].includes(bits)) {
      throw new Error('The viewer wants pixels that are not offered.');
    }
    return new PixelFormat(bits, bytes[2] !== 0, [0, 1, 2].map((index) => ({ max: bytes.readUInt16BE(4 + 2 * index), shift: bytes[10 + index] ?? 0 })));
  }

  describe(): Buffer {
    const bytes = Buffer.alloc(16);
    bytes.set([this.#bits, 24, this.#isBig ? 1 : 0, 1]);
    for (const [index, { max, shift }] of this.#channels.entries()) {
      bytes.writeUInt16BE(max, 4 + 2 * index);
      bytes[10 + index] = shift;
    }
    return bytes;
  }

  /** The pixels of `rect` of an image of 0xRRGGBB that is `stride` wide. */
  encode(pixels: Uint32Array, stride: number, { x, y, width, height }: Rect): Buffer {
    const size = this.#bits / 8;
    const bytes = Buffer.allocUnsafe(width * height * size);
    const write = this.#writer(bytes);
    for (let row = 0, at = 0; row < height; row++) {
      const start = (y + row) * stride + x;
      for (let from = start; from < start + width; from++, at += size) {
        write(this.#convert(pixels[from] ?? 0), at);
      }
    }
    return bytes;
  }

  #convert(colour: number): number {
    const [red, green, blue] = this.#channels as [Channel, Channel, Channel];
    return ((scale(colour >> 16, red) | scale(colour >> 8, green) | scale(colour, blue)) >>> 0);
  }

  #writer(bytes: Buffer): (value: number, at: number) => unknown {
    if (this.#bits === 8) {
      return (value, at) => (bytes[at] = value);
    }
    if (this.#bits === 16) {
      return this.#isBig ? (value, at) => bytes.writeUInt16BE(value & 0xffff, at) : (value, at) => bytes.writeUInt16LE(value & 0xffff, at);
    }
    return this.#isBig ? (value, at) => bytes.writeUInt32BE(value, at) : (value, at) => bytes.writeUInt32LE(value, at);
  }
}

const scale = (value: number, { max, shift }: Channel) => (max === 255 ? value & 255 : Math.round((value & 255) * max / 255)) << shift;
