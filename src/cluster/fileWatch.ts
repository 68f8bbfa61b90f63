import { stat } from 'node:fs/promises';
import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';

const lookEveryMs = 1500;

/**
 * Calls `onChange` when files appear, vanish, change or are replaced, once they have kept still from one look to the next.
 * Looks instead of listening: it also sees through symbolic links, into folders that do not exist yet and on network drives.
 */
export class FileWatch implements Disposable {
  readonly #clock: Clock;
  readonly #files: () => readonly string[];
  readonly #onChange: () => void;
  #timer: Disposable | undefined;
  #isDisposed = false;
  #reported: string | undefined;
  #last = '';

  constructor(clock: Clock, files: () => readonly string[], onChange: () => void) {
    this.#clock = clock;
    this.#files = files;
    this.#onChange = onChange;
  }

  /** What the files are like now is known: only later changes are reported. */
  async start(): Promise<void> {
    this.#reported = this.#last = await this.#signature();
    this.#schedule();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#timer?.dispose();
  }

  #schedule(): void {
    if (!this.#isDisposed) {
      this.#timer?.dispose();
      this.#timer = this.#clock.after(lookEveryMs, () => void this.#look());
    }
  }

  async #look(): Promise<void> {
    const now = await this.#signature();
    if (this.#isDisposed) {
      return;
    }
    const isStill = now === this.#last;
    this.#last = now;
    if (isStill && now !== this.#reported) {
      this.#reported = now;
      this.#onChange();
    }
    this.#schedule();
  }

  async #signature(): Promise<string> {
    const parts = await Promise.all(this.#files().map(async (file) => {
      try {
        const { mtimeMs, size, ino } = await stat(file);
        return `${file} ${mtimeMs} ${size} ${ino}`;
      } catch {
        return `${file} -`;
      }
    }));
    return parts.join('\n');
  }
}
