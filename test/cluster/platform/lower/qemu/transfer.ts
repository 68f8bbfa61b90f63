import type { Counters } from '../lower';
import type { Transfer, TransferOptions, TransferReport } from '../transfer';
import type { QemuProcess } from './process';
import type { QemuGuest } from './qemuGuest';

/** What `query-migrate` answers, as far as it is used. Sizes are bytes, times milliseconds; before it copies there is no `ram`. */
interface Answer {
  readonly status?: 'none' | 'setup' | 'active' | 'pre-switchover' | 'device' | 'completed' | 'failed' | 'cancelling' | 'cancelled';
  readonly 'total-time'?: number;
  readonly 'error-desc'?: string;
  readonly 'cpu-throttle-percentage'?: number;
  readonly ram?: { readonly transferred: number; readonly remaining: number; readonly total: number; readonly 'dirty-sync-count': number };
}

/** At least this often the counters are asked for. */
const maxTickMs = 500;

/** How long the guest may stand still at the end. */
const downtimeMs = 300;

/** The platform gives up after 800 s for each GiB of memory (facts 5.5). */
const limitMsPerMib = 800_000 / 1024;

/** QEMU does not slow a guest down more than this. */
const fullThrottle = 99;

/** The live migration of a guest to a second process, as it happens. */
export function qemuTransfer(guest: QemuGuest, options: TransferOptions): Transfer {
  return new QemuTransfer(guest, options);
}

class QemuTransfer implements Transfer {
  readonly #guest: QemuGuest;
  readonly #options: TransferOptions;
  #source: QemuProcess | undefined;
  #isCancelled = false;
  #isDisposed = false;
  #wake: () => void = () => undefined;
  /** The iteration in which the guest was slowed down as far as it goes. */
  #throttledAt: number | undefined;

  constructor(guest: QemuGuest, options: TransferOptions) {
    this.#guest = guest;
    this.#options = options;
    guest.moving((source, target) => this.#move(source, target)).catch((error: unknown) => {
      this.#report(this.#isCancelled ? { stage: 'aborted' } : { stage: 'failed', failure: error instanceof Error ? error.message : String(error) });
    });
  }

  cancel(): void {
    this.#isCancelled = true;
    this.#source?.qmp.command('migrate_cancel').catch(() => undefined);
    this.#wake();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.cancel();
  }

  async #move(source: QemuProcess, target: QemuProcess): Promise<void> {
    this.#source = source;
    this.#throwIfCancelled();
    await this.#prepare(source, target);
    this.#report({ stage: 'ready' });
    this.#throwIfCancelled();
    const listener = source.qmp.onEvent(({ event }) => event === 'MIGRATION' && this.#wake());
    try {
      const counters = await this.#copy(source, target);
      await running(target).catch(async (error: unknown) => {
        // Nobody has it: then it goes on where it was.
        await source.qmp.command('cont');
        throw error;
      });
      this.#guest.moveTo(target);
      this.#report({ stage: 'resumed', ...(counters ? { counters } : {}) });
    } finally {
      listener.dispose();
    }
    await source.stop();
    this.#report({ stage: 'suspended' });
    this.#report({ stage: 'succeeded' });
  }

  async #prepare(source: QemuProcess, target: QemuProcess): Promise<void> {
    const capabilities = ['events', 'return-path', ...(this.#options.autoConverge ? ['auto-converge'] : [])];
    const all = ['events', 'return-path', 'auto-converge'].map((capability) => ({ capability, state: capabilities.includes(capability) }));
    for (const { qmp } of [source, target]) {
      await qmp.command('migrate-set-capabilities', { capabilities: all });
    }
    await source.qmp.command('migrate-set-parameters', {
      'max-bandwidth': this.#guest.options.migrationMibPerS * 2 ** 20, 'downtime-limit': downtimeMs, 'cpu-throttle-initial': 30, 'cpu-throttle-increment': 20,
    });
    await target.qmp.command('migrate-incoming', { uri: `unix:${target.migrationSocket}` });
  }

  /** Copies until QEMU is done; gives the last counters. @throws Error when it fails or is cancelled */
  async #copy(source: QemuProcess, target: QemuProcess): Promise<Counters | undefined> {
    const { clock, timing } = this.#options;
    const limitMs = this.#guest.options.memoryMib * limitMsPerMib;
    const startMs = clock.now();
    await source.qmp.command('migrate', { uri: `unix:${target.migrationSocket}` });
    this.#report({ stage: 'copying' });
    for (let counters: Counters | undefined; ;) {
      const answer = await source.qmp.command<Answer>('query-migrate');
      counters = this.#countersOf(answer) ?? counters;
      if (answer.status === 'completed') {
        return counters;
      } else if (answer.status === 'failed') {
        throw new Error(answer['error-desc'] ?? 'QEMU gives no reason');
      } else if (answer.status === 'cancelled') {
        throw new Error('cancelled');
      } else if (answer.status === 'active' && counters) {
        this.#report({ stage: 'copying', counters, isStuck: this.#isStuck(counters) });
      }
      if (clock.now() - startMs > limitMs) {
        // Being told so ends it: we are disposed of.
        this.#report({ stage: 'failed', failure: `Live migration is not completed after ${Math.round(limitMs / 1000)} seconds and has been aborted`, cause: 'convergence' });
      }
      await this.#tick(Math.min(timing.copyTickMs, maxTickMs));
    }
  }

  #countersOf(answer: Answer): Counters | undefined {
    const { ram } = answer;
    const { autoConverge } = this.#options;
    const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
    return ram && {
      elapsedS: Math.floor((answer['total-time'] ?? 0) / 1000),
      processedMib: mib(ram.transferred), remainingMib: mib(ram.remaining), totalMib: mib(ram.total),
      iteration: autoConverge ? ram['dirty-sync-count'] : Math.max(0, ram['dirty-sync-count'] - 1),
      throttle: autoConverge ? answer['cpu-throttle-percentage'] ?? 0 : undefined,
    };
  }

  /** Slowed down as far as it goes, and still not done after another round. */
  #isStuck({ throttle = 0, iteration }: Counters): boolean {
    this.#throttledAt = throttle < fullThrottle ? undefined : this.#throttledAt ?? iteration;
    return this.#throttledAt !== undefined && iteration > this.#throttledAt + 1;
  }

  /** Until something is new, at most `ms`. */
  #tick(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ms, () => this.#wake());
      this.#wake = () => {
        timer.dispose();
        this.#wake = () => undefined;
        resolve();
      };
    });
  }

  #throwIfCancelled(): void {
    if (this.#isCancelled) {
      throw new Error('cancelled');
    }
  }

  #report(report: TransferReport): void {
    if (!this.#isDisposed) {
      this.#options.report(report);
    }
  }
}

/** Waits until the guest has been taken over: QEMU may call a migration completed whose target could not load it. */
async function running({ qmp }: QemuProcess): Promise<void> {
  const resumed = qmp.next(({ event }) => event === 'RESUME', 10_000);
  resumed.catch(() => undefined);
  const { running: runs } = await qmp.command<{ running: boolean }>('query-status');
  if (!runs) {
    await resumed;
  }
}
