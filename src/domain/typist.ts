import type { Stroke } from './keyboardLayout';
import type { Key } from './keys';

/** What a typist needs of the time: `base/timing` has one. */
export interface TypistClock {
  after(delayMs: number, run: () => void): { dispose(): void };
}

export interface TypistOptions {
  readonly clock: TypistClock;
  readonly press: (key: Key, isDown: boolean) => void;
  /** After every stroke. */
  readonly onProgress: (typed: number, total: number) => void;
  /** Once, whether all was typed or not. */
  readonly onEnd: (typed: number, total: number) => void;
}

/** QEMU hands a key to the guest each 10 ms and forgets what does not fit into its queue. */
export const keyMs = 12;

/** Types strokes one after the other, no faster than a virtual keyboard takes them. */
export class Typist {
  readonly #options: TypistOptions;
  #rest: Step[] = [];
  #held: Key[] = [];
  #typed = 0;
  #total = 0;
  #timer: { dispose(): void } | undefined;

  constructor(options: TypistOptions) {
    this.#options = options;
  }

  get isTyping(): boolean {
    return this.#timer !== undefined;
  }

  /** Begins; what was under way is stopped. */
  type(strokes: readonly Stroke[]): void {
    this.stop();
    this.#rest = strokes.flatMap(stepsOf);
    this.#typed = 0;
    this.#total = strokes.length;
    this.#next();
  }

  /** Lets go of every key that is held and types no more. */
  stop(): void {
    if (!this.#timer) {
      return;
    }
    this.#timer.dispose();
    this.#timer = undefined;
    for (const key of this.#held.reverse()) {
      this.#options.press(key, false);
    }
    this.#held = [];
    this.#rest = [];
    this.#options.onEnd(this.#typed, this.#total);
  }

  #next(): void {
    this.#timer = this.#options.clock.after(keyMs, () => {
      const step = this.#rest.shift();
      if (!step) {
        this.stop();
        return;
      }
      this.#options.press(step.key, step.isDown);
      this.#held = step.isDown ? [...this.#held, step.key] : this.#held.filter((key) => key.code !== step.key.code);
      if (step.isLast) {
        this.#typed++;
        this.#options.onProgress(this.#typed, this.#total);
      }
      this.#next();
    });
  }
}

interface Step {
  readonly key: Key;
  readonly isDown: boolean;
  readonly isLast: boolean;
}

/** Modifiers go down first and come up last, as fingers do it. */
function stepsOf({ code, keysym, modifiers }: Stroke): Step[] {
  const keys = [...modifiers, { code, keysym }];
  return [...keys.map((key) => ({ key, isDown: true })), ...keys.toReversed().map((key) => ({ key, isDown: false }))]
    .map((step, index) => ({ ...step, isLast: index === keys.length * 2 - 1 }));
}
