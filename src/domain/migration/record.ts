import { timeOf } from '../age';
import type { KubeObject } from '../kubeObject';
import { stringAt, valueAt } from '../values';
import { type Counters, splitMessage } from './counters';
import { completedOf, effectivePhase, stageOf } from './stages';
import { markOf, type Starter, starterOf } from './starter';

/** What one watch event said. Times are of the clock that received it. */
export interface Sample {
  readonly atMs: number;
  readonly phase: string | undefined;
  readonly reason: string | undefined;
  /** Without the counters. */
  readonly text: string;
  /** As reported, 0 to 100; `undefined`: the platform does not report it. */
  readonly percent: number | undefined;
  readonly counters: Counters | undefined;
}

/** A stretch in which nothing could be heard. `toMs` is absent while it lasts. */
export interface Gap {
  readonly fromMs: number;
  readonly toMs?: number;
}

/** Times that the cluster's own clock gave, to the second. Never to be compared with a `Sample`'s. */
export interface ServerTimes {
  readonly createdMs: number | undefined;
  /** Start and end of the copy. */
  readonly startedMs: number | undefined;
  readonly endedMs: number | undefined;
  /** Last change of the condition that tells how far the migration is. */
  readonly changedMs: number | undefined;
  /** The same at the first sample: how long it had been on its way then. */
  readonly firstChangedMs: number | undefined;
}

/** All that is known of one migration, seen and remembered: it outlives the operation, which the platform deletes some day. Plain data. */
export interface MigrationRecord {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly machine: string;
  /** From the label of the operation; tells namesakes apart. */
  readonly machineUid: string | undefined;
  readonly type: string;
  readonly force: boolean | undefined;
  readonly starter: Starter;
  /** Of the editor that started it, see `marked`. */
  readonly mark: string | undefined;
  readonly source: string | undefined;
  readonly target: string | undefined;
  readonly server: ServerTimes;
  /** The first sample is the operation's first moment; else it was on its way when it was first seen. */
  readonly isFromStart: boolean;
  readonly samples: readonly Sample[];
  readonly gaps: readonly Gap[];
  /** When the operation was seen to be gone. */
  readonly goneMs?: number;
  /** Samples were left out to bound memory. */
  readonly isThinned?: boolean;
}

/** More points than a plot can show. */
export const mostSamples = 1500;

/** The record after an operation was seen; the same one when it says nothing new. */
export function seen(record: MigrationRecord | undefined, operation: KubeObject, nowMs: number): MigrationRecord {
  const sample = sampleOf(operation, Math.max(nowMs, record?.samples.at(-1)?.atMs ?? nowMs));
  const { changedAt } = completedOf(operation);
  if (!record) {
    const createdMs = timeOf(operation.metadata.creationTimestamp);
    return {
      uid: operation.metadata.uid ?? operation.metadata.name, name: operation.metadata.name, namespace: operation.metadata.namespace ?? '',
      machine: stringAt(operation, 'spec.virtualMachineName') ?? '', machineUid: machineUidOf(operation),
      type: stringAt(operation, 'spec.type') ?? '', force: forceOf(operation), starter: starterOf(operation), mark: markOf(operation), source: undefined, target: undefined,
      server: { createdMs, startedMs: undefined, endedMs: undefined, changedMs: timeOf(changedAt), firstChangedMs: timeOf(changedAt) },
      isFromStart: sample.phase === undefined, samples: [sample], gaps: [],
    };
  }
  const machineUid = record.machineUid ?? machineUidOf(operation);
  const changedMs = timeOf(changedAt) ?? record.server.changedMs;
  const last = record.samples.at(-1);
  const isNews = !last || !isSame(last, sample);
  if (!isNews && machineUid === record.machineUid && changedMs === record.server.changedMs) {
    return record;
  }
  return { ...record, machineUid, server: { ...record.server, changedMs }, ...(isNews ? withSample(record, sample) : {}) };
}

