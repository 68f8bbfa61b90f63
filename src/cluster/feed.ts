import type { Disposable } from '../base/disposable';
import type { Clock } from '../base/timing';
import type { Transcript } from './transcript';

/** At most so much is under way. Less leaves a busy page waiting: a message takes several of its turns, of which each may last as long as a picture. */
const windowBytes = 4096 * 1024;

/** What waits here above this pauses the source, below the other it goes on. There is always something to be sent when the reader has got on, and it is less than the transcript keeps. */
const highBytes = 1408 * 1024;
const lowBytes = 1152 * 1024;

/** What goes in one message while others are still under way: each costs as much as a hundred kilobytes do. */
const batchBytes = 1024 * 1024;

/** While no more than this is under way, whatever there is goes at once. */
const littleBytes = 64 * 1024;

/** A reader that says nothing for so long does not hold its source back any more: behind it stands a machine that waits. */
const stallMs = 10_000;

export interface FeedOptions {
  readonly transcript: Transcript;
  readonly source: { pause(): void; resume(): void };
  readonly clock: Clock;
  /** The next bytes, which are overwritten after the call. */
  readonly send: (bytes: Uint8Array<ArrayBuffer>) => void;
  /** All that is kept, for a reader that is new or has missed something: what it shows is void. */
  readonly restart: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/**
 * Hands a stream to a reader that says how far it got. Everything is kept in the transcript first. While the reader looks, the source is held
 * back as it falls behind; while it does not look it gets nothing, and catches up afterwards.
 */
export class Feed implements Disposable {
  readonly #options: FeedOptions;
  readonly #batch = new Uint8Array(batchBytes);
  #sent = 0;
  /** What was sent, and not consumed yet. */
  #openBytes = 0;
  #isBegun = false;
  #isLooking = true;
  #isStalled = false;
  #isPaused = false;
  #stall: Disposable | undefined;

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  append(bytes: Uint8Array): void {
    this.#options.transcript.append(bytes);
    this.#pump();
  }

  /** The reader is new. */
  begin(): void {
    this.#isBegun = true;
    this.#restart();
    this.#pump();
  }

  consumed(bytes: number): void {
    this.#openBytes = Math.max(0, this.#openBytes - bytes);
    this.#isStalled = false;
    this.#watch();
    this.#pump();
  }

  set isLooking(is: boolean) {
    this.#isLooking = is;
    this.#pump();
  }

  dispose(): void {
    this.#stall?.dispose();
    this.#stall = undefined;
    this.#isBegun = false;
  }

  #pump(): void {
    const { transcript, source, send } = this.#options;
    if (this.#isBegun && this.#isLooking && !this.#isStalled) {
      if (transcript.start > this.#sent) {
        this.#restart();
      }
      for (let waiting = transcript.end - this.#sent; waiting > 0 && this.#openBytes < windowBytes && (waiting >= batchBytes || this.#openBytes < littleBytes); waiting = transcript.end - this.#sent) {
        const bytes = transcript.read(this.#sent, this.#batch);
        this.#sent += bytes.length;
        this.#openBytes += bytes.length;
        send(bytes);
      }
    }
    const waitingBytes = this.#isBegun && this.#isLooking && !this.#isStalled ? transcript.end - this.#sent : 0;
    if (!this.#isPaused && waitingBytes > highBytes) {
      this.#isPaused = true;
      source.pause();
      this.#watch();
    } else if (this.#isPaused && waitingBytes < lowBytes) {
      this.#isPaused = false;
      source.resume();
      this.#watch();
    }
  }

  /** Waits for the reader while the source is paused, from now on. */
  #watch(): void {
    this.#stall?.dispose();
    this.#stall = this.#isPaused ? this.#options.clock.after(stallMs, () => {
      this.#isStalled = true;
      this.#pump();
    }) : undefined;
  }

  #restart(): void {
    const { transcript, restart } = this.#options;
    const bytes = transcript.replay();
    this.#sent = transcript.end;
    this.#openBytes = bytes.length;
    restart(bytes);
  }
}
