import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/event';
import { Paced } from '../base/paced';
import { systemClock } from '../base/timing';
import { MigrationLog, savedLog } from '../domain/migration/log';
import type { MigrationRecord } from '../domain/migration/record';
import { stringAt } from '../domain/values';
import type { Clusters, ClusterSession } from './clusters';
import type { Memory } from './memory';
import type { Report } from './report';

/** What is heard is written down so often; a reload loses no more. */
const saveMs = 2000;

interface Followed extends Disposable {
  readonly session: ClusterSession;
  readonly log: MigrationLog;
}

/** A migration of one connected context. */
export interface ShownMigration {
  readonly context: string;
  readonly record: MigrationRecord;
}

/** Listens to the migrations of every connected context, event by event, and remembers them across reloads. */
export class MigrationWatch implements Disposable {
  readonly #clusters: Clusters;
  readonly #memory: Memory;
  readonly #store = new DisposableStore();
  readonly #followed = new Map<string, Followed>();
  readonly #changed: Emitter<string>;
  readonly #save: Paced;
  #isUnsaved = false;

  constructor(clusters: Clusters, memory: Memory, report: Report) {
    this.#clusters = clusters;
    this.#memory = memory;
    this.#changed = this.#store.add(new Emitter<string>((error) => report.background('Migrations', error)));
    this.#save = this.#store.add(new Paced(systemClock, { intervalMs: saveMs }, () => this.#saveNow()));
    this.#store.add(clusters.onDidChange(() => this.#follow()));
    this.#follow();
  }

  /** Something new is known of migrations in the context. */
  get onDidChange() {
    return this.#changed.event;
  }

  /** `undefined`: the context is not connected. */
  log(context: string): MigrationLog | undefined {
    return this.#followed.get(context)?.log;
  }

  /** Those that go on, of all contexts. */
  get active(): readonly ShownMigration[] {
    return [...this.#followed].flatMap(([context, { log }]) => log.active.map((record) => ({ context, record })));
  }

  dispose(): void {
    this.#saveNow();
    for (const one of this.#followed.values()) {
      one.dispose();
    }
    this.#followed.clear();
    this.#store.dispose();
  }

  #follow(): void {
    const { sessions } = this.#clusters;
    for (const [context, one] of this.#followed) {
      if (!sessions.includes(one.session)) {
        this.#saveNow();
        one.dispose();
        this.#followed.delete(context);
        this.#changed.fire(context);
      }
    }
    for (const session of sessions) {
      if (!this.#followed.has(session.context.id)) {
        this.#followed.set(session.context.id, this.#listen(session));
        this.#changed.fire(session.context.id);
      }
    }
  }

  #listen(session: ClusterSession): Followed {
    const { view, context: { id } } = session;
    const log = new MigrationLog(savedLog(this.#memory.get('migrations')[id]));
    const listeners = new DisposableStore();
    const tell = (isNews: boolean) => {
      if (isNews) {
        this.#isUnsaved = true;
        this.#save.trigger();
        this.#changed.fire(id);
      }
    };
    listeners.add(session.onDidWrite('VirtualMachineOperation')(({ object, isGone }) => {
      const machine = view.get('VirtualMachine', stringAt(object, 'spec.virtualMachineName') ?? '', object.metadata.namespace);
      tell(isGone ? log.gone(object.metadata.uid ?? object.metadata.name, systemClock.now()) : log.operation(object, machine, systemClock.now()));
    }));
    listeners.add(session.onDidWrite('VirtualMachine')(({ object, isGone }) => {
      if (!isGone) {
        tell(log.machine(object));
      }
    }));
    let phase: string | undefined;
    const align = () => {
      const now = view.state('VirtualMachineOperation').phase;
      if (now !== phase) {
        phase = now;
        tell(log.align(view, systemClock.now()));
      }
    };
    listeners.add(session.onDidChange((kind) => {
      if (kind === 'VirtualMachineOperation') {
        align();
      }
    }));
    align();
    return { session, log, dispose: () => listeners.dispose() };
  }

  /** Contexts that are not connected keep what was saved of them. */
  #saveNow(): void {
    if (this.#isUnsaved) {
      this.#isUnsaved = false;
      const nowMs = systemClock.now();
      const known = [...this.#followed].map(([context, { log }]) => [context, log.saved(nowMs)] as const);
      this.#memory.set('migrations', { ...this.#memory.get('migrations'), ...Object.fromEntries(known) });
    }
  }
}
