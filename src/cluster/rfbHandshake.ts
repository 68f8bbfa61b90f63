/** What a viewer says to a server of this version that asks for no password and is shared with others; see RFC 6143, 7.1 to 7.3. */
const version = Buffer.from('RFB 003.008\n');
const withoutPassword = Buffer.from([1]);
const shared = Buffer.from([1]);

/** Before the name in what a server says of its screen (RFC 6143, 7.3.2), and more than any name. */
const initLength = 24;
const longestName = 4096;

/** What a viewer says next, by type, and how long that is (RFC 6143, 7.5.1 to 7.5.3): the form of pixels and the encodings that it wants, and the request for the first picture. */
const lengths: Readonly<Record<number, (message: Buffer) => number>> = {
  0: () => 20,
  2: (message) => 4 + 4 * (message.length < 4 ? 0 : message.readUInt16BE(2)),
  3: () => 10,
};
const [encodingsType, requestType] = [2, 3];

/** The form of pixels that noVNC wants of every screen: 32 bits in the order of a canvas. */
const pixels = Buffer.from([0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16, 0, 0, 0]);

/** What is known of viewers, which are all of one kind. */
export interface RfbViewer {
  /** What they say of encodings; it depends on the browser. `undefined`: none has said it yet. */
  encodings?: Buffer;
}

/**
 * Answers the beginning of a screen's protocol in the place of the viewer, which stands several hops away and would take as many ways there and
 * back, up to the request for the first picture. The viewer hears everything nevertheless and says the same: that is left out then. What is not
 * simple is left to the viewer.
 */
export class RfbHandshake {
  readonly #viewer: RfbViewer;
  #stage: 'version' | 'security' | 'result' | 'init' | 'over' = 'version';
  /** What has come of the stage. */
  #input: Buffer = Buffer.alloc(0);
  /** What has come that the viewer was not told yet. */
  #untold: Buffer = Buffer.alloc(0);
  /** What was said, and not yet by the viewer. */
  #ahead: Buffer = Buffer.alloc(0);
  /** What was said after that. The viewer may say something else, which servers take at any time. */
  #guessed: readonly Buffer[] = [];
  /** Whether the viewer's request for the first picture is still to come. */
  #isAwaited = false;

  constructor(viewer: RfbViewer) {
    this.#viewer = viewer;
  }

  /** Takes what came from the machine. `said` is to be said to it at once; `told` is for the viewer, which hears all of the beginning in one piece. */
  take(bytes: Uint8Array): { readonly said: Uint8Array; readonly told: Uint8Array } {
    if (this.#stage === 'over') {
      return { said: new Uint8Array(), told: bytes };
    }
    this.#input = Buffer.concat([this.#input, bytes]);
    this.#untold = Buffer.concat([this.#untold, bytes]);
    const said: Buffer[] = [];
    for (let reply = this.#reply(); reply; reply = this.#reply()) {
      said.push(reply);
    }
    return { said: Buffer.concat(said), told: this.#told() };
  }

  /** What the viewer says, without what was said for it. Throws when it has begun otherwise: it and the machine have not agreed on the same then. */
  rest(bytes: Uint8Array): Uint8Array {
    const length = Math.min(bytes.length, this.#ahead.length);
    if (this.#ahead.compare(bytes, 0, length, 0, length) !== 0) {
      throw new Error('The viewer says something else than was said for it.');
    }
    this.#ahead = this.#ahead.subarray(length);
    return this.#unguessed(bytes.subarray(length));
  }

  /** Goes through whole messages: no viewer says half of one. */
  #unguessed(bytes: Uint8Array): Uint8Array {
    const left: Buffer[] = [];
    let rest = Buffer.from(bytes);
    while (rest.length > 0 && this.#isAwaited) {
      const type = rest[0] ?? 0;
      const length = lengths[type]?.(rest) ?? Number.POSITIVE_INFINITY;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      this.#isAwaited = message.length === length && type !== requestType;
      if (this.#isAwaited && type === encodingsType) {
        this.#viewer.encodings = message;
      }
      if (!this.#guessed.some((one) => one.equals(message))) {
        left.push(message);
      }
    }
    return Buffer.concat([...left, rest]);
  }

  #told(): Buffer {
    const told = this.#stage === 'over' ? this.#untold : Buffer.alloc(0);
    this.#untold = this.#untold.subarray(told.length);
    return told;
  }

  #reply(): Buffer | undefined {
    switch (this.#stage) {
      case 'version':
        return this.#input.length < version.length ? undefined : this.#next(version.length, this.#input.subarray(0, version.length).equals(version), 'security', version);
      case 'security': {
        const length = 1 + (this.#input[0] ?? 0);
        // The viewer takes the first that it knows, and it knows this one. Nobody is refused then: what follows need not wait for the result.
        return this.#input.length < length ? undefined : this.#next(length, this.#input[1] === 1, 'result', Buffer.concat([withoutPassword, shared]));
      }
      case 'result':
        return this.#input.length < 4 ? undefined : this.#next(4, this.#input.readUInt32BE(0) === 0, 'init', Buffer.alloc(0));
      case 'init': {
        const nameLength = this.#input.length < initLength ? 0 : this.#input.readUInt32BE(initLength - 4);
        if (nameLength > longestName) {
          this.#stage = 'over';
          return undefined;
        }
        return this.#input.length < initLength + nameLength ? undefined : this.#open();
      }
      case 'over':
        return undefined;
    }
  }

  #next(length: number, isSimple: boolean, stage: 'security' | 'result' | 'init', reply: Buffer): Buffer | undefined {
    this.#input = this.#input.subarray(length);
    this.#stage = isSimple ? stage : 'over';
    this.#ahead = isSimple ? Buffer.concat([this.#ahead, reply]) : this.#ahead;
    return isSimple ? reply : undefined;
  }

  /** Asks for the whole screen, whose size stands first in what the server says of it, in the form that viewers want. */
  #open(): Buffer | undefined {
    const { encodings } = this.#viewer;
    this.#stage = 'over';
    this.#isAwaited = true;
    if (encodings) {
      this.#guessed = [pixels, encodings, Buffer.concat([Buffer.from([requestType, 0, 0, 0, 0, 0]), this.#input.subarray(0, 4)])];
    }
    return encodings && Buffer.concat(this.#guessed);
  }
}