/** The record after its machine was seen: nodes, and when the copy began and ended. */
export function withMachine(record: MigrationRecord, machine: KubeObject): MigrationRecord {
  const last = record.samples.at(-1);
  const isOver = stageOf(last?.phase, last?.reason) === 'ended' || record.goneMs !== undefined;
  const state = valueAt(machine, 'status.migrationState');
  const startedMs = timeOf(valueAt(state, 'startTimestamp'));
  const endedMs = timeOf(valueAt(state, 'endTimestamp'));
  const isOther = isOver ? startedMs === undefined || startedMs !== record.server.startedMs : isEarlier(startedMs, endedMs, record.server.createdMs);
  const own = isOther ? undefined : state;
  const source = stringAt(own, 'source.node') ?? record.source ?? (isOver ? undefined : stringAt(machine, 'status.nodeName'));
  const target = stringAt(own, 'target.node') ?? record.target;
  const server = own === undefined ? record.server : { ...record.server, startedMs: startedMs ?? record.server.startedMs, endedMs: endedMs ?? record.server.endedMs };
  const isSameRecord = source === record.source && target === record.target && server.startedMs === record.server.startedMs && server.endedMs === record.server.endedMs;
  return isSameRecord ? record : { ...record, source, target, server };
}

/** Whether a machine still speaks of the migration before: two may follow one another within a second, but nothing is copied before it is asked for. */
function isEarlier(startedMs: number | undefined, endedMs: number | undefined, createdMs: number | undefined): boolean {
  return createdMs !== undefined && (startedMs === undefined ? endedMs !== undefined && endedMs <= createdMs : startedMs < createdMs);
}

/** The record while nothing can be heard, from `fromMs` on. */
export function deaf(record: MigrationRecord, fromMs: number): MigrationRecord {
  const isOpen = record.gaps.some(({ toMs }) => toMs === undefined);
  return isOpen ? record : { ...record, gaps: [...record.gaps, { fromMs: Math.max(fromMs, record.samples.at(-1)?.atMs ?? fromMs) }] };
}

/** The record when it is heard again. */
export function heard(record: MigrationRecord, nowMs: number): MigrationRecord {
  return record.gaps.some(({ toMs }) => toMs === undefined) ? { ...record, gaps: record.gaps.map((gap) => ({ toMs: Math.max(nowMs, gap.fromMs), ...gap })) } : record;
}

/** Whether nothing more is to come. */
export function hasEnded(record: MigrationRecord): boolean {
  const last = record.samples.at(-1);
  return record.goneMs !== undefined || stageOf(last?.phase, last?.reason) === 'ended';
}

function machineUidOf(operation: KubeObject): string | undefined {
  return operation.metadata.labels?.['virtualization.deckhouse.io/virtual-machine-uid'];
}

function sampleOf(operation: KubeObject, atMs: number): Sample {
  const { reason, message } = completedOf(operation);
  const { text, counters } = splitMessage(message);
  return { atMs, phase: effectivePhase(operation), reason, text, percent: percentOf(valueAt(operation, 'status.progress')), counters };
}

function percentOf(progress: unknown): number | undefined {
  const percent = typeof progress === 'string' ? Number.parseFloat(progress) : Number.NaN;
  return Number.isFinite(percent) ? Math.min(100, Math.max(0, percent)) : undefined;
}

function forceOf(operation: KubeObject): boolean | undefined {
  const force = valueAt(operation, 'spec.force');
  return typeof force === 'boolean' ? force : undefined;
}

function isSame(a: Sample, b: Sample): boolean {
  return a.phase === b.phase && a.reason === b.reason && a.text === b.text && a.percent === b.percent && JSON.stringify(a.counters) === JSON.stringify(b.counters);
}

function withSample({ samples, isThinned }: MigrationRecord, sample: Sample): Pick<MigrationRecord, 'samples' | 'isThinned'> {
  if (samples.length < mostSamples) {
    return { samples: [...samples, sample], ...(isThinned ? { isThinned } : {}) };
  }
  const half = mostSamples / 2;
  // Where a step begins is kept: the timeline is made of it.
  const kept = samples.filter((one, index) => index >= half || index % 2 === 0 || one.reason !== samples[index - 1]?.reason || one.phase !== samples[index - 1]?.phase);
  return { samples: [...kept, sample], isThinned: true };
}
