import type { Clock } from '../base/timing';
import type { SessionHolder } from './channel';

export interface RivalryOptions {
  /** Who has the console; `undefined`: cannot be told. */
  readonly probe: (signal: AbortSignal) => Promise<SessionHolder | undefined>;
  /** Our own name as the cluster knows us; `undefined`: cannot be told. */
  readonly self: (signal: AbortSignal) => Promise<string | undefined>;
  readonly clock: Clock;
}

/** Two takeovers within this time are a fight. */
const fightMs = 10 * 60_000;

/** Judges whether a console may be connected without asking: it has one user at a time, and two clients that both come back by themselves fight for ever. */
export class Rivalry {
  readonly #options: RivalryOptions;
  /** Whether machine, network or user explain that there is no connection; otherwise somebody may have taken the console. */
  isExplained = true;
  #tookOverAtMs = Number.NEGATIVE_INFINITY;
  /** When our own last session began, as the server says: clocks differ. */
  #ownStartTime: string | undefined;

  constructor(options: RivalryOptions) {
    this.#options = options;
  }

  /** It was taken from somebody, or from us. */
  tookOver(): void {
    this.#tookOverAtMs = this.#options.clock.now();
  }

  /** We have it now: asks how the server knows our session, until `signal` aborts. */
  async opened(signal: AbortSignal): Promise<void> {
    this.#ownStartTime = undefined;
    const found = await this.#options.probe(signal).catch(() => undefined);
    if (!signal.aborted) {
      this.#ownStartTime = found?.startTime;
    }
  }

  /** We do not have it any more; see RFC 6455, 7.4.1, for the code. */
  lost(code: number, isExplained: boolean): void {
    this.isExplained = isExplained;
    if (code === 1001 && !isExplained) {
      // What a server says that hands the console to somebody else.
      this.tookOver();
    }
  }

  /** Who would lose the console and has to be asked about; `undefined`: nobody, or what the server still holds of our own lost session. Throws what `probe` throws. */
  async mustAsk(signal: AbortSignal): Promise<SessionHolder | undefined> {
    const { probe, self, clock } = this.#options;
    const found = await probe(signal);
    if (found && found.holder === undefined) {
      return undefined;
    }
    const isOurs = found?.holder !== undefined && found.holder === await self(signal);
    if (found && !isOurs) {
      return found;
    }
    if (this.isExplained || (found?.startTime !== undefined && found.startTime === this.#ownStartTime)) {
      return undefined;
    }
    // Nobody can say who took it, or it was another window of ours: once is an accident, twice is a fight.
    const isFight = clock.now() - this.#tookOverAtMs < fightMs;
    this.tookOver();
    return isFight ? found ?? {} : undefined;
  }
}
