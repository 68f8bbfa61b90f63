import { timeOf } from './age';
import { kindOf, settledJudgement, settleMs } from './health';
import type { KindId, KindName } from './kind';
import type { Condition, KubeObject } from './kubeObject';
import { conditionsOf, phaseOf } from './kubeObject';
import { entryOf, numberAt, stringAt } from './values';

/** What is wrong with an object, said without the clock: it counts between `fromMs` and `toMs`. */
export interface Finding {
  readonly code: AttentionCode;
  readonly severity: 'failed' | 'warning' | 'info';
  /** Epoch; when it began. */
  readonly sinceMs: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** An object and what is or with time will be worth a look about it; at least one finding. */
export interface Noticed {
  readonly object: KubeObject;
  readonly findings: readonly Finding[];
}

export type AttentionCode = 'failed' | 'lost' | 'trouble' | 'stuck' | 'deleting' | 'restart-pending' | 'not-migratable' | 'no-agent' | 'old-firmware';

const second = 1_000;
const minute = 60 * second;

/** Deletion is waited for this long before it is worth a look. */
const deletionLimitMs = 10 * minute;

/** Trouble that mends itself sooner is not worth a look: objects become ready one after the other. */
const troubleLimitMs = 30 * second;

/** The agent needs the guest to boot. */
const agentLimitMs = 5 * minute;

/** Failed operations are history after a while; the platform removes them the next night. */
const historyMs = 60 * minute;

/** Grace period of machines that name none (schema default, virtualization v1.10). */
const defaultGraceSeconds = 60;

/** Minutes by phase. */
type Limit = Readonly<Record<string, number>>;

/** How long an object may stay in a phase that should pass. The kinds are those that are looked at. */
const limits: Readonly<Partial<Record<KindName, Limit>>> = {
  VirtualMachine: { Pending: 5, Starting: 5, Stopping: 3, Migrating: 30 },
  VirtualDisk: { Pending: 5, Provisioning: 60, WaitForUserUpload: 10, Resizing: 15, Migrating: 60, Exporting: 240 },
  VirtualImage: { Pending: 5, Provisioning: 60, WaitForUserUpload: 10 },
  ClusterVirtualImage: { Pending: 5, Provisioning: 60, WaitForUserUpload: 10 },
  VirtualMachineOperation: { Pending: 30, InProgress: 10 },
  VirtualMachineSnapshot: { Pending: 5, InProgress: 15 },
  VirtualDiskSnapshot: { Pending: 5, InProgress: 15 },
  VirtualMachineSnapshotOperation: { Pending: 10, InProgress: 30 },
  VirtualMachineBlockDeviceAttachment: { InProgress: 5 },
  VirtualMachineIPAddress: { Pending: 5 },
  VirtualMachineMACAddress: { Pending: 5 },
  VirtualMachineClass: {},
  VirtualMachinePool: {},
  USBDevice: {},
};

/** Operations that copy memory or disks take longer than those that switch something. */
const longOperations: readonly string[] = ['Migrate', 'Evict', 'Restore', 'Clone'];
const longOperationMs = 30 * minute;

export const attentionKinds = Object.keys(limits) as readonly KindName[];

/** Shared by all objects that are well. */
const nothing: readonly Finding[] = [];

/** Everything that is or with time will be worth a look about an object; nothing for kinds that are not looked at. */
export function findingsOf(object: KubeObject, kind: KindId): readonly Finding[] {
  const limit = entryOf(limits, kind);
  const general = limit ? generalFindings(object, kind, limit) : nothing;
  const ofMachine = kind === 'VirtualMachine' ? machineFindings(object) : nothing;
  return ofMachine.length === 0 ? general : [...general, ...ofMachine];
}

function generalFindings(object: KubeObject, kind: KindId, limit: Limit): readonly Finding[] {
  const deletedMs = timeOf(object.metadata.deletionTimestamp);
  if (deletedMs !== undefined) {
    return [finding('deleting', 'warning', deletedMs, deletionLimitMs)];
  }
  const phase = phaseOf(object) ?? '';
  const { health, trouble } = settledJudgement(object);
  const limitMs = stuckLimitMs(object, kind, entryOf(limit, phase));
  if (health !== 'failed' && health !== 'warning' && limitMs === undefined) {
    return nothing;
  }
  const sinceMs = transitionMs(trouble?.condition, object);
  if (health === 'failed') {
    const isHistory = kind === 'VirtualMachineOperation' || kind === 'VirtualMachineSnapshotOperation';
    const code = phase === 'PVCLost' || phase === 'ImageLost' || trouble?.condition.reason?.endsWith('Lost') ? 'lost' : 'failed';
    return [{ ...finding(code, 'failed', sinceMs, settleMs), ...(isHistory ? { toMs: sinceMs + historyMs } : {}) }];
  }
  if (health === 'warning' && trouble?.condition.type === 'AwaitingRestartToApplyConfiguration') {
    return [finding('restart-pending', 'warning', sinceMs, settleMs)];
  }
  if (health === 'warning' && trouble) {
    return [finding('trouble', 'warning', sinceMs, troubleLimitMs)];
  }
  return limitMs === undefined ? [] : [finding('stuck', 'warning', latestChangeMs(object), limitMs)];
}

/** What is worth knowing about a machine that is well otherwise. */
export function machineFindings(machine: KubeObject): readonly Finding[] {
  if (phaseOf(machine) !== 'Running' || machine.metadata.deletionTimestamp !== undefined) {
    return nothing;
  }
  return conditionsOf(machine).filter(({ status }) => status === 'False').flatMap((condition) => {
    const sinceMs = transitionMs(condition, machine);
    switch (condition.type) {
      case 'AgentReady': return finding('no-agent', 'info', sinceMs, agentLimitMs);
      case 'Migratable': return condition.reason === 'VirtualMachineNonMigratable' ? [] : finding('not-migratable', 'info', sinceMs, troubleLimitMs);
      case 'FirmwareUpToDate': return finding('old-firmware', 'info', sinceMs, settleMs);
      default: return [];
    }
  });
}

function finding(code: AttentionCode, severity: Finding['severity'], sinceMs: number, afterMs: number): Finding {
  return { code, severity, sinceMs, fromMs: sinceMs + afterMs, toMs: Number.POSITIVE_INFINITY };
}

function stuckLimitMs(object: KubeObject, kind: KindId, minutes: number | undefined): number | undefined {
  if (minutes === undefined) {
    return undefined;
  }
  if (kind === 'VirtualMachineOperation' && longOperations.includes(stringAt(object, 'spec.type') ?? '')) {
    return longOperationMs;
  }
  const graceSeconds = phaseOf(object) === 'Stopping' ? numberAt(object, 'spec.terminationGracePeriodSeconds') ?? defaultGraceSeconds : 0;
  return minutes * minute + graceSeconds * second;
}

function transitionMs(condition: Condition | undefined, object: KubeObject): number {
  return timeOf(condition?.lastTransitionTime) ?? latestChangeMs(object);
}

/** Phases carry no time: they are at most as old as the last change of a condition. */
function latestChangeMs(object: KubeObject): number {
  const types = Object.keys(kindOf(object)?.conditions ?? {});
  const times = conditionsOf(object).filter(({ type }) => types.includes(type)).flatMap(({ lastTransitionTime }) => timeOf(lastTransitionTime) ?? []);
  return Math.max(timeOf(object.metadata.creationTimestamp) ?? 0, ...times);
}
