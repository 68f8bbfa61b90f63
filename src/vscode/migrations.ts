import { randomBytes } from 'node:crypto';
import type { Disposable } from '../base/disposable';
import { DisposableStore } from '../base/disposable';
import type { Event } from '../base/event';
import { Emitter } from '../base/event';
import type { KubeObject } from '../domain/kubeObject';
import type { MigrationRecord } from '../domain/migration/record';
import { isMigration } from '../domain/migration/stages';
import { marked } from '../domain/migration/starter';
import type { Clusters } from './clusters';
import type { Memory } from './memory';
import type { MigrationWatch } from './migrationWatch';
import type { Report } from './report';

export interface MigrationsOptions {
  readonly clusters: Clusters;
  readonly memory: Memory;
  readonly report: Report;
}

/** The migrations of all connected contexts, and which of them were started here. Nothing of it is loaded before a context is connected. */
export class Migrations implements Disposable {
  readonly #options: MigrationsOptions;
  readonly #mark: string;
  readonly #store = new DisposableStore();
  readonly #changed: Emitter<string>;
  readonly #selected = new Map<string, string>();
  /** Started since the window was loaded. */
  readonly #followed = new Set<string>();
  readonly #takenBack = new Set<string>();
  #loading: Promise<void> | undefined;
  #watch: MigrationWatch | undefined;

  constructor(options: MigrationsOptions) {
    this.#options = options;
    this.#mark = markIn(options.memory);
    this.#changed = this.#store.add(new Emitter<string>((error) => options.report.background('Migrations', error)));
    this.#store.add(options.clusters.onDidChange(() => this.#begin()));
    this.#begin();
  }

  /** Something new is known of migrations in the context, or another one is chosen there. */
  get onDidChange(): Event<string> {
    return this.#changed.event;
  }

  /** `undefined` until a context is connected. */
  get watch(): MigrationWatch | undefined {
    return this.#watch;
  }

  /** An operation is about to be sent from here, and its end waited for; gives what is to be sent. */
  sending(context: string, operation: KubeObject): KubeObject {
    this.#followed.add(keyOf(context, operation.metadata.namespace, operation.metadata.name));
    return isMigration(operation) ? marked(operation, this.#mark) : operation;
  }

  /** An operation is being deleted from here: whoever waits for its end need not be told. */
  takenBack(context: string, { namespace, name }: { readonly namespace?: string | undefined; readonly name: string }): void {
    this.#takenBack.add(keyOf(context, namespace, name));
  }

  isTakenBack(context: string, { namespace, name }: { readonly namespace?: string | undefined; readonly name: string }): boolean {
    return this.#takenBack.has(keyOf(context, namespace, name));
  }

  /** Started here, and not since the window was loaded: nobody waits for its end. */
  isOrphan(context: string, record: MigrationRecord): boolean {
    return this.isMine(record) && !this.#followed.has(keyOf(context, record.namespace, record.name));
  }

  /** Started from this workspace, whenever that was. */
  isMine({ mark }: Pick<MigrationRecord, 'mark'>): boolean {
    return mark === this.#mark;
  }

  /** Which migration of a machine a panel shows, by uid; `undefined`: the newest. */
  selected(context: string, namespace: string, machine: string): string | undefined {
    return this.#selected.get(keyOf(context, namespace, machine));
  }

  select(context: string, namespace: string, machine: string, uid: string | undefined): void {
    const key = keyOf(context, namespace, machine);
    if (uid === undefined) {
      this.#selected.delete(key);
    } else {
      this.#selected.set(key, uid);
    }
    this.#changed.fire(context);
  }

  dispose(): void {
    this.#watch?.dispose();
    this.#store.dispose();
  }

  #begin(): void {
    if (this.#options.clusters.sessions.length > 0) {
      this.#loading ??= this.#load().catch((error: unknown) => this.#options.report.background('Migrations', error));
    }
  }

  async #load(): Promise<void> {
    const [{ MigrationWatch }, { MigrationStatus }, { MigrationNews }] = await Promise.all([import('./migrationWatch'), import('./migrationStatus'), import('./migrationNews')]);
    if (!this.#store.isDisposed) {
      const { clusters, memory, report } = this.#options;
      this.#watch = new MigrationWatch(clusters, memory, report);
      this.#store.add(new MigrationStatus(this));
      this.#store.add(new MigrationNews(this, report));
      this.#store.add(this.#watch.onDidChange((context) => this.#changed.fire(context)));
      for (const { context } of clusters.sessions) {
        this.#changed.fire(context.id);
      }
    }
  }
}

/** Chosen once: long before anything is started that it is to tell from others. */
function markIn(memory: Memory): string {
  const known = memory.get('mark');
  const mark = known ?? randomBytes(8).toString('hex');
  if (known === undefined) {
    memory.set('mark', mark);
  }
  return mark;
}

function keyOf(context: string, namespace: string | undefined, name: string): string {
  return `${context} ${namespace ?? ''}/${name}`;
}
