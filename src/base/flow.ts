/** Above this the sender is paused; design of the console. */
const highBytes = 512 * 1024;
const lowBytes = 128 * 1024;

/** Holds a sender back while its receiver has too much that it has not worked through. */
export class Flow {
  readonly #source: { pause(): void; resume(): void };
  #openBytes = 0;
  #isPaused = false;

  constructor(source: { pause(): void; resume(): void }) {
    this.#source = source;
  }

  sent(bytes: number): void {
    this.#openBytes += bytes;
    if (!this.#isPaused && this.#openBytes > highBytes) {
      this.#isPaused = true;
      this.#source.pause();
    }
  }

  consumed(bytes: number): void {
    this.#openBytes = Math.max(0, this.#openBytes - bytes);
    if (this.#isPaused && this.#openBytes < lowBytes) {
      this.#isPaused = false;
      this.#source.resume();
    }
  }

  /** The receiver begins anew and will never acknowledge what was under way. */
  reset(): void {
    this.consumed(this.#openBytes);
  }
}
