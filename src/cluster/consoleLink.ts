import { t } from '@vscode/l10n';
import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/event';
import { systemClock } from '../base/timing';
import type { Clock } from '../base/timing';
import type { Problem, ProblemReason } from '../domain/problem';
import type { Channel, SessionHolder } from './channel';
import { problemOf } from './errors';
import { Rivalry } from './rivalry';

/** What is known of the machine behind a console; `null`: it does not exist, `undefined`: that is not known now. */
export type LinkedMachine = { readonly uid: string; readonly phase: string | undefined; readonly node?: string | undefined } | null | undefined;

export type LinkState =
  | { readonly phase: 'connecting' }
  /** `isResumed`: something was shown before, and what was printed meanwhile is missing. `isFresh`: the guest has begun anew since. */
  | { readonly phase: 'open'; readonly isResumed: boolean; readonly isFresh: boolean }
  /** Tries again at `retryAtMs` (epoch). `silentSinceMs`: nothing has come since then, which was noticed only now. */
  | { readonly phase: 'waiting'; readonly retryAtMs: number; readonly problem?: Problem; readonly silentSinceMs?: number }
  /** The machine does not run; connects when it does. */
  | { readonly phase: 'stopped' }
  /** Somebody has it, or may have it where `holder` is absent; waits for `takeOver`, or until it is free where `isWaiting`. */
  | { readonly phase: 'held'; readonly holder?: string; readonly client?: string; readonly startTime?: string; readonly isWaiting?: true }
  /** Does nothing until `connect`. Without a problem the user wanted it so. */
  | { readonly phase: 'ended'; readonly problem?: Problem };

type LinkHeld = Extract<LinkState, { phase: 'held' }>;

export type LinkChannel = Pick<Channel, 'onData' | 'onClose' | 'send' | 'pause' | 'resume' | 'dispose'> & Partial<Pick<Channel, 'problem' | 'silentSinceMs'>>;

export interface ConsoleLinkOptions {
  /** Asks the server for the stream only after `mayTake` was true; `undefined` when it was false. What takes nothing from anybody is done meanwhile. Throws `ClusterError`. */
  readonly open: (signal: AbortSignal, mayTake: Promise<boolean>) => Promise<LinkChannel | undefined>;
  /** `undefined`: cannot be told. */
  readonly probe: (signal: AbortSignal) => Promise<SessionHolder | undefined>;
  /** Our own name as the cluster knows us; `undefined`: cannot be told. */
  readonly self: (signal: AbortSignal) => Promise<string | undefined>;
  /** Asks which machine has the name now, where `setMachine` does not tell: its uid. `null`: none has; `undefined`: cannot be told. */
  readonly identify?: (signal: AbortSignal) => Promise<string | null | undefined>;
  /** What asks a machine for a fresh prompt. */
  readonly greeting?: string;
  readonly clock?: Clock;
  readonly log: (message: string) => void;
}

/** How often is asked whether a console is free; as the platform's own client. */
const freePollMs = 2000;

const firstDelayMs = 1000;
const longestDelayMs = 10_000;

/** After this long the connection counts as good, and the next loss begins with the short delay. */
const healthyMs = 10_000;

/** What trying again cannot heal: the answers that say so. */
const final: readonly ProblemReason[] = ['notFound', 'notServed', 'forbidden', 'unauthorized', 'credentials', 'configuration', 'tls', 'invalid', 'denied', 'conflict'];

/** Keeps a console of one machine connected, serial or screen, and never fights for it. Owns its channel. */
export class ConsoleLink implements Disposable {
  readonly #options: ConsoleLinkOptions;
  readonly #clock: Clock;
  readonly #changed: Emitter<LinkState>;
  readonly #data: Emitter<Buffer>;
  #state: LinkState = { phase: 'ended' };
  #machine: LinkedMachine;
  /** The machine that was connected first: keys are never sent to a namesake. */
  #uid: string | undefined;
  #channel: LinkChannel | undefined;
  #attempt: AbortController | undefined;
  #timer: Disposable | undefined;
  #delayMs = firstDelayMs;
  #openedAtMs = 0;
  #wasOpen = false;
  #isPaused = false;
  #isDisposed = false;
  /** Whether a fresh prompt may be asked for. Not after a mere loss: the key would carry out a line that is half typed. */
  #wantsEnter = true;
  /** Whether the user waits for the console to be free. */
  #isPatient = false;
  /** Where the machine was when the connection was opened. */
  #openedOn: string | undefined;
  readonly #rivalry: Rivalry;

  constructor(options: ConsoleLinkOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#rivalry = new Rivalry({ probe: options.probe, self: options.self, clock: this.#clock });
    const onError = (error: unknown) => options.log(`A listener of a console failed: ${error instanceof Error ? error.message : String(error)}`);
    this.#changed = new Emitter<LinkState>(onError);
    this.#data = new Emitter<Buffer>(onError);
  }

