/** What a viewer says to a server of this version that asks for no password and is shared with others; see RFC 6143, 7.1 to 7.3. */
const version = Buffer.from('RFB 003.008\n');
const withoutPassword = Buffer.from([1]);
const shared = Buffer.from([1]);

/**
 * Answers the beginning of a screen's protocol in the place of the viewer, which stands several hops away and would take as many ways there and
 * back. It hears everything nevertheless and says the same: that is left out then. What is not simple is left to the viewer.
 */
export class RfbHandshake {
  #stage: 'version' | 'security' | 'result' | 'over' = 'version';
  /** What has come of the stage. */
  #input: Buffer = Buffer.alloc(0);
  /** What was said, and not yet by the viewer. */
  #ahead: Buffer = Buffer.alloc(0);

  /** What is to be said at once to what came from the machine; nothing: empty. */
  answer(bytes: Uint8Array): Uint8Array {
    if (this.#stage === 'over') {
      return new Uint8Array();
    }
    this.#input = Buffer.concat([this.#input, bytes]);
    const said: Buffer[] = [];
    for (let reply = this.#reply(); reply; reply = this.#reply()) {
      said.push(reply);
    }
    this.#ahead = Buffer.concat([this.#ahead, ...said]);
    return Buffer.concat(said);
  }

  /** What the viewer says, without what was said for it. Throws when it says something else: it and the machine have not agreed on the same then. */
  rest(bytes: Uint8Array): Uint8Array {
    const length = Math.min(bytes.length, this.#ahead.length);
    if (this.#ahead.compare(bytes, 0, length, 0, length) !== 0) {
      throw new Error('The viewer says something else than was said for it.');
    }
    this.#ahead = this.#ahead.subarray(length);
    return bytes.subarray(length);
  }

  #reply(): Buffer | undefined {
    switch (this.#stage) {
      case 'version':
        return this.#input.length < version.length ? undefined : this.#next(version.length, this.#input.subarray(0, version.length).equals(version), 'security', version);
      case 'security': {
        const length = 1 + (this.#input[0] ?? 0);
        // The viewer takes the first that it knows, and it knows this one.
        return this.#input.length < length ? undefined : this.#next(length, this.#input[1] === 1, 'result', withoutPassword);
      }
      case 'result':
        return this.#input.length < 4 ? undefined : this.#next(4, this.#input.readUInt32BE(0) === 0, 'over', shared);
      case 'over':
        return undefined;
    }
  }

  #next(length: number, isSimple: boolean, stage: 'security' | 'result' | 'over', reply: Buffer): Buffer | undefined {
    this.#input = this.#input.subarray(length);
    this.#stage = isSimple ? stage : 'over';
    return isSimple ? reply : undefined;
  }
}
