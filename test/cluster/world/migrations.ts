import type { Condition, KubeObject } from '../../../src/domain/kubeObject';
import { platformGroup } from '../../../src/domain/kind';
import { drainingAnnotation } from '../platform/lower/nodes';
import { operation, type OperationState } from './actions';
import { namespace, node } from './ground';
import type { Kit } from './kit';
import { machine, type MachineState } from './machine';
import { disk } from './storage';

/** The nodes that are drained: half of the machines each. */
const drainedNodes = ['node-c1', 'node-c2'] as const;

/** Where machines go. */
const targets = ['node-a1', 'node-a2', 'node-a3', 'node-a4', 'node-b1', 'node-b2'] as const;

const ns = 'fleet';

type Fact = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

const evictionRequired: Fact = { type: 'EvictionRequired', status: 'True', reason: 'EvictionRequired', message: 'VirtualMachine should be evicted from current node or restarted.' };
const cannotMove: Fact = { type: 'Migratable', status: 'False', reason: 'VirtualMachineDisksNotMigratable', message: 'Live migration requires all disks to use ReadWriteMany (shared) storage. Make sure the StorageClass supports the ReadWriteMany access mode.' };
const queued = 'The VirtualMachineOperation for migrating the virtual machine has been queued. Waiting for the queue to be processed and for this operation to be executed.';
const migrating = (reason: string, message = '', status: Fact['status'] = 'False'): Fact => ({ type: 'Migrating', status, reason, message });

/** How a migration stands. `lower`: the word that keeps it there. */
interface Stand {
  readonly operation: OperationState;
  readonly machine: Fact | undefined;
  readonly phase?: 'Migrating';
  readonly lower?: string;
}

const syncing = (percent: number, remainingMib: number): Stand => ({
  operation: { phase: 'InProgress', reason: 'Syncing', progress: `${percent}%`, message: `Source and target are being synchronized. TimeElapsed:10s DataProcessed:${4096 - remainingMib}MiB DataRemaining:${remainingMib}MiB DataTotal:4096MiB Iteration:${percent > 45 ? 1 : 0} AutoConvergeThrottleSet:false` },
  machine: migrating('InProgress', '', 'True'), phase: 'Migrating', lower: `migration-hold-${percent}`,
});

/** A migration in each stage that there is, held there, by the name of its machine. */
const stages: Readonly<Record<string, Stand>> = {
  queued: { operation: { phase: 'Pending', reason: 'MigrationPending', progress: '0%', message: 'Target node has no free inbound migration slots.' }, machine: migrating('Pending', 'Migration is awaiting start.'), lower: 'migration-queued' },
  quota: { operation: { phase: 'Pending', reason: 'QuotaExceeded', progress: '0%', message: 'Project quota exceeded' }, machine: migrating('Pending', 'Migration is pending: Project quota exceeded.'), lower: 'migration-quota' },
  scheduling: { operation: { phase: 'InProgress', reason: 'TargetScheduling', progress: '2%', message: 'Scheduling the migration target' }, machine: migrating('Pending', 'Migration is in progress: target pod is being scheduled.'), lower: 'migration-hold-2' },
  preparing: { operation: { phase: 'InProgress', reason: 'TargetPreparing', progress: '3%', message: 'Preparing the migration target' }, machine: migrating('Pending', 'Migration is in progress: preparing the migration target.'), lower: 'migration-hold-3' },
  copying: syncing(31, 1638),
  nearly: syncing(84, 546),
  switching: { operation: { phase: 'InProgress', reason: 'TargetResumed', progress: '92%', message: 'The virtual machine has resumed on the target. TimeElapsed:20s DataProcessed:4301MiB DataRemaining:0MiB DataTotal:4096MiB Iteration:4 AutoConvergeThrottleSet:false' }, machine: migrating('InProgress', '', 'True'), phase: 'Migrating', lower: 'migration-hold-92' },
};

const failures: readonly OperationState[] = [
  { phase: 'Failed', reason: 'TargetUnschedulable', progress: '2%', message: 'Migration failed: target pod is unschedulable: No available nodes were found to place the target VM within the timeout period' },
  { phase: 'Failed', reason: 'TargetDiskError', progress: '3%', message: 'Migration failed: target disk attach error: Error: volume attach failed on the target' },
  { phase: 'Failed', reason: 'NotConverging', progress: '57%', message: 'Migration did not converge: Live migration is not converging: progress stuck' },
  { phase: 'Failed', reason: 'Failed', progress: '53%', message: 'Migration failed: operation failed: migration out job: unexpectedly failed' },
];

const waiting: Stand = { operation: { phase: 'Pending', reason: 'MigrationPending', progress: '0%', message: queued }, machine: migrating('Pending', 'Migration is awaiting start.') };

