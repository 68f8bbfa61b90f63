/** What the extension has packed: by `deflate`, without a header (RFC 1951). */
async function unpacked(bytes: ArrayBuffer): Promise<readonly Uint8Array[]> {
  const pieces: Uint8Array[] = [];
  const { readable, writable } = new DecompressionStream('deflate-raw');
  const writer = writable.getWriter();
  await Promise.all([readable.pipeTo(new WritableStream({ write: (piece) => void pieces.push(piece) })), writer.write(bytes), writer.close()]);
  return pieces;
}

/** Hands on what is packed and what is not in the order in which it came; at once where nothing before it is still packed. */
export class Unpacking {
  #last: Promise<void> | undefined;

  /** `use` gets all of it, in one piece or several. */
  take(bytes: ArrayBuffer, isPacked: boolean, use: (pieces: readonly Uint8Array[]) => void): void {
    const pieces = isPacked ? unpacked(bytes) : [new Uint8Array(bytes)];
    if (!(pieces instanceof Promise) && !this.#last) {
      use(pieces);
      return;
    }
    // What cannot be unpacked is reported as every other fault of a page, and what comes after it is still used.
    const done = (this.#last ?? Promise.resolve()).catch(() => undefined).then(async () => use(await pieces));
    this.#last = done;
    void done.finally(() => { this.#last = this.#last === done ? undefined : this.#last; });
  }
}