  get state(): LinkState {
    return this.#state;
  }

  get onDidChangeState() {
    return this.#changed.event;
  }

  get onData() {
    return this.#data.event;
  }

  /** For the user: connects, also to a machine that was made anew under the name. Asks before it takes the console from somebody. */
  connect(): void {
    this.#uid = this.#machine?.uid;
    this.#rivalry.isExplained = true;
    this.#isPatient = false;
    this.#delayMs = firstDelayMs;
    this.#drop();
    this.#connectIfRunning();
  }

  /** For the user, who has seen that somebody else has it. Does nothing in any other state. */
  takeOver(): void {
    if (this.#state.phase === 'held') {
      this.#rivalry.tookOver();
      this.#drop();
      void this.#connect(true);
    }
  }

  /** For the user: connects as soon as nobody else has it. Does nothing where nobody can tell who has it. */
  waitUntilFree(): void {
    if (this.#state.phase === 'held' && this.#state.holder !== undefined && !this.#state.isWaiting) {
      this.#isPatient = true;
      this.#held(this.#state);
    }
  }

  /** For the user: no more tries. */
  stop(): void {
    this.#isPatient = false;
    this.#drop();
    this.#enter({ phase: 'ended' });
  }

  /** For whoever reads what comes and cannot make sense of it: trying again would bring the same. */
  fail(problem: Problem): void {
    this.#drop();
    this.#enter({ phase: 'ended', problem });
  }

  /** False when there is no connection: the input is dropped, never kept for later. */
  send(input: string | Uint8Array): boolean {
    return this.#channel?.send(input) ?? false;
  }

  pause(): void {
    this.#isPaused = true;
    this.#channel?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.#channel?.resume();
  }

  /** What the cluster says about the machine, whenever it may have changed. */
  setMachine(machine: LinkedMachine): void {
    const before = this.#machine;
    this.#machine = machine;
    this.#uid ??= machine?.uid;
    const { phase } = this.#state;
    if (machine && machine.uid !== this.#uid) {
      if (phase !== 'ended') {
        this.#end(madeAnew());
      }
      return;
    }
    if (machine && (!isRunning(machine) || machine.phase === 'Migrating' || (before && machine.node !== before.node))) {
      this.#rivalry.isExplained = true;
      this.#wantsEnter ||= !isRunning(machine);
    }
    if (machine === null && ['waiting', 'stopped', 'held'].includes(phase)) {
      this.#end(gone());
    } else if (machine && !isRunning(machine) && ['waiting', 'held'].includes(phase)) {
      this.#drop();
      this.#enter({ phase: 'stopped' });
    } else if (machine && before === undefined && this.#isTurnedAway()) {
      // The cluster lists machines for us again.
      this.#connectIfRunning();
    } else if ((phase === 'stopped' && isRunning(machine)) || (phase === 'waiting' && isRunning(machine) && before && !isRunning(before))) {
      this.#drop();
      void this.#connect(false);
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#drop();
    this.#changed.dispose();
    this.#data.dispose();
  }

  /** Whether it ended because of the credentials: a renewed sign-in heals that for all consoles at once. */
  #isTurnedAway(): boolean {
    const reason = this.#state.phase === 'ended' && this.#state.problem?.reason;
    return reason === 'unauthorized' || reason === 'credentials';
  }

