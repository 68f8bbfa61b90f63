import { t } from '@vscode/l10n';
import { ageOf, timeOf, formatDuration } from './age';
import { machineFindings } from './attentionRules';
import { briefCause } from './cause';
import type { ClusterView } from './clusterView';
import { conditionOf, type KubeObject, phaseOf } from './kubeObject';
import { sizeText } from './quantity';
import { activeOperationOf } from './related';
import type { Grouping } from './treeNode';
import { listAt, numberAt, stringAt, valueAt } from './values';

/** What a line says anyway, so that it is not said again. */
export interface Said {
  readonly grouping: Grouping;
  readonly namespace: boolean;
  /** Name of the object that this one stands below. */
  readonly owner?: string | undefined;
}

/** What stands behind the name of an object: phase first, then the few facts that people look for, then what is wrong. */
export function summaryOf(object: KubeObject, kind: string, view: ClusterView, nowMs: number, said: Said): readonly string[] {
  const cause = object.metadata.deletionTimestamp === undefined ? briefCause(object, view, nowMs) : undefined;
  const facts = factsOf(object, kind, view, nowMs, said, cause);
  const parts = said.namespace ? facts : [...facts, object.metadata.namespace];
  return parts.filter((part): part is string => part !== undefined && part !== '' && part !== said.owner);
}

/** The phase with its progress; what the platform calls it, because people search for that. */
export function phaseText(object: KubeObject): string {
  const phase = phaseOf(object);
  if (object.metadata.deletionTimestamp !== undefined && phase !== 'Terminating') {
    return t('{0}, being deleted', phase ?? t('New'));
  }
  const progress = progressOf(object);
  return phase === undefined ? t('New') : progress !== undefined && stringAt(object, 'status.progress') !== '100%' ? `${phase} ${progress}` : phase;
}

/** `43 %`; `undefined` for what does not progress now, whatever number its last progress left behind. */
export function progressOf(object: KubeObject): string | undefined {
  const progress = stringAt(object, 'status.progress');
  return progress !== undefined && isMoving(phaseOf(object) ?? '') ? progressText(progress) : undefined;
}

/** `43 %` of `42.7%`. */
export function progressText(progress: string): string {
  const percent = Number.parseFloat(progress);
  return Number.isNaN(percent) ? progress : `${Math.floor(percent)} %`;
}

type Part = string | undefined;

function factsOf(object: KubeObject, kind: string, view: ClusterView, nowMs: number, said: Said, cause: Part): readonly Part[] {
  const phase = phaseText(object);
  switch (kind) {
    case 'VirtualMachine': return cause === undefined ? [...machineFacts(object, view, said, cause), ...machineRemarks(object, nowMs)] : machineFacts(object, view, said, cause);
    case 'VirtualDisk': return [phase, cause ?? sizeText(valueAt(object, 'status.capacity') ?? valueAt(object, 'spec.persistentVolumeClaim.size')), usersOf(object)];
    case 'VirtualImage':
    case 'ClusterVirtualImage': return [phase, cause ?? sizeText(valueAt(object, 'status.size.unpacked')), valueAt(object, 'status.cdrom') === true ? t('CD-ROM') : undefined];
    case 'VirtualMachineOperation': return [stringAt(object, 'spec.type'), stringAt(object, 'spec.virtualMachineName'), phase, cause, durationOf(object, nowMs)];
    case 'VirtualMachineSnapshotOperation': return [stringAt(object, 'spec.type'), stringAt(object, 'spec.virtualMachineSnapshotName'), phase, cause, durationOf(object, nowMs)];
    case 'VirtualMachineSnapshot': return [phase, cause, stringAt(object, 'spec.virtualMachineName'), ageOf(object.metadata.creationTimestamp, nowMs)];
    case 'VirtualDiskSnapshot': return [phase, cause, stringAt(object, 'spec.virtualDiskName'), ageOf(object.metadata.creationTimestamp, nowMs)];
    case 'VirtualMachineRestore': return [phase, cause, stringAt(object, 'spec.virtualMachineSnapshotName'), durationOf(object, nowMs)];
    case 'VirtualMachineBlockDeviceAttachment': return [phase, cause, stringAt(object, 'spec.blockDeviceRef.name'), stringAt(object, 'spec.virtualMachineName')];
    case 'VirtualMachineIPAddress':
    case 'VirtualMachineMACAddress': return [phase, cause, said.owner === undefined ? addressOf(object) : undefined, stringAt(object, 'status.virtualMachineName')];
    case 'VirtualMachineIPAddressLease': return [phase, leaseHolder(object, 'spec.virtualMachineIPAddressRef')];
    case 'VirtualMachineMACAddressLease': return [phase, leaseHolder(object, 'spec.virtualMachineMACAddressRef')];
    case 'VirtualMachineClass': return [phase, cause, stringAt(object, 'spec.cpu.model') ?? stringAt(object, 'spec.cpu.type'), nodesText(object)];
    case 'VirtualMachinePool': return [t('{0} of {1} ready', numberAt(object, 'status.readyReplicas') ?? 0, numberAt(object, 'spec.replicas') ?? 0), cause];
    case 'USBDevice':
    case 'NodeUSBDevice': return [stringAt(object, 'status.attributes.product') ?? stringAt(object, 'status.attributes.name'), stringAt(object, 'status.nodeName'), cause];
    default: return [phaseOf(object) === undefined ? undefined : phase, ageOf(object.metadata.creationTimestamp, nowMs)];
  }
}

