import type { ClusterView } from '../clusterView';
import { isRecord, keyOf, type KubeObject } from '../kubeObject';
import { stringAt } from '../values';
import { deaf, hasEnded, heard, type MigrationRecord, seen, withMachine } from './record';
import { isMigration } from './stages';

/** Migrations that are over and still remembered. */
const mostEnded = 100;

/** Samples that are kept across a reload, of all migrations together. */
const mostSaved = 3000;

/** What is kept across a reload. `heardMs`: until when it is complete. */
export interface SavedLog {
  readonly heardMs: number;
  readonly records: readonly MigrationRecord[];
}

/**
 * Remembers what the cluster has said of each migration, event by event. Feed it every write of operations and machines;
 * it answers whether that was news. Memory is bounded; the operation itself may be long gone.
 */
export class MigrationLog {
  readonly #records = new Map<string, MigrationRecord>();
  /** Uids of the migrations of a machine that go on or were the last, by namespace and name. */
  readonly #latest = new Map<string, string>();

  /** Takes what an earlier life has kept; what happened since then was not heard. */
  constructor(saved?: SavedLog) {
    for (const record of saved?.records ?? []) {
      this.#put(hasEnded(record) ? record : deaf(record, saved?.heardMs ?? 0));
    }
  }

  get(uid: string): MigrationRecord | undefined {
    return this.#records.get(uid);
  }

  /** Newest first. */
  get all(): readonly MigrationRecord[] {
    return [...this.#records.values()].sort(newestFirst);
  }

  get active(): readonly MigrationRecord[] {
    return this.all.filter((record) => !hasEnded(record));
  }

  /** Of one machine, by name, newest first. */
  of(namespace: string, machine: string): readonly MigrationRecord[] {
    return this.all.filter((record) => record.machine === machine && record.namespace === namespace);
  }

  /** An operation was written; `machine` as it is known now. True when that says something new. */
  operation(operation: KubeObject, machine: KubeObject | null | undefined, nowMs: number): boolean {
    if (!isMigration(operation)) {
      return false;
    }
    const uid = operation.metadata.uid ?? operation.metadata.name;
    const old = this.#records.get(uid);
    let record = seen(old && heard(old, nowMs), operation, nowMs);
    if (machine && isOf(machine, record)) {
      record = withMachine(record, machine);
    }
    this.#put(record);
    return record !== old;
  }

  /** A machine was written. Constant time, because all of a cluster's machines pass here. */
  machine(machine: KubeObject): boolean {
    const uid = this.#latest.get(keyOf(machine.metadata));
    const old = uid === undefined ? undefined : this.#records.get(uid);
    if (!old || !isOf(machine, old)) {
      return false;
    }
    const record = withMachine(old, machine);
    this.#records.set(record.uid, record);
    return record !== old;
  }

  /** An operation is no more. */
  gone(uid: string, nowMs: number): boolean {
    const old = this.#records.get(uid);
    if (!old || old.goneMs !== undefined) {
      return false;
    }
    this.#put({ ...heard(old, nowMs), goneMs: nowMs });
    return true;
  }

  /** Brings the log in line with a view that was just listed: what is there is seen, what should be there and is not is gone. */
  align(view: Pick<ClusterView, 'list' | 'get' | 'state'>, nowMs: number): boolean {
    const state = view.state('VirtualMachineOperation');
    if (state.phase === 'stale') {
      return this.#change((record) => deaf(record, state.sinceMs));
    }
    const operations = state.phase === 'live' ? view.list('VirtualMachineOperation') : undefined;
    if (!operations) {
      return false;
    }
    let isNews = false;
    for (const operation of operations) {
      if (isMigration(operation)) {
        const { namespace } = operation.metadata;
        isNews = this.operation(operation, view.get('VirtualMachine', stringAt(operation, 'spec.virtualMachineName') ?? '', namespace), nowMs) || isNews;
      }
    }
    for (const { uid, name, namespace } of this.active) {
      const known = view.get('VirtualMachineOperation', name, namespace || undefined);
      if (known === null || known && known.metadata.uid !== undefined && known.metadata.uid !== uid) {
        isNews = this.gone(uid, nowMs) || isNews;
      }
    }
    return isNews;
  }

  /** What to keep: the newest first, as much as fits. */
  saved(nowMs: number): SavedLog {
    let left = mostSaved;
    const records = this.all.filter(({ samples }) => (left -= samples.length) >= 0);
    return { heardMs: nowMs, records };
  }

  #change(change: (record: MigrationRecord) => MigrationRecord): boolean {
    let isNews = false;
    for (const old of this.active) {
      const record = change(old);
      this.#records.set(record.uid, record);
      isNews ||= record !== old;
    }
    return isNews;
  }

  #put(record: MigrationRecord): void {
    const isNew = !this.#records.has(record.uid);
    this.#records.set(record.uid, record);
    const key = keyOf({ name: record.machine, namespace: record.namespace || undefined });
    const latest = this.#records.get(this.#latest.get(key) ?? '');
    if (!latest || newestFirst(record, latest) <= 0) {
      this.#latest.set(key, record.uid);
    }
    if (isNew) {
      this.#forgetOldest();
    }
  }

  #forgetOldest(): void {
    const ended = this.all.filter(hasEnded);
    for (const { uid, machine, namespace } of ended.slice(mostEnded)) {
      this.#records.delete(uid);
      const key = keyOf({ name: machine, namespace: namespace || undefined });
      if (this.#latest.get(key) === uid) {
        this.#latest.delete(key);
      }
    }
  }
}

/** What an earlier life has kept, if it is that. */
export function savedLog(value: unknown): SavedLog | undefined {
  return isRecord(value) && typeof value['heardMs'] === 'number' && Array.isArray(value['records']) && value['records'].every(isSavedRecord) ? value as unknown as SavedLog : undefined;
}

function isSavedRecord(value: unknown): boolean {
  return isRecord(value) && typeof value['uid'] === 'string' && typeof value['machine'] === 'string' && Array.isArray(value['samples']) && Array.isArray(value['gaps']) && isRecord(value['server']);
}

/** A namesake that was created later has another uid. */
function isOf(machine: KubeObject, { machineUid }: MigrationRecord): boolean {
  return machineUid === undefined || machine.metadata.uid === undefined || machine.metadata.uid === machineUid;
}

/** By the cluster's clock; within the same second by the order in which they were first seen. */
function newestFirst(a: MigrationRecord, b: MigrationRecord): number {
  return (b.server.createdMs ?? 0) - (a.server.createdMs ?? 0) || (b.samples[0]?.atMs ?? 0) - (a.samples[0]?.atMs ?? 0);
}

