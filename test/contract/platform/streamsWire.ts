import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { Duplex } from 'node:stream';

export interface DialOptions {
  readonly url: string;
  readonly caPem: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Default: the name that the platform's command-line client offers. */
  readonly subprotocol?: string;
  readonly method?: 'GET' | 'POST';
}

/** A handshake that was answered otherwise. */
export class Refused extends Error {
  readonly code: number;
  readonly body: string;

  constructor(code: number, body: string) {
    super(`can't connect to websocket (${code}): ${messageOf(body)}`);
    this.code = code;
    this.body = body;
  }
}

/**
 * A WebSocket as the platform's command-line client has it: a subprotocol is offered and whatever is selected is taken;
 * only binary messages count; pings are answered; to leave is to close the connection without a close frame.
 * Throws `Refused`.
 */
export async function dial(options: DialOptions): Promise<Wire> {
  const { url, caPem, headers, subprotocol = 'plain.virtualization.deckhouse.io', method = 'GET' } = options;
  const outgoing = request(url, {
    ca: caPem, method, agent: false,
    headers: { ...headers, Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Key': randomBytes(16).toString('base64'), 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Protocol': subprotocol },
  });
  return await new Promise<Wire>((resolve, reject) => {
    outgoing.on('error', reject).on('upgrade', (answer: IncomingMessage, socket: Duplex, head: Buffer) => resolve(new Wire(socket, head, answer.headers['sec-websocket-protocol'])));
    outgoing.on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text)).on('end', () => reject(new Refused(answer.statusCode ?? 0, body)));
    });
    outgoing.end();
  });
}

/** The bytes of a stream, both ways. Destroying it leaves without a word. */
export class Wire extends Duplex {
  readonly selected: string | undefined;
  /** Of the frames that came: how many were pings, and the code of a close frame. */
  pings = 0;
  closeCode: number | undefined;
  readonly #socket: Duplex;
  #input: Buffer;

  constructor(socket: Duplex, head: Buffer, selected: string | undefined) {
    super();
    this.#socket = socket;
    this.#input = head;
    this.selected = selected;
    socket.on('data', (bytes: Buffer) => this.#take(bytes)).on('error', () => undefined);
    // Without a close frame before it, an end is what clients report as 1006.
    socket.once('close', () => this.destroy());
    this.#take(Buffer.alloc(0));
  }

  /** Resolves with the code that a client reports when the server ended it. */
  async ended(): Promise<number> {
    if (!this.destroyed) {
      await new Promise<void>((resolve) => this.once('close', () => resolve()));
    }
    return this.closeCode ?? 1006;
  }

  sendText(text: string): void {
    this.#frame(1, Buffer.from(text));
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#frame(2, chunk)) {
      done();
    } else {
      this.#socket.once('drain', done);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #take(bytes: Buffer): void {
    this.#input = Buffer.concat([this.#input, bytes]);
    for (let frame = this.#next(); frame; frame = this.#next()) {
      const { opcode, payload } = frame;
      if (opcode === 9) {
        this.pings++;
        this.#frame(10, payload);
      } else if (opcode === 8) {
        this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
        this.destroy();
      } else if ((opcode === 2 || opcode === 0) && !this.push(payload)) {
        this.#socket.pause();
      }
    }
  }

  /** A whole frame, as far as one has come (RFC 6455, 5.2). */
  #next(): { readonly opcode: number; readonly payload: Buffer } | undefined {
    const input = this.#input;
    if (input.length < 2) {
      return undefined;
    }
    const short = input[1]! & 0x7f;
    const start = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (input.length < start) {
      return undefined;
    }
    const length = short === 126 ? input.readUInt16BE(2) : short === 127 ? Number(input.readBigUInt64BE(2)) : short;
    if (input.length < start + length) {
      return undefined;
    }
    this.#input = input.subarray(start + length);
    return { opcode: input[0]! & 0x0f, payload: input.subarray(start, start + length) };
  }

  #frame(opcode: number, payload: Buffer): boolean {
    const mask = randomBytes(4);
    const { length } = payload;
    const head = length < 126 ? Buffer.from([0x80 | opcode, 0x80 | length]) : Buffer.alloc(length < 2 ** 16 ? 4 : 10);
    if (length >= 126) {
      head[0] = 0x80 | opcode;
      head[1] = 0x80 | (length < 2 ** 16 ? 126 : 127);
      if (length < 2 ** 16) {
        head.writeUInt16BE(length, 2);
      } else {
        head.writeBigUInt64BE(BigInt(length), 2);
      }
    }
    const masked = Buffer.from(payload.map((byte, index) => byte ^ mask[index % 4]!));
    return this.#socket.destroyed || this.#socket.write(Buffer.concat([head, mask, masked]));
  }
}

function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { readonly message?: unknown }).message);
  } catch {
    return 'websocket: bad handshake';
  }
}
