/** While less than this is under way, whatever comes goes at once. */
const littleBytes = 64 * 1024;

/** Hands bytes on in few pieces, each of which costs as much as tens of kilobytes do: what comes while much is under way goes together when that has arrived. */
export class Gather {
  readonly #send: (bytes: Uint8Array<ArrayBuffer>) => PromiseLike<unknown>;
  readonly #waiting: Uint8Array[] = [];
  #openBytes = 0;

  /** `send` gives when it has arrived. */
  constructor(send: (bytes: Uint8Array<ArrayBuffer>) => PromiseLike<unknown>) {
    this.#send = send;
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes);
    if (this.#openBytes < littleBytes) {
      this.flush();
    }
  }

  /** Hands on what waits now. */
  flush(): void {
    if (this.#waiting.length === 0) {
      return;
    }
    // A copy of exactly these bytes: what a socket hands out lies in a larger buffer.
    const bytes = new Uint8Array(Buffer.concat(this.#waiting.splice(0)));
    this.#openBytes += bytes.length;
    const arrived = () => {
      this.#openBytes -= bytes.length;
      if (this.#openBytes < littleBytes) {
        this.flush();
      }
    };
    this.#send(bytes).then(arrived, arrived);
  }
}
