import { cellHeight, cellWidth, characterIn } from '../../cluster/platform/lower/font';

export interface ViewerOptions {
  readonly send: (bytes: Buffer) => void;
  /** Pseudo encodings that are said to be known, besides raw pixels. */
  readonly encodings?: readonly number[];
  /** `3.3`, `3.7` or `3.8`. */
  readonly version?: string;
}

/** A small RFB viewer for 32 bits of colour and raw rectangles: what it is given to `take` it makes an image of. */
export class Viewer {
  readonly #options: ViewerOptions;
  #input = Buffer.alloc(0) as Buffer;
  #parse: Generator<number, void, Buffer>;
  #wanted: number;
  #isTaking = false;
  width = 0;
  height = 0;
  name = '';
  /** Row by row, 0xRRGGBB. */
  pixels = new Uint32Array(0);
  /** How many updates came, how many pixels they had, and which pseudo encodings. */
  updates = 0;
  received = 0;
  readonly pseudo: number[] = [];
  readonly cuts: Buffer[] = [];
  /** What was said about the size: who wanted it, whether it was granted (0), and what it is. */
  readonly sizes: { readonly reason: number; readonly status: number; readonly width: number; readonly height: number }[] = [];
  /** Whether the next update is asked for as soon as one is there; otherwise call `ask`. */
  isEager = true;

  constructor(options: ViewerOptions) {
    this.#options = options;
    this.#parse = this.#conversation();
    this.#wanted = this.#parse.next().value ?? 0;
  }

  take(bytes: Buffer): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    // An answer may come before the question has been asked to its end.
    if (this.#isTaking) {
      return;
    }
    this.#isTaking = true;
    while (this.#input.length >= this.#wanted) {
      const piece = this.#input.subarray(0, this.#wanted);
      this.#input = this.#input.subarray(this.#wanted);
      this.#wanted = this.#parse.next(piece).value ?? 0;
    }
    this.#isTaking = false;
  }

  ask(isIncremental = true): void {
    const message = Buffer.from([3, isIncremental ? 1 : 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    message.writeUInt16BE(this.width, 6);
    message.writeUInt16BE(this.height, 8);
    this.#options.send(message);
  }

  /** Presses and releases the keys of a text on a US keyboard. */
  type(text: string): void {
    for (const character of text) {
      const needsShift = /[A-Z~!@#$%^&*()_+{}|:"<>?]/.test(character);
      if (needsShift) {
        this.key(0xffe1, true);
      }
      this.press(character === '\r' ? 0xff0d : character.charCodeAt(0));
      if (needsShift) {
        this.key(0xffe1, false);
      }
    }
  }

  press(...keysyms: readonly number[]): void {
    keysyms.forEach((keysym) => this.key(keysym, true));
    keysyms.toReversed().forEach((keysym) => this.key(keysym, false));
  }

  key(keysym: number, isDown: boolean): void {
    const message = Buffer.from([4, isDown ? 1 : 0, 0, 0, 0, 0, 0, 0]);
    message.writeUInt32BE(keysym, 4);
    this.#options.send(message);
  }

  point(x: number, y: number, buttons = 0): void {
    const message = Buffer.from([5, buttons, 0, 0, 0, 0]);
    message.writeUInt16BE(x, 2);
    message.writeUInt16BE(y, 4);
    this.#options.send(message);
  }

  /** Asks for a screen of this size. */
  resize(width: number, height: number): void {
    const message = Buffer.alloc(24);
    message[0] = 251;
    message[6] = 1;
    [2, 16].forEach((at) => {
      message.writeUInt16BE(width, at);
      message.writeUInt16BE(height, at + 2);
    });
    this.#options.send(message);
  }

  cut(text: string): void {
    const bytes = Buffer.from(text, 'latin1');
    const head = Buffer.from([6, 0, 0, 0, 0, 0, 0, 0]);
    head.writeUInt32BE(bytes.length, 4);
    this.#options.send(Buffer.concat([head, bytes]));
  }

  /** What stands on the screen of a simulated guest. */
  get text(): string {
    const lines: string[] = [];
    for (let top = 0; top + cellHeight <= this.height; top += cellHeight) {
      let line = '';
      for (let left = 0; left + cellWidth <= this.width; left += cellWidth) {
        const isInverse = this.#isLight(left, top);
        line += characterIn((x, y) => this.#isLight(left + x, top + y) !== isInverse) ?? '?';
      }
      lines.push(line.trimEnd());
    }
    return lines.join('\n').trimEnd();
  }

  #isLight(x: number, y: number): boolean {
    return ((this.pixels[y * this.width + x] ?? 0) & 0xff) > 0x80;
  }

  *#conversation(): Generator<number, void, Buffer> {
    const version = yield 12;
    if (version.toString('latin1') !== 'RFB 003.008\n') {
      throw new Error(`No RFB: ${JSON.stringify(version.toString('latin1'))}`);
    }
    const [, minor = '8'] = (this.#options.version ?? '3.8').split('.');
    this.#options.send(Buffer.from(`RFB 003.00${minor}\n`));
    if (minor === '3') {
      yield 4;
    } else {
      const [count = 0] = yield 1;
      yield count;
      this.#options.send(Buffer.from([1]));
      if (minor === '8' && (yield 4).readUInt32BE(0) !== 0) {
        throw new Error('Refused');
      }
    }
    this.#options.send(Buffer.from([1]));
    const init = yield 24;
    this.width = init.readUInt16BE(0);
    this.height = init.readUInt16BE(2);
    this.pixels = new Uint32Array(this.width * this.height);
    const nameLength = init.readUInt32BE(20);
    this.name = nameLength === 0 ? '' : (yield nameLength).toString('utf8');
    this.#use([0, ...this.#options.encodings ?? []]);
    this.ask(false);
    for (;;) {
      const [type] = yield 1;
      if (type === 0) {
        yield* this.#update();
      } else if (type === 3) {
        const length = (yield 7).readInt32BE(3);
        this.cuts.push(length === 0 ? Buffer.alloc(0) : Buffer.from(yield Math.abs(length)));
      } else if (type !== 2) {
        throw new Error(`No message: ${type}`);
      }
    }
  }

  *#update(): Generator<number, void, Buffer> {
    const count = (yield 3).readUInt16BE(1);
    for (let index = 0; index < count; index++) {
      const head = yield 12;
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [number, number, number, number];
      const encoding = head.readInt32BE(8);
      if (encoding === -308) {
        yield 16 * ((yield 4)[0] ?? 0);
        this.sizes.push({ reason: x, status: y, width, height });
      }
      if (encoding === -223 || (encoding === -308 && y === 0)) {
        this.width = width;
        this.height = height;
        this.pixels = new Uint32Array(width * height);
      } else if (encoding === -308) {
        // Refused: everything stays as it is.
      } else if (encoding !== 0) {
        this.pseudo.push(encoding);
      } else if (width * height > 0) {
        const bytes = yield width * height * 4;
        for (let row = 0; row < height; row++) {
          for (let column = 0; column < width; column++) {
            this.pixels[(y + row) * this.width + x + column] = bytes.readUInt32LE((row * width + column) * 4) & 0xffffff;
          }
        }
        this.received += width * height;
      }
    }
    this.updates++;
    if (this.isEager) {
      this.ask();
    }
  }

  #use(encodings: readonly number[]): void {
    const message = Buffer.alloc(4 + 4 * encodings.length);
    message[0] = 2;
    message.writeUInt16BE(encodings.length, 2);
    encodings.forEach((encoding, index) => message.writeInt32BE(encoding, 4 + 4 * index));
    this.#options.send(message);
  }
}