  #connectIfRunning(): void {
    if (this.#machine === null) {
      this.#end(gone());
    } else if (this.#machine && !isRunning(this.#machine)) {
      this.#enter({ phase: 'stopped' });
    } else {
      void this.#connect(false);
    }
  }

  #held(found: Omit<LinkHeld, 'phase'>): void {
    const isWaiting = this.#isPatient && found.holder !== undefined;
    this.#enter({ ...found, phase: 'held', ...(isWaiting && { isWaiting }) });
    if (isWaiting) {
      this.#timer = this.#clock.after(freePollMs, () => void this.#lookWhetherFree());
    }
  }

  /** Says nothing while the same one has it. */
  async #lookWhetherFree(): Promise<void> {
    const attempt = this.#attempt = new AbortController();
    const found = await this.#options.probe(attempt.signal).catch(() => undefined);
    if (attempt.signal.aborted || this.#state.phase !== 'held') {
      return;
    }
    if (found && found.holder === undefined) {
      this.#rivalry.isExplained = true;
      void this.#connect(false);
    } else {
      this.#held(found ?? this.#state);
    }
  }

  async #connect(isAgreed: boolean): Promise<void> {
    const attempt = new AbortController();
    this.#attempt = attempt;
    const { signal } = attempt;
    this.#enter({ phase: 'connecting' });
    const obstacle = this.#obstacle(isAgreed, signal);
    const mayTake = obstacle.then((it) => it === undefined);
    // Nobody waits for it any more where the way has failed before.
    mayTake.catch(() => undefined);
    try {
      const channel = await this.#options.open(signal, mayTake);
      if (signal.aborted) {
        channel?.dispose();
      } else if (channel) {
        this.#opened(channel);
      } else {
        (await obstacle)?.();
      }
    } catch (error) {
      if (!signal.aborted) {
        // What is asked beside the way that has failed.
        attempt.abort(new Error('Superseded'));
        this.#failed(problemOf(error));
      }
    }
  }

  /** What is to be done instead of connecting; `undefined`: nothing stands against that. */
  async #obstacle(isAgreed: boolean, signal: AbortSignal): Promise<(() => void) | undefined> {
    const other = await this.#isAnother(signal);
    signal.throwIfAborted();
    if (other !== undefined) {
      return () => this.#end(other);
    }
    const held = isAgreed ? undefined : await this.#rivalry.mustAsk(signal);
    signal.throwIfAborted();
    return held && (() => this.#held(held));
  }

  /** Why the name does not lead to the machine of before, where only the server can tell; after a long loss we may be back before the list of machines is. */
  async #isAnother(signal: AbortSignal): Promise<string | undefined> {
    const { identify } = this.#options;
    if (this.#machine !== undefined || this.#uid === undefined || !identify) {
      return undefined;
    }
    const uid = await identify(signal);
    return uid === null ? gone() : uid !== undefined && uid !== this.#uid ? madeAnew() : undefined;
  }

  #opened(channel: LinkChannel): void {
    this.#channel = channel;
    this.#openedAtMs = this.#clock.now();
    this.#openedOn = this.#machine?.node;
    if (this.#attempt) {
      void this.#rivalry.opened(this.#attempt.signal);
    }
    channel.onData((bytes) => this.#data.fire(bytes));
    channel.onClose((code) => this.#closed(channel, code));
    this.#isPatient = false;
    this.#enter({ phase: 'open', isResumed: this.#wasOpen, isFresh: this.#wantsEnter });
    this.#wasOpen = true;
    if (this.#wantsEnter && this.#options.greeting !== undefined) {
      channel.send(this.#options.greeting);
    }
    this.#wantsEnter = false;
    if (!this.#isPaused) {
      channel.resume();
    }
  }

  #closed(channel: LinkChannel, code: number): void {
    if (this.#channel !== channel) {
      return;
    }
    this.#drop();
    this.#options.log(`A stream was closed with code ${code}.`);
    if (this.#clock.now() - this.#openedAtMs >= healthyMs) {
      this.#delayMs = firstDelayMs;
    }
    this.#rivalry.lost(code, this.#isLossExplained());
    this.#waitOrStop(channel.problem, channel.silentSinceMs);
  }

  /** Whether the machine was off, moved or is not known. What it did may be known before the stream ends: bytes may wait in it. */
  #isLossExplained(): boolean {
    return this.#machine?.phase !== 'Running' || this.#machine.node !== this.#openedOn || this.#wantsEnter;
  }

  #failed(problem: Problem): void {
    if (final.includes(problem.reason) && (!this.#machine || isRunning(this.#machine))) {
      this.#enter({ phase: 'ended', problem });
      return;
    }
    // The server or the way to it was not well, so nobody needs to have taken anything.
    this.#rivalry.isExplained = true;
    this.#waitOrStop(problem);
  }

  #waitOrStop(problem: Problem | undefined, silentSinceMs?: number): void {
    if (this.#machine === null) {
      this.#end(gone());
      return;
    }
    if (this.#machine && !isRunning(this.#machine)) {
      this.#enter({ phase: 'stopped' });
      return;
    }
    const delayMs = this.#delayMs;
    this.#delayMs = Math.min(longestDelayMs, delayMs * 2);
    this.#timer = this.#clock.after(delayMs, () => void this.#connect(false));
    this.#enter({ phase: 'waiting', retryAtMs: this.#clock.now() + delayMs, ...(problem && { problem }), ...(silentSinceMs !== undefined && { silentSinceMs }) });
  }

  #end(message: string): void {
    this.#drop();
    this.#enter({ phase: 'ended', problem: { reason: 'notFound', message } });
  }

  /** Ends whatever is open, under way or waiting. */
  #drop(): void {
    this.#attempt?.abort(new Error('Superseded'));
    this.#timer?.dispose();
    this.#channel?.dispose();
    this.#attempt = this.#timer = this.#channel = undefined;
  }

  #enter(state: LinkState): void {
    if (!this.#isDisposed) {
      this.#state = state;
      this.#changed.fire(state);
    }
  }
}

function gone(): string {
  return t('This machine no longer exists.');
}

function madeAnew(): string {
  return t('This machine was deleted, and another one was created under its name.');
}

/** The phases in which the platform opens consoles. */
function isRunning(machine: LinkedMachine): boolean {
  return machine?.phase === 'Running' || machine?.phase === 'Migrating';
}
