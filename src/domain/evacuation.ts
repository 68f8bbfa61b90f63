import type { ClusterView } from './clusterView';
import { evacuationRow, type EvacuationRow, isAsked, nodeOf, stayingRow } from './evacuationRow';
import { keyOf, type KubeObject } from './kubeObject';
import { type MigrationRecord, seen, withMachine } from './migration/record';
import { isMigration } from './migration/stages';
import { stringAt, valueAt } from './values';

/** The migrations away from a node, or with `undefined` those of the whole cluster, and what does not leave. */
export interface Evacuation {
  readonly node: string | undefined;
  /** Whether the node takes new machines; `undefined`: not known yet, or no node is asked about. */
  readonly place: 'open' | 'closed' | 'gone' | 'unreadable' | undefined;
  /** One for each machine: its newest migration, or why there is none although it has to leave. */
  readonly rows: readonly EvacuationRow[];
  /** Machines that run on the node and that nobody asks to leave. */
  readonly others: number;
}

/**
 * Puts together what is known; `undefined` until operations and machines have been listed. `recordOf` gives what was heard of
 * a migration so far (see `Heard`).
 */
export function evacuationOf(view: ClusterView, node: string | undefined, nowMs: number, recordOf: RecordOf): Evacuation | undefined {
  const operations = view.list('VirtualMachineOperation');
  const machines = view.list('VirtualMachine');
  if (!operations || !machines) {
    return undefined;
  }
  const rows = new Map<string, EvacuationRow>();
  for (const operation of newestMigrations(operations).values()) {
    const { namespace } = operation.metadata;
    const name = stringAt(operation, 'spec.virtualMachineName') ?? '';
    const machine = view.get('VirtualMachine', name, namespace);
    const row = evacuationRow(recordOf(operation, machine, nowMs), operation, machine, nowMs);
    if (node === undefined || row.from === node) {
      rows.set(row.key, row);
    }
  }
  let others = 0;
  for (const machine of machines) {
    const place = nodeOf(machine);
    if (place === undefined || node !== undefined && place !== node || rows.has(keyOf(machine.metadata)) && !mustStillLeave(machine, rows)) {
      continue;
    }
    const staying = stayingRow(machine, node, view);
    if (staying) {
      rows.set(staying.key, staying);
    } else if (node !== undefined && !rows.has(keyOf(machine.metadata))) {
      others++;
    }
  }
  return { node, place: placeOf(view, node), rows: [...rows.values()], others };
}

/** An earlier migration is over, and the machine is to go again. */
function mustStillLeave(machine: KubeObject, rows: ReadonlyMap<string, EvacuationRow>): boolean {
  return rows.get(keyOf(machine.metadata))?.state === 'completed' && isAsked(machine);
}

/** Of each machine the one that goes on, else the one that was created last. */
function newestMigrations(operations: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const newest = new Map<string, KubeObject>();
  for (const operation of operations) {
    if (isMigration(operation)) {
      const key = keyOf({ name: stringAt(operation, 'spec.virtualMachineName') ?? '', namespace: operation.metadata.namespace });
      const other = newest.get(key);
      if (!other || isNewer(operation, other)) {
        newest.set(key, operation);
      }
    }
  }
  return newest;
}

const final = new Set(['Completed', 'Failed', 'Superseded']);

function isNewer(a: KubeObject, b: KubeObject): boolean {
  const [aEnded, bEnded] = [a, b].map((operation) => final.has(stringAt(operation, 'status.phase') ?? ''));
  if (aEnded !== bEnded) {
    return !aEnded;
  }
  const [aTime = '', bTime = ''] = [a.metadata.creationTimestamp, b.metadata.creationTimestamp];
  return aTime === bTime ? a.metadata.name > b.metadata.name : aTime > bTime;
}

function placeOf(view: ClusterView, node: string | undefined): Evacuation['place'] {
  const object = node === undefined ? undefined : view.get('Node', node);
  if (object) {
    return valueAt(object, 'spec.unschedulable') === true ? 'closed' : 'open';
  }
  return object === null ? 'gone' : node !== undefined && view.state('Node').phase === 'failed' ? 'unreadable' : undefined;
}

type RecordOf = (operation: KubeObject, machine: KubeObject | null | undefined, nowMs: number) => MigrationRecord;

/** Remembers what was heard of the migrations that go on, so that their time can be told whatever the cluster's clock says. */
export class Heard {
  readonly #records = new Map<string, MigrationRecord>();

  /** For `evacuationOf`. */
  readonly recordOf: RecordOf = (operation, machine, nowMs) => {
    const uid = operation.metadata.uid ?? operation.metadata.name;
    const record = seen(this.#records.get(uid), operation, nowMs);
    const whole = machine ? withMachine(record, machine) : record;
    this.#records.set(uid, whole);
    return whole;
  };

  /** Forgets what is not among `rows` any more. */
  keep(rows: readonly EvacuationRow[]): void {
    const uids = new Set(rows.map(({ uid }) => uid));
    for (const uid of this.#records.keys()) {
      if (!uids.has(uid)) {
        this.#records.delete(uid);
      }
    }
  }
}