/**
 * Two nodes that are drained, with `count` machines: two fifths have left, one of each stage is held there for everybody to see,
 * some failed, some cannot move, and the others wait. The platform goes on with those that wait, two at a time from each node.
 */
export function* evacuations(kit: Kit, count: number): Iterable<KubeObject> {
  for (const name of drainedNodes) {
    const made = node(name);
    yield { ...made, metadata: { ...made.metadata, annotations: { [drainingAnnotation]: 'user' } }, spec: { unschedulable: true } };
  }
  yield namespace(ns);
  const held = Object.entries(stages).slice(0, count);
  for (const [name, stand] of held) {
    yield* leaving(kit, `move-${name}`, drainedNodes[0], stand, 1);
  }
  for (let n = 0; n < count - held.length; n++) {
    const name = `fleet-${String(n + 1).padStart(4, '0')}`;
    const source = drainedNodes[n % drainedNodes.length] ?? drainedNodes[0];
    const share = n / (count - held.length);
    if (share < 0.4) {
      yield* left(kit, name, source, targets[n % targets.length] ?? targets[0], 60 * (1 - share));
    } else if (n % 25 === 21) {
      yield* leaving(kit, name, source, { operation: failures[Math.floor(n / 25) % failures.length] ?? failures[0]!, machine: undefined, lower: 'hold' }, 12);
    } else if (n % 25 === 12) {
      yield* running(kit, name, source, [cannotMove, evictionRequired], { storageClass: 'local-ssd' }).objects;
    } else {
      yield* leaving(kit, name, source, waiting, 20);
    }
  }
}

/** A machine that has to go, with its migration. */
function* leaving(kit: Kit, name: string, source: string, stand: Stand, ageMinutes: number): Iterable<KubeObject> {
  const copies = stand.phase === 'Migrating';
  const conditions = [evictionRequired, ...(stand.machine ? [stand.machine] : [])];
  const { machine: made, objects } = running(kit, name, source, conditions, {
    phase: stand.phase ?? 'Running', ...(stand.lower === undefined ? {} : { lower: stand.lower }),
    ...(copies ? { status: { migrationState: { source: { node: source }, target: { node: targets[0], pod: `d8v-vm-${name}-${kit.random.suffix()}` }, startTimestamp: kit.ago(ageMinutes) } } } : {}),
  });
  yield* objects;
  yield evacuation(kit, made, stand.operation, ageMinutes, stand.operation.phase === 'Failed' ? ageMinutes - 0.7 : ageMinutes);
}

/** A machine that has gone, with what is left of its migration. */
function* left(kit: Kit, name: string, source: string, target: string, ageMinutes: number): Iterable<KubeObject> {
  const { machine: made, objects } = running(kit, name, target, [], {
    status: { migrationState: { source: { node: source }, target: { node: target, pod: `d8v-vm-${name}-${kit.random.suffix()}` }, startTimestamp: kit.ago(ageMinutes - 0.1), endTimestamp: kit.ago(ageMinutes - 0.4), result: 'Succeeded' } },
  });
  yield* objects;
  yield evacuation(kit, made, { phase: 'Completed', reason: 'Completed', progress: '100%' }, ageMinutes, ageMinutes - 0.4);
}

function evacuation(kit: Kit, vm: KubeObject, state: OperationState, ageMinutes: number, endedMinutes = ageMinutes): KubeObject {
  const made = operation(kit, `evacuation-${kit.random.suffix()}`, vm, { type: 'Evict' }, state, ageMinutes, { [`${platformGroup}/evacuation`]: 'true' });
  const isOver = state.phase === 'Completed' || state.phase === 'Failed';
  const conditions = (made.status as { conditions: readonly Condition[] }).conditions.map((one) => (one.type === 'Completed' ? { ...one, lastTransitionTime: kit.ago(endedMinutes) } : one));
  return {
    ...made,
    metadata: { ...made.metadata, ...(isOver ? {} : { finalizers: [`${platformGroup}/vmop-protection-by-evacuation-controller`, `${platformGroup}/vmop-cleanup`] }) },
    status: { ...(made.status as object), conditions },
  };
}

function running(kit: Kit, name: string, place: string, conditions: readonly Fact[], more: Partial<MachineState> & { readonly storageClass?: string } = {}) {
  const { storageClass, ...state } = more;
  const root = `${name}-root`;
  const made = machine(kit, name, {
    namespace: ns, node: place, guest: 'debian', disks: [{ name: root, size: '20Gi' }], labels: { app: 'fleet' }, cores: kit.random.pick([1, 2, 4]), memory: kit.random.pick(['2Gi', '4Gi', '8Gi']),
    state: { phase: 'Running', conditions, ...state },
  });
  return { machine: made.machine, objects: [disk(kit, root, { namespace: ns, size: '20Gi', source: { clusterImage: 'debian-12' }, machine: name, ...(storageClass ? { storageClass } : {}) }), ...made.objects] };
}