/** Where it runs and how it is reached while it is well; what is wrong instead of the address while it is not. */
function machineFacts(machine: KubeObject, view: ClusterView, { grouping }: Said, cause: Part): readonly Part[] {
  const phase = grouping === 'phase' ? undefined : machinePhase(machine, view);
  const node = nodeText(machine, grouping);
  if (cause !== undefined) {
    return [phase, node, cause];
  }
  return stringAt(machine, 'status.nodeName') === undefined || grouping === 'node'
    ? [phase, node, stringAt(machine, 'status.nodeName') === undefined ? undefined : stringAt(machine, 'status.ipAddress'), sizeOf(machine)]
    : [phase, node, stringAt(machine, 'status.ipAddress')];
}

/** What is worth knowing about a running machine that is well otherwise; said by its absence when all is fine. */
function machineRemarks(machine: KubeObject, nowMs: number): readonly Part[] {
  const codes = machineFindings(machine).filter(({ fromMs }) => fromMs <= nowMs).map(({ code }) => code);
  return [codes.includes('no-agent') ? t('no agent') : undefined, codes.includes('not-migratable') ? t('not migratable') : undefined];
}

function machinePhase(machine: KubeObject, view: ClusterView): string {
  const phase = phaseText(machine);
  if (phaseOf(machine) !== 'Migrating') {
    return phase;
  }
  const progress = stringAt(activeOperationOf(machine, view), 'status.progress');
  return progress === undefined ? phase : `${phase} ${progressText(progress)}`;
}

/** `node-a`, and while it moves the direction: `node-a → node-b`. */
function nodeText(machine: KubeObject, grouping: Grouping): Part {
  const target = phaseOf(machine) === 'Migrating' ? stringAt(machine, 'status.migrationState.target.node') : undefined;
  const node = grouping === 'node' ? undefined : stringAt(machine, 'status.nodeName');
  return target === undefined || target === node ? node : `${node ?? ''} → ${target}`.trim();
}

/** `2 cores, 4 GiB`. */
function sizeOf(machine: KubeObject): string | undefined {
  const cores = numberAt(machine, 'spec.cpu.cores');
  const memory = sizeText(valueAt(machine, 'spec.memory.size'));
  return cores === undefined || memory === undefined ? undefined : cores === 1 ? t('1 core, {0}', memory) : t('{0} cores, {1}', cores, memory);
}

/** The address that an address object has or asks for. */
export function addressOf(object: KubeObject): string | undefined {
  return stringAt(object, 'status.address') ?? stringAt(object, 'spec.staticIP') ?? stringAt(object, 'spec.address');
}

function usersOf(disk: KubeObject): Part {
  return listAt(disk, 'status.attachedToVirtualMachines').flatMap((machine) => stringAt(machine, 'name') ?? []).join(', ');
}

/** How long an operation has taken, or when it ended: `12 s`, `3 d ago`. */
function durationOf(operation: KubeObject, nowMs: number): Part {
  const end = isMoving(phaseOf(operation) ?? '') ? undefined : timeOf(conditionOf(operation, 'Completed')?.lastTransitionTime);
  const start = timeOf(operation.metadata.creationTimestamp);
  if (end !== undefined) {
    return t('{0} ago', formatDuration(nowMs - end));
  }
  return start === undefined ? undefined : formatDuration(nowMs - start);
}

function leaseHolder(lease: KubeObject, path: string): Part {
  const name = stringAt(lease, `${path}.name`);
  const namespace = stringAt(lease, `${path}.namespace`);
  return name === undefined ? namespace : [namespace, name].filter(Boolean).join('/');
}

function nodesText(machineClass: KubeObject): Part {
  const nodes = valueAt(machineClass, 'status.availableNodes');
  return Array.isArray(nodes) ? (nodes.length === 1 ? t('1 node') : t('{0} nodes', nodes.length)) : undefined;
}

/** Phases that pass: progress and a running clock make sense in them only. */
function isMoving(phase: string): boolean {
  return ['', 'Pending', 'InProgress', 'Provisioning', 'Migrating', 'Resizing', 'Terminating'].includes(phase);
}
