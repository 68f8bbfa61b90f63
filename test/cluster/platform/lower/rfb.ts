import { Duplex } from 'node:stream';
import { Clipboard, extendedClipboard } from './clipboard';
import { Keyboard } from './keyboard';
import { PixelFormat } from './pixelFormat';
import { cellHeight } from './font';
import type { Rect } from './screen';
import type { Machine } from './simulatedGuest';

const qemuKeys = -258;

/** `ExtendedDesktopSize`: says how large the screen is and lets the viewer ask for another size. */
const extendedSize = -308;

/** Longer ones are refused: a clipboard is no way to bring files. */
const longestCut = 2 ** 20;

/** From RFC 6143, 7.5, and its registry: the length of a message by its type, as far as its first bytes tell. */
const lengths: Readonly<Record<number, (at: Buffer) => number>> = {
  0: () => 20,
  2: (at) => (at.length < 4 ? 4 : 4 + 4 * at.readUInt16BE(2)),
  3: () => 10,
  4: () => 8,
  5: () => 6,
  6: (at) => (at.length < 8 ? 8 : 8 + Math.abs(at.readInt32BE(4))),
  251: (at) => (at.length < 8 ? 8 : 8 + 16 * (at[6] ?? 0)),
  255: () => 12,
};

/**
 * The screen of a machine over RFB 3.8 (RFC 6143) without a password: raw rectangles of what changed, sent when the viewer
 * asks; keyboard, pointer, clipboard, and the size that the viewer wants. One viewer each.
 */
export class RfbServer extends Duplex {
  readonly #machine: Machine;
  readonly #keyboard: Keyboard;
  readonly #clipboard: Clipboard;
  readonly #unwatch: () => void;
  #input: Buffer = Buffer.alloc(0);
  #stage: 'version' | 'security' | 'init' | 'messages' = 'version';
  #minor = 8;
  #format = PixelFormat.standard;
  #isAsked = false;
  #isFull = false;
  /** Rectangles without pixels that tell the viewer what is possible, and how large the screen is. */
  readonly #news: Buffer[] = [];
  #size: { readonly width: number; readonly height: number };
  #knowsSizes = false;
  /** Whether it was this viewer that wanted another size. */
  #isResizing = false;
  /** Per row of text the changed columns of pixels. */
  #changed: { from: number; to: number }[] = [];

