import { constants, deflateSync, inflateSync } from 'node:zlib';

/** The pseudo encoding by which a viewer says that it knows more than Latin 1; from the community's RFB specification, 7.7.27. */
export const extendedClipboard = 0xc0a1e5ce | 0;

const text = 1;
const action = { caps: 1 << 24, request: 1 << 25, peek: 1 << 26, notify: 1 << 27, provide: 1 << 28 };
const longestText = 2 ** 20;

export interface ClipboardOptions {
  readonly send: (bytes: Buffer) => void;
  /** The viewer's text. */
  readonly onText: (text: string) => void;
  /** The machine's text. */
  readonly text: () => string;
}

/** The clipboard that a viewer shares with the machine: Latin 1 at once, or, where both know it, any text when it is asked for. */
export class Clipboard {
  readonly #options: ClipboardOptions;
  #isExtended = false;

  constructor(options: ClipboardOptions) {
    this.#options = options;
  }

  /** The viewer knows the extension. */
  extend(): void {
    this.#isExtended = true;
    const size = Buffer.alloc(4);
    size.writeUInt32BE(longestText);
    this.#send(action.caps | action.request | action.peek | action.notify | action.provide | text, size);
  }

  copy(copied: string): void {
    if (this.#isExtended) {
      this.#send(action.notify | text);
    } else {
      const bytes = Buffer.from(copied, 'latin1');
      this.#options.send(Buffer.concat([cutText(bytes.length), bytes]));
    }
  }

  /** A message of the viewer: `length` is negative where it uses the extension. */
  take(length: number, bytes: Buffer): void {
    if (length >= 0) {
      this.#options.onText(bytes.toString('latin1'));
      return;
    }
    const flags = bytes.readUInt32BE(0);
    if ((flags & action.notify) !== 0 && (flags & text) !== 0) {
      this.#send(action.request | text);
    } else if ((flags & action.peek) !== 0) {
      this.#send(action.notify | (this.#options.text() === '' ? 0 : text));
    } else if ((flags & action.request) !== 0) {
      const given = Buffer.from(`${this.#options.text().replaceAll('\n', '\r\n')}\0`, 'utf8');
      const size = Buffer.alloc(4);
      size.writeUInt32BE(given.length);
      this.#send(action.provide | text, deflateSync(Buffer.concat([size, given])));
    } else if ((flags & action.provide) !== 0 && (flags & text) !== 0) {
      // Viewers send a stream that is flushed and not ended.
      const given = inflateSync(bytes.subarray(4), { maxOutputLength: longestText, finishFlush: constants.Z_SYNC_FLUSH });
      const end = given.readUInt32BE(0);
      this.#options.onText(given.subarray(4, 4 + end).toString('utf8').replace(/\0$/, '').replaceAll('\r\n', '\n'));
    }
  }

  #send(flags: number, bytes: Buffer = Buffer.alloc(0)): void {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(flags >>> 0);
    this.#options.send(Buffer.concat([cutText(-(4 + bytes.length)), head, bytes]));
  }
}

function cutText(length: number): Buffer {
  const head = Buffer.alloc(8);
  head[0] = 3;
  head.writeInt32BE(length, 4);
  return head;
}
