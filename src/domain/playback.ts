import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import { sizeIn } from './asciicast';

/** What shows a recording. */
export interface PlaybackScreen {
  reset(): void;
  write(text: string): void;
  resize(columns: number, rows: number): void;
}

export interface Playable {
  readonly columns: number;
  readonly rows: number;
  /** In the order of the times, which are seconds. */
  readonly events: readonly (readonly [atS: number, kind: string, data: string])[];
}

/** Plays a recording at its own pace, or a multiple of it. What was typed is not shown: its echo is. */
export class Playback implements Disposable {
  readonly #cast: Playable;
  readonly #screen: PlaybackScreen;
  readonly #clock: Clock;
  /** Index of the next event. */
  #next = 0;
  /** Where it was at `#sinceMs`. */
  #atS = 0;
  #sinceMs = 0;
  #speed = 1;
  #timer: Disposable | undefined;

  constructor(cast: Playable, screen: PlaybackScreen, clock: Clock) {
    this.#cast = cast;
    this.#screen = screen;
    this.#clock = clock;
  }

  get durationS(): number {
    return this.#cast.events.at(-1)?.[0] ?? 0;
  }

  get positionS(): number {
    return this.isPlaying ? Math.min(this.durationS, this.#atS + ((this.#clock.now() - this.#sinceMs) / 1000) * this.#speed) : this.#atS;
  }

  get isPlaying(): boolean {
    return this.#timer !== undefined;
  }

  /** From the beginning where it has ended. */
  play(): void {
    if (this.#atS >= this.durationS) {
      this.seek(0);
    }
    this.#go();
  }

  pause(): void {
    this.#atS = this.positionS;
    this.#timer?.dispose();
    this.#timer = undefined;
  }

  /** Goes on playing if it was. */
  seek(atS: number): void {
    const wasPlaying = this.isPlaying;
    this.pause();
    this.#screen.reset();
    this.#screen.resize(this.#cast.columns, this.#cast.rows);
    this.#next = 0;
    this.#atS = Math.max(0, Math.min(this.durationS, atS));
    this.#showUntil(this.#atS);
    if (wasPlaying) {
      this.#go();
    }
  }

  set speed(factor: number) {
    const wasPlaying = this.isPlaying;
    this.pause();
    this.#speed = factor;
    if (wasPlaying) {
      this.#go();
    }
  }

  dispose(): void {
    this.pause();
  }

  #go(): void {
    this.#timer?.dispose();
    this.#sinceMs = this.#clock.now();
    const next = this.#cast.events[this.#next];
    this.#timer = next && this.#clock.after(Math.max(0, ((next[0] - this.#atS) / this.#speed) * 1000), () => {
      this.#atS = next[0];
      this.#showUntil(this.#atS);
      this.#go();
    });
  }

  /** In one piece, so that a jump is quick. */
  #showUntil(atS: number): void {
    let text = '';
    for (let event = this.#cast.events[this.#next]; event && event[0] <= atS; event = this.#cast.events[++this.#next]) {
      const size = event[1] === 'r' ? sizeIn(event[2]) : undefined;
      if (size) {
        this.#screen.write(text);
        text = '';
        this.#screen.resize(size.columns, size.rows);
      }
      text += event[1] === 'o' ? event[2] : '';
    }
    this.#screen.write(text);
  }
}