  constructor(machine: Machine, type: (text: string) => void) {
    super();
    this.#machine = machine;
    this.#keyboard = new Keyboard({ type, reset: () => machine.onPower('reset') });
    this.#clipboard = new Clipboard({ send: (bytes) => this.#send(bytes), onText: (text) => (machine.clipboard = text), text: () => machine.clipboard });
    this.#size = this.#measure();
    this.#unwatch = machine.display.watch((rect) => {
      this.#follow();
      this.#mark(rect);
      this.#update();
    });
    this.push('RFB 003.008\n');
  }

  /** Tells the viewer that something is on the machine's clipboard. */
  copy(text: string): void {
    if (this.#stage === 'messages') {
      this.#clipboard.copy(text);
    }
  }

  override _read(): void {
    this.#isFull = false;
    this.#update();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error) => void): void {
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    try {
      for (let length = this.#length(); length > 0 && this.#input.length >= length; length = this.#length()) {
        const message = this.#input.subarray(0, length);
        this.#input = this.#input.subarray(length);
        this.#take(message);
      }
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#unwatch();
    done(error);
  }

  /** Of the next message, or of as much of it as must be there to tell. */
  #length(): number {
    if (this.#stage !== 'messages') {
      return this.#stage === 'version' ? 12 : 1;
    }
    if (this.#input.length === 0) {
      return 0;
    }
    const length = lengths[this.#input[0] ?? 0]?.(this.#input);
    if (length === undefined || length > longestCut) {
      throw new Error(`The viewer sent a message that is not understood: ${this.#input[0]}`);
    }
    return length;
  }

  #take(message: Buffer): void {
    switch (this.#stage) {
      case 'version':
        this.#minor = Number(/^RFB 003\.(\d{3})\n$/.exec(message.toString('latin1'))?.[1] ?? Number.NaN);
        if (!(this.#minor >= 3)) {
          throw new Error('The viewer speaks another protocol.');
        }
        this.#stage = this.#minor < 7 ? 'init' : 'security';
        this.#send(Buffer.from(this.#minor < 7 ? [0, 0, 0, 1] : [1, 1]));
        break;
      case 'security':
        this.#stage = 'init';
        this.#send(Buffer.from(this.#minor < 8 ? [] : [0, 0, 0, 0]));
        break;
      case 'init':
        this.#stage = 'messages';
        this.#send(serverInit(`${this.#machine.name} (simulated guest)`, this.#size));
        break;
      case 'messages':
        this.#message(message);
    }
  }

  #message(message: Buffer): void {
    switch (message[0] ?? 0) {
      case 0:
        this.#format = PixelFormat.from(message.subarray(4));
        break;
      case 2:
        this.#use(Array.from({ length: message.readUInt16BE(2) }, (_, index) => message.readInt32BE(4 + 4 * index)));
        break;
      case 3:
        this.#isAsked = true;
        if (message[1] === 0) {
          this.#mark({ x: 0, y: 0, ...this.#size });
        }
        this.#update();
        break;
      case 4:
        this.#key(message.readUInt32BE(4), message[1] !== 0);
        break;
      case 5:
        this.#machine.display.point(message.readUInt16BE(2), message.readUInt16BE(4), message[1] !== 0);
        break;
      case 6:
        this.#clipboard.take(message.readInt32BE(4), message.subarray(8));
        break;
      case 251:
        this.#resize(message.readUInt16BE(2), message.readUInt16BE(4));
        break;
      case 255:
        this.#key(message.readUInt32BE(4), message.readUInt16BE(2) !== 0, message.readUInt32BE(8));
    }
  }

  #use(encodings: readonly number[]): void {
    if (encodings.includes(qemuKeys)) {
      this.#news.push(rectangle({ x: 0, y: 0, ...this.#size }, qemuKeys));
    }
    this.#knowsSizes = encodings.includes(extendedSize);
    if (this.#knowsSizes) {
      this.#news.push(this.#sizeNews(0, 0));
    }
    if (encodings.includes(extendedClipboard)) {
      this.#clipboard.extend();
    }
    this.#update();
  }

  #key(keysym: number, isDown: boolean, code?: number): void {
    this.#machine.onKey?.(keysym, isDown);
    this.#keyboard.key(keysym, isDown, code);
  }

  #resize(width: number, height: number): void {
    this.#isResizing = true;
    const isDone = this.#machine.display.resize(width, height);
    this.#isResizing = false;
    if (!isDone) {
      // No such layout.
      this.#news.push(this.#sizeNews(1, 3));
      this.#update();
    }
  }

  /** The screen may have another size now. */
  #follow(): void {
    const { width, height } = this.#machine.display;
    if (width === this.#size.width && height === this.#size.height) {
      return;
    }
    this.#size = this.#measure();
    if (this.#knowsSizes) {
      this.#news.push(this.#sizeNews(this.#isResizing ? 1 : 2, 0));
    } else {
      this.destroy(new Error('The screen has another size, and this viewer cannot follow.'));
    }
  }

  #measure(): { readonly width: number; readonly height: number } {
    const { width, height } = this.#machine.display;
    this.#changed = Array.from({ length: Math.ceil(height / cellHeight) }, () => ({ from: width, to: 0 }));
    return { width, height };
  }

  /** `reason`: 0 the machine's, 1 this viewer's, 2 another one's wish. */
  #sizeNews(reason: number, status: number): Buffer {
    const screen = Buffer.alloc(20);
    screen[0] = 1;
    screen.writeUInt16BE(this.#size.width, 12);
    screen.writeUInt16BE(this.#size.height, 14);
    return Buffer.concat([rectangle({ x: reason, y: status, ...this.#size }, extendedSize), screen]);
  }

  #mark({ x, y, width, height }: Rect): void {
    for (let row = Math.floor(y / cellHeight); row * cellHeight < y + height; row++) {
      const band = this.#changed[row];
      if (band) {
        band.from = Math.min(band.from, x);
        band.to = Math.max(band.to, x + width);
      }
    }
  }

  /** Sends what changed, if the viewer has asked for it and has read what came before. */
  #update(): void {
    if (!this.#isAsked || this.#isFull || this.#stage !== 'messages') {
      return;
    }
    const rects = this.#rects();
    const news = this.#news.splice(0);
    if (rects.length + news.length === 0) {
      return;
    }
    const parts: Buffer[] = [Buffer.from([0, 0, 0, rects.length + news.length]), ...news];
    const { pixels } = this.#machine.display;
    for (const rect of rects) {
      parts.push(rectangle(rect, 0), this.#format.encode(pixels, this.#size.width, rect));
    }
    this.#isAsked = false;
    this.#send(Buffer.concat(parts));
  }

  /** What changed, rows of the same extent together; none of it is marked any more. */
  #rects(): Rect[] {
    const rects: Rect[] = [];
    for (const [row, band] of this.#changed.entries()) {
      const last = rects.at(-1);
      const { from, to } = band;
      if (to <= from) {
        continue;
      }
      if (last && last.x === from && last.width === to - from && last.y + last.height === row * cellHeight) {
        rects[rects.length - 1] = { ...last, height: Math.min(last.height + cellHeight, this.#size.height - last.y) };
      } else {
        rects.push({ x: from, y: row * cellHeight, width: to - from, height: Math.min(cellHeight, this.#size.height - row * cellHeight) });
      }
      Object.assign(band, { from: this.#size.width, to: 0 });
    }
    return rects;
  }

  #send(bytes: Buffer): void {
    if (bytes.length > 0 && !this.push(bytes)) {
      this.#isFull = true;
    }
  }
}

function rectangle({ x, y, width, height }: Rect, encoding: number): Buffer {
  const head = Buffer.alloc(12);
  [x, y, width, height].forEach((value, index) => head.writeUInt16BE(value, index * 2));
  head.writeInt32BE(encoding, 8);
  return head;
}

function serverInit(name: string, { width, height }: Pick<Rect, 'width' | 'height'>): Buffer {
  const head = Buffer.alloc(24);
  head.writeUInt16BE(width, 0);
  head.writeUInt16BE(height, 2);
  PixelFormat.standard.describe().copy(head, 4);
  head.writeUInt32BE(name.length, 20);
  return Buffer.concat([head, Buffer.from(name, 'latin1')]);
}
